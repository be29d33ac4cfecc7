"""The product: evidence by person, and the linked case that folds it."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import Field

from schemas.models.fact import Fact, Millis, Model
from schemas.models.need import NeedLine


class What(StrEnum):
    """What a piece of evidence says about a person."""

    SYMPTOM = "symptom"
    ONSET = "onset"
    SUSPECTED = "suspected"
    PROBABLE = "probable"
    POSITIVE = "positive"
    NEGATIVE = "negative"
    CONFIRMED = "confirmed"
    PUBLISHED = "published"
    RULED_OUT = "ruled_out"
    ISOLATED = "isolated"
    ADMITTED = "admitted"
    RECOVERED = "recovered"
    DIED = "died"
    REFERRED = "referred"
    SEEN = "seen"
    RESIDENCE = "residence"
    STAY = "stay"
    RETURNED = "returned"
    CONTACT = "contact"
    EXPOSED = "exposed"
    MEMBER = "member"
    SUPERSEDED = "superseded"
    ACCEPTED = "accepted"
    DONE = "done"
    NOT_APPLICABLE = "not_applicable"
    REFUSED = "refused"
    HANDED_OVER = "handed_over"
    BOUGHT = "bought"
    HOUSEHOLD = "household"
    CARED = "cared"
    ABSENT = "absent"
    ASKED = "asked"
    NEED = "need"
    ENTERED = "entered"
    AGED = "aged"
    IDENTIFIED = "identified"


class Evidence(Fact):
    """One thing known about a person, addressed from an alias to the person it belongs to now."""

    person: str = Field(description="Key of the person.")
    alias: str = Field(description="Alias under which it became known.")
    what: What = Field(description="What it says.")
    until: Millis = Field(description="End of what it says; equal to `at` for a moment.")
    source: str = Field(default="", description="Source of the record; '' when a stage found it.")
    region: str | None = Field(default=None, description="Division code it concerns.")
    place: str | None = Field(default=None, description="Place, facility or port it concerns.")
    other: str | None = Field(default=None, description="The other person, the facility referred to, or who reports on a task, has it or made a care visit.")
    note: str = Field(
        default="",
        description="A word of a vocabulary (symptom, result method, grid worker, border direction, medicine, service, how a care visit reached the person, "
        "band of ages, kind of task with a remark after a space, or by which papers and what else who crossed is known, with spaces between); never free text.",
    )
    depth: int = Field(default=0, description="Of a contact: 1 of a case, 2 of a contact. 0 otherwise.")
    sealed: bytes = Field(default=b"", description="Direct identifiers, encrypted under the alias.")
    line: NeedLine | None = Field(default=None, description="Of a need: how it stands.")


class Status(StrEnum):
    """Epidemiological status of a person's case."""

    SUSPECTED = "suspected"
    PROBABLE = "probable"
    CONFIRMED = "confirmed"
    RULED_OUT = "ruled_out"
    ISOLATED = "isolated"
    IN_HOSPITAL = "in_hospital"
    RECOVERED = "recovered"
    DIED = "died"


class Role(StrEnum):
    """Why a person has a linked case."""

    CASE = "case"
    CONTACT = "contact"
    RETURNEE = "returnee"
    FEVER = "fever"
    NEED = "need"


class Why(StrEnum):
    """How a region concerns a person: the last three of needs, of where one is, and of the provider that was offered or accepted one."""

    RESIDENCE = "residence"
    STAY = "stay"
    DETECTION = "detection"
    NEED = "need"
    OFFERED = "offered"
    ACCEPTED = "accepted"


class Concern(Model):
    """A region that a linked case concerns, or in a release the facility that it concerns."""

    region: str = Field(description="Division code; in a release to a hospital or port, its own place code.")
    why: Why = Field(description="How.")


class Entry(Model):
    """One line of a timeline."""

    at: Millis = Field(description="Event time: UTC milliseconds.")
    until: Millis = Field(description="End, or the same moment.")
    what: What = Field(description="What happened.")
    source: str = Field(description="Source of the record; '' when a stage found it.")
    region: str | None = Field(default=None, description="Division code.")
    place: str | None = Field(default=None, description="Place.")
    note: str = Field(default="", description="A word of a vocabulary.")
    evidence: str = Field(description="Id of the evidence.")
    other: str | None = Field(default=None, description="Facility referred to, or staff code of who reports on a task, took it over or made a care visit.")


class Meeting(Model):
    """Another person with whom this one had contact."""

    person: str = Field(description="Key of the other person.")
    first: Millis = Field(description="Beginning of the first contact: UTC milliseconds.")
    last: Millis = Field(description="End of the last contact: UTC milliseconds.")
    places: list[str] = Field(description="Places of contact, sorted.")
    depth: int = Field(description="Smallest depth among the contacts.")


class Sealed(Model):
    """Direct identifiers under one alias."""

    alias: str = Field(description="Alias whose key opens them.")
    data: bytes = Field(description="The encrypted identifiers.")


class Fever(Model):
    """A fever signal: signs that together weigh enough, of one person, or of a household when only that is known."""

    since: Millis = Field(description="The first sign of the episode: UTC milliseconds.")
    last: Millis = Field(description="The last one: UTC milliseconds.")
    signs: list[str] = Field(description="What the signs are, each once, sorted: symptoms and categories of medicine.")
    weight: int = Field(description="What they weigh together by the policy.")
    evidence: list[str] = Field(description="Ids of the evidence of all signs, sorted.")


class LinkedCase(Fact):
    """A person's case with everything that stands about it; `at` is the latest event time in it, but for reports on support."""

    person: str = Field(description="Key of the person.")
    superseded_by: str | None = Field(default=None, description="Set on a retracted case whose person now has another key.")
    roles: list[Role] = Field(description="Why the person has a linked case, sorted.")
    status: Status | None = Field(default=None, description="Status of the case; null for a contact or returnee only.")
    since: Millis | None = Field(default=None, description="When the status began: UTC milliseconds.")
    classification: Status | None = Field(
        default=None, description="How sure the case is, wherever the person now is: suspected, probable or confirmed; null when ruled out."
    )
    onset: Millis | None = Field(default=None, description="First symptoms: UTC milliseconds.")
    aliases: list[str] = Field(description="Aliases of the person, sorted.")
    community: str | None = Field(default=None, description="Division code of residence, down to the community or grid cell.")
    grid_worker: str | None = Field(default=None, description="Staff code of the grid worker in charge.")
    clinic: str | None = Field(default=None, description="Facility in charge: the one that saw the person first.")
    referred_to: str | None = Field(default=None, description="Facility of the latest referral.")
    concerns: list[Concern] = Field(description="Regions of residence, stay and detection, sorted.")
    timeline: list[Entry] = Field(description="What happened, by event time.")
    contacts: list[Meeting] = Field(description="People whom this person exposed, by key.")
    contact_of: list[Meeting] = Field(description="People who exposed this person, by key.")
    sealed: list[Sealed] = Field(default_factory=list, description="Direct identifiers, encrypted, by alias.")
    responsible: str | None = Field(default=None, description="Division code of the county that answers for the case: of residence, or that accepted it.")
    fever: Fever | None = Field(default=None, description="The fever signal of a person whose illness is not known.")
    needs: list[NeedLine] = Field(default_factory=list, description="What the person needs of others and how far it is, by when it was first reported.")

    def taken_back(self, superseded_by: str | None = None) -> Self:
        """The message that retracts this case: which one, and whose; what was in it is not said again."""
        return type(self)(id=self.id, retracted=True, at=self.at, person=self.person, superseded_by=superseded_by,
                          roles=[], aliases=[], concerns=[], timeline=[], contacts=[], contact_of=[])  # fmt: skip
