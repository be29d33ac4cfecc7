"""The ground truth of an outbreak: who is who, who infected whom, who met whom, and what was sent. All times are UTC milliseconds."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class _Closed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TrueRecord(_Closed):
    """A record that stands about a person."""

    source: str
    id: list[str] = Field(description="What identifies it at the source, as the source's YAML file lists it.")
    companion: bool = Field(description="Whether the person was only scanned along.")
    handles: list[int] = Field(description="Which of the person's handles the version that stands gives.")


class TruePerson(_Closed):
    """One invented person."""

    person: str = Field(description="Key, under which the rest of the truth speaks of the person.")
    name: str
    born: str = Field(description="Date of birth.")
    sex: str
    group: str = Field(description="child, student, adult, elder, or crosser, who lives across the border.")
    community: str | None = Field(description="Division code of the community.")
    household: str | None
    handles: list[list[str]] = Field(description="Kind (document, account, patient, phone) and parts in normal form; of a phone the number and the name.")
    records: list[TrueRecord]


class TrueInfection(_Closed):
    """Who infected whom."""

    person: str
    by: str | None = Field(description="Null when it was caught elsewhere.")
    place: str = Field(description="Code of the place, `home`, or the division or country where it was caught.")
    at: int
    onset: int | None = Field(description="First moment of the day of the first symptoms; null without symptoms.")
    infectious_from: int
    infectious_until: int


class TrueCase(_Closed):
    """Somebody who was a suspected or confirmed case for the authorities, as it stood at the end; one whose suspicion was ruled out too."""

    person: str
    infected: bool
    onset: int | None = Field(description="Of the last illness, as a clinic learned it.")
    clinic: str = Field(description="Facility that saw the person first with it.")
    referred_to: str | None = Field(description="Facility to which that one referred the patient.")
    classification: str | None = Field(description="suspected, probable or confirmed; null when ruled out.")
    status: str = Field(description="suspected, probable, confirmed, ruled_out, isolated, in_hospital, recovered or died.")
    isolated: int | None = Field(description="From when the person met nobody any more.")


class CoPresence(_Closed):
    """An infectious person and another at one place, outside of homes."""

    case: str
    other: str
    place: str
    region: str
    at: int
    until: int
    recorded: bool = Field(description="Whether records tell of both stays, so that the bus can know.")


class Returnee(_Closed):
    """Somebody who came back from Wuhan."""

    person: str
    left: int
    arrived: int
    to: str = Field(description="Division code of the community.")
    declared: int | None = Field(description="When the declaration reached the bus, in the version that stands; null when none did.")


class Count(_Closed):
    """How many messages a source sent, and how many of them are what. A repeated message counts under its kind too."""

    source: str
    messages: int
    records: int = Field(description="Records that stand in the end.")
    duplicates: int
    corrections: int
    retractions: int
    broken: int = Field(description="Records that must be refused; never repeated.")
    late: int = Field(description="Messages that arrived more than six hours after they were made.")


class Broken(_Closed):
    """A record that must be refused."""

    source: str
    id: list[str] = Field(description="What identifies it at the source; '' where that is what is missing.")
    fields: list[str] = Field(description="The fields that cannot be understood.")


class Truth(_Closed):
    """Everything that was so."""

    seed: int
    start: str = Field(description="First day, in China.")
    days: int
    end: int
    people: list[TruePerson]
    infections: list[TrueInfection]
    cases: list[TrueCase]
    co_presences: list[CoPresence]
    returnees: list[Returnee]
    sources: list[Count]
    broken: list[Broken]
