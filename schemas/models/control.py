"""Control: what people and clocks say about the bus itself."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from schemas.models.fact import Fact, Millis, Model, Signed

SLOTS = 4096
"""Parts into which the records of a partition fall evenly, by the first twelve bits of their names."""


class Tick(Model):
    """It is so late now. Time does not go back: the latest tick counts, and what has expired by it does not come again."""

    at: Millis = Field(description="How late it is: event time, UTC milliseconds.")
    first: int = Field(default=0, description="First of the slots of records for which it is said, 0 to 4095.")
    last: int = Field(default=SLOTS - 1, description="Last of them, included; before the first, there is none.")


class Erasure(Model):
    """What was sealed for an alias up to a generation of its key was never told: normalise takes it back, and the key is destroyed."""

    alias: str = Field(description="Alias of the erased person.")
    generation: int = Field(description="Last generation of the alias's key that is erased, 1 to 255.")
    first: int = Field(default=0, description="First of the slots of records for which it is said, 0 to 4095.")
    last: int = Field(default=SLOTS - 1, description="Last of them, included.")
    cause: str = Field(description="Id of the approval.")


class ErasureProposal(Signed):
    """Somebody proposes to erase a person; it counts once another person approves. `at` is when it was proposed."""

    person: str = Field(description="Key of the person.")
    aliases: list[str] = Field(description="Aliases of the person, sorted: those linked then, and those named by hand.")
    by: str = Field(description="Staff code of who proposes.")
    reason: str = Field(description="Why, in a word of the vocabulary of reasons.")


class ErasureApproval(Signed):
    """A second person approves an erasure; `at` is when. From then on it is carried out, again if it was stopped."""

    proposal: str = Field(description="Id of the proposal.")
    person: str = Field(description="Key of the person.")
    aliases: list[str] = Field(description="Aliases that are erased, sorted: those of the proposal, and those linked since.")
    generations: list[int] = Field(description="Of the key of each alias, in their order, the last generation that is erased; 0 where there never was one.")
    by: str = Field(description="Staff code of who approves; never that of who proposed.")


class Rules(Model):
    """What agencies may receive is decided under these rules now: what was decided under others is decided again, slot by slot."""

    digest: str = Field(description="SHA-256 of the files of all agencies, in hexadecimal digits.")
    first: int = Field(default=0, description="First of the slots of people for which it is said, 0 to 4095.")
    last: int = Field(default=SLOTS - 1, description="Last of them, included; before the first, there is none.")


class AgencyProposal(Signed):
    """Somebody proposes what an agency may receive; it counts once another person approves. `at` is when it was proposed."""

    agency: str = Field(description="Name of the agency.")
    digest: str = Field(description="SHA-256 of the content, in hexadecimal digits.")
    content: str = Field(description="What the agency's file says, as JSON in one form; of no person.")
    by: str = Field(description="Staff code of who proposes.")
    reason: str = Field(description="Why, in a word of the vocabulary of reasons.")


class AgencyApproval(Signed):
    """A second person approves what an agency may receive; `at` is when."""

    agency: str = Field(description="Name of the agency.")
    proposal: str = Field(description="Id of the proposal.")
    digest: str = Field(description="SHA-256 of the content that is approved, in hexadecimal digits.")
    by: str = Field(description="Staff code of who approves; never that of who proposed.")


class Level(StrEnum):
    """How much a region may do about an epidemic, from least to most. Peace is where nothing else is in force."""

    PEACE = "peace"
    ALERT = "alert"
    EMERGENCY = "emergency"


class LevelInForce(Fact):
    """A level is in force in a region from `at` until `until`, the latter excluded; then the region falls back by itself. Peace needs no such fact."""

    region: str = Field(description="Division code; it holds in all that lies within.")
    level: Level = Field(description="Alert or emergency.")
    legal_basis: str = Field(description="Law and article by which it was declared.")
    until: Millis = Field(description="When it ends: UTC milliseconds. At the latest when the policy ends its level, whatever stands here.")
    by: str = Field(description="Staff code of who proposed it.")
    approved_by: str = Field(description="Staff code of who approved it; never that of who proposed.")


class LevelProposal(Signed):
    """Somebody proposes a level for a region; it counts once another person approves. `at` is when it was proposed."""

    region: str = Field(description="Division code.")
    level: Level = Field(description="Alert or emergency.")
    legal_basis: str = Field(description="Law and article.")
    since: Millis = Field(description="From when: UTC milliseconds.")
    until: Millis = Field(description="When it ends by itself: UTC milliseconds.")
    by: str = Field(description="Staff code of who proposes.")
    reason: str = Field(description="Why, in a word of the vocabulary of reasons.")


class LevelApproval(Signed):
    """A second person approves a level; `at` is when."""

    region: str = Field(description="Division code.")
    proposal: str = Field(description="Id of the proposal.")
    by: str = Field(description="Staff code of who approves; never that of who proposed.")


class LevelEnd(Signed):
    """A level ends before its time. One person may say so, for it gives residents back what the level took; `at` is when it was said."""

    region: str = Field(description="Division code.")
    proposal: str = Field(description="Id of the proposal that was approved.")
    until: Millis = Field(description="When it ends: UTC milliseconds; the earliest of several counts.")
    by: str = Field(description="Staff code of who ends it.")
    reason: str = Field(description="Why, in a word of the vocabulary of reasons.")


class RiskArea(Fact):
    """People could catch the disease in a division or country from `at` until `until`, the latter excluded; who was there within the window is a returnee."""

    region: str = Field(description="Division code, or the ISO 3166-1 alpha-2 code of a country; it holds in all that lies within.")
    legal_basis: str = Field(description="Law and article by which it was declared.")
    until: Millis = Field(description="When it ends: UTC milliseconds. At the latest when the policy ends it, whatever stands here.")
    by: str = Field(description="Staff code of who proposed it.")
    approved_by: str = Field(description="Staff code of who approved it; never that of who proposed.")


class AreaProposal(Signed):
    """Somebody proposes a risk area; it counts once another person approves. `at` is when it was proposed."""

    region: str = Field(description="Division code, or the ISO 3166-1 alpha-2 code of a country.")
    legal_basis: str = Field(description="Law and article.")
    since: Millis = Field(description="From when people could catch the disease there: UTC milliseconds; often a week or two ago.")
    until: Millis = Field(description="When it ends by itself: UTC milliseconds.")
    by: str = Field(description="Staff code of who proposes.")
    reason: str = Field(description="Why, in a word of the vocabulary of reasons.")


class AreaApproval(Signed):
    """A second person approves a risk area; `at` is when."""

    region: str = Field(description="Division code, or code of a country.")
    proposal: str = Field(description="Id of the proposal.")
    by: str = Field(description="Staff code of who approves; never that of who proposed.")


class AreaEnd(Signed):
    """A risk area ends before its time, or never was one (`until` is its beginning). One person may say so; `at` is when it was said."""

    region: str = Field(description="Division code, or code of a country.")
    proposal: str = Field(description="Id of the proposal that was approved.")
    until: Millis = Field(description="When it ends: UTC milliseconds; the earliest of several counts.")
    by: str = Field(description="Staff code of who ends it.")
    reason: str = Field(description="Why, in a word of the vocabulary of reasons.")
