"""Needs: what people need of others, to which provider each is offered, and what became of it."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from schemas.models.fact import Fact, Millis, Model, fact_id

_NAMED = 12


class NeedKind(StrEnum):
    """What somebody needs of others who is ill, isolates, or lives where everything is closed."""

    MEDICINE = "medicine"
    FOOD = "food"
    CHILDCARE = "childcare"
    ELDER_CARE = "elder_care"
    DIALYSIS = "dialysis"
    CHILDBIRTH = "childbirth"
    CHEMOTHERAPY = "chemotherapy"
    EMERGENCY_CARE = "emergency_care"
    TRANSPORT = "transport"
    SCHOOLING = "schooling"
    REPAIRS = "repairs"


class Urgency(StrEnum):
    """How long a need can wait, the most urgent first."""

    NOW = "now"
    TODAY = "today"
    SOON = "soon"


class NeedState(StrEnum):
    """How far a need is: nobody has it, a provider was asked, has taken it, or has served it."""

    UNMET = "unmet"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DONE = "done"


class NeedAsked(Fact):
    """A need that was reported, addressed from an alias to the person it belongs to now."""

    name: str = Field(description="Name of the report, the same for all its versions, 32 hexadecimal digits.")
    person: str = Field(description="Key of the person.")
    alias: str = Field(description="Alias under which it was reported.")
    need: NeedKind = Field(description="What is needed.")
    urgency: Urgency = Field(description="How long it can wait.")
    quantity: int = Field(description="For how many people.")
    region: str | None = Field(default=None, description="Division code of where.")
    source: str = Field(description="Name of the source.")
    sealed: bytes = Field(default=b"", description="Direct identifiers, encrypted under the alias.")


class NeedLine(Model):
    """How a need stands, as the linked case and the view of an agency show it."""

    need: NeedKind = Field(description="What is needed.")
    urgency: Urgency = Field(description="How long it can wait.")
    quantity: int = Field(description="For how many people.")
    region: str | None = Field(default=None, description="Division code of where, down to the community.")
    since: Millis = Field(description="When it was first reported: UTC milliseconds.")
    state: NeedState = Field(description="How far it is.")
    place: str | None = Field(default=None, description="Code of the provider that was asked or has taken it; null when nobody can be asked.")
    number: str | None = Field(default=None, description="Number of the offer, by which the provider answers; null for everybody else.")
    due: Millis | None = Field(default=None, description="Until when the provider can answer before the next is asked: UTC milliseconds.")
    escalated_to: str | None = Field(default=None, description="Of an unmet need: division code of who is to find somebody.")


class Need(Fact):
    """A need and how far it is; `at` is when it was first reported. Reports of one person and kind soon after each other are one need."""

    name: str = Field(description="Name of the need, which follows from its first report and its kind: 32 hexadecimal digits.")
    person: str = Field(description="Key of the person.")
    line: NeedLine = Field(description="How it stands.")
    asked: int = Field(description="How many providers were asked before, and declined or did not answer.")


def need_name(source: str, record: str, companion: str = "") -> str:
    """The name of a report: source, token of the record there, and alias of the companion where it is not about the subject."""
    return fact_id("need", source, record, companion)


def of_kind(report: str, need: NeedKind | str) -> str:
    """The name of the need whose first report has this name. A report that is corrected to another kind is another need, which another partition writes."""
    return fact_id("need", report, str(need))


def offer_number(name: str, place: str) -> str:
    """The number of the offer to a provider of the need whose first report has this name: its beginning, and digits that this provider alone was told."""
    return f"N-{name[:_NAMED]}-{fact_id('offer', name, place)[:8]}".upper()


def offered(number: str) -> str:
    """The beginning of the name of the report of which an offer is, as `offered(offer_number(name, ""))` has it for a name."""
    return number[: _NAMED + 2]


def kind_key(need: NeedKind | str) -> str:
    """Under which key all that is said of a kind of need meets."""
    return fact_id("need", str(need))
