"""What leaves the bus, for whom, why, and what came of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import Field

from schemas.forms import Form
from schemas.models.bulletin import Bulletin
from schemas.models.case import Concern, Entry, Meeting, Role, Status
from schemas.models.fact import Fact, Millis, Model
from schemas.models.need import NeedLine


class View(Model):
    """The fields of a linked case that an agency may see; a field that was not released is null."""

    status: Status | None = Field(default=None, description="Status of the case.")
    since: Millis | None = Field(default=None, description="When the status began: UTC milliseconds.")
    classification: Status | None = Field(default=None, description="Suspected, probable or confirmed.")
    onset: Millis | None = Field(default=None, description="First symptoms: UTC milliseconds.")
    community: str | None = Field(default=None, description="Division code of residence.")
    grid_worker: str | None = Field(default=None, description="Staff code of the grid worker in charge.")
    clinic: str | None = Field(default=None, description="Facility in charge.")
    referred_to: str | None = Field(default=None, description="Facility of the latest referral.")
    concerns: list[Concern] | None = Field(default=None, description="Regions of residence, stay and detection.")
    timeline: list[Entry] | None = Field(default=None, description="What happened, by event time.")
    contacts: list[Meeting] | None = Field(default=None, description="People whom this person exposed.")
    contact_of: list[Meeting] | None = Field(default=None, description="People who exposed this person.")
    names: list[str] | None = Field(default=None, description="Names, opened for this agency.")
    phones: list[str] | None = Field(default=None, description="Phones, opened for this agency.")
    documents: list[str] | None = Field(default=None, description="Document numbers, opened for this agency; resident?: stands before a mistyped one.")
    born: list[str] | None = Field(
        default=None,
        description="Dates of birth that records say or resident IDs imply (ISO 8601; first/last for an age), or bands of ages such as 40-44, "
        "opened for this agency.",
    )
    sex: list[str] | None = Field(default=None, description="Sex that records say or resident IDs imply, opened for this agency.")
    responsible: str | None = Field(default=None, description="Division code of the county that answers for the case.")
    needs: list[NeedLine] | None = Field(default=None, description="What the person needs: to a provider what it is offered, to a region all in it.")


class Coarse(Model):
    """A field that leaves in a coarser form than the bus has it."""

    field: str = Field(description="Name of the field of the view; `at` and `why` are those of the release.")
    form: Form = Field(description="Its form: of several dimensions there is a line each.")


class Release(Fact):
    """Some fields of a linked case, or of a fact about no person, for one agency and one purpose; retracted when they may no longer be held."""

    agency: str = Field(description="Agency.")
    person: str = Field(
        description="Code of the person for this agency, or for the joint purpose: not the key that the bus has. Of a bulletin the code of what it is about, "
        "the same while a later one replaces it."
    )
    roles: list[Role] = Field(description="Roles for which it is released, sorted; none of a bulletin.")
    purpose: str = Field(description="Purpose.")
    legal_basis: str = Field(description="Legal basis of the purpose.")
    why: list[Concern] = Field(description="The regions of the case that lie within the agency's, or its facility.")
    expires: Millis = Field(description="When the copy must be deleted: UTC milliseconds.")
    view: View = Field(description="The released fields; none of them in a retraction.")
    forms: list[Coarse] = Field(default_factory=list, description="The fields that are coarser than the bus has them, sorted; all others are as they are.")
    bulletin: Bulletin | None = Field(default=None, description="What is told of a fact about no person; null in the release of a case, and in a retraction.")

    def taken_back(self) -> Self:
        """The message that retracts this release: which one, and whose; what was in it is not said again."""
        return self.model_copy(update={"retracted": True, "roles": [], "why": [], "forms": [], "view": View(), "bulletin": None})


class Answer(StrEnum):
    """What a receiver answered."""

    DELIVERED = "delivered"
    REFUSED = "refused"


class Receipt(Model):
    """What the receiver answered to one release."""

    release: str = Field(description="Id of the release.")
    retracted: bool = Field(description="True for the retraction of it.")
    agency: str = Field(description="Agency.")
    answer: Answer = Field(description="Delivered, or refused for good.")
    status: int = Field(description="HTTP status of the answer; 0 when the receiver confirmed it by itself.")
    attempts: int = Field(description="Attempts until the answer; 0 when the receiver confirmed it by itself.")
    answered_at: Millis = Field(description="When it answered: UTC milliseconds.")


class Decision(StrEnum):
    """What routing decided."""

    RELEASED = "released"
    RETRACTED = "retracted"


class Audit(Model):
    """One decision of routing; the topic is append only."""

    release: str = Field(description="Id of the release.")
    agency: str = Field(description="Agency.")
    person: str = Field(description="Key of the person; of a bulletin what it is about, beginning with its topic and a space.")
    purpose: str = Field(description="Purpose.")
    decision: Decision = Field(description="What was decided.")
    reason: str = Field(description="How the case concerns the agency: residence, stay or detection, and where; of a bulletin that it is subscribed to.")
    fields: list[str] = Field(description="Names of the released fields, sorted.")
    at: Millis = Field(description="Event time of the linked case or the fact: UTC milliseconds.")
    legal_basis: str = Field(default="", description="Legal basis of the purpose.")
