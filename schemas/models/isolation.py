"""Isolation: who is to stay apart, from when until when and why; and orders that ask for more days than the plan; who was seen elsewhere."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from schemas.models.case import Role, What
from schemas.models.fact import Fact, Millis
from schemas.models.record import MeasureKind


class Hold(StrEnum):
    """How far an isolation is by the latest tick."""

    ISOLATING = "isolating"
    LIFTED = "lifted"


class Isolation(Fact):
    """A person's last isolation; `at` is from when. Once it is lifted, this fact is the certificate of it. Retracted when nothing asks for it any more."""

    person: str = Field(description="Key of the person.")
    reason: Role = Field(description="Why: the person is a contact, came back from a risk area, or is a case.")
    ground: What = Field(description="What happened that asks for it; `isolated` when an official's order alone does.")
    evidence: str = Field(description="Id of the first evidence of that, or of the order.")
    until: Millis = Field(description="When it is due to end, by the edition of the plan in force then: UTC milliseconds.")
    site_until: Millis | None = Field(default=None, description="Until when at a site of isolation, at home after that: UTC milliseconds; null: all at home.")
    edition: str = Field(default="", description="Edition of the plan whose days end it; '' when the order does.")
    official: str | None = Field(default=None, description="Staff code of the official who ordered it; null where only the plan asks for it.")
    ordered_until: Millis | None = Field(default=None, description="Until when orders hold: UTC milliseconds.")
    told: Millis | None = Field(default=None, description="When the person was told, as far as anybody has said so: UTC milliseconds.")
    region: str | None = Field(default=None, description="Division code of the community, or where it began.")
    state: Hold = Field(description="How far it is by the latest tick.")
    breached: Millis | None = Field(default=None, description="When the person was last seen elsewhere than where to isolate: UTC milliseconds.")


class Sighting(Fact):
    """A person who isolates was somewhere from `at` to `until`, both included."""

    person: str = Field(description="Key of the person.")
    place: str = Field(description="Code of the place.")
    region: str | None = Field(default=None, description="Division code of the place.")
    until: Millis = Field(description="End: UTC milliseconds; equal to `at` for a moment.")


class Breach(Fact):
    """A person who was told to isolate was elsewhere from `at` on. Retracted when the isolation or the presence is. No measure follows by itself."""

    person: str = Field(description="Key of the person.")
    place: str = Field(description="Code of the place.")
    region: str | None = Field(default=None, description="Division code of the place.")
    until: Millis = Field(description="End: UTC milliseconds; equal to `at` for a moment.")


class MeasureBeyond(Fact):
    """An order of isolation that asks for more days than the plan; from `at` on nothing else asks for it. It does not say on whom."""

    official: str = Field(description="Staff code of the official who asked.")
    kind: MeasureKind = Field(description="Which measure.")
    reason: Role = Field(description="For which reason.")
    region: str | None = Field(default=None, description="Division code where it was asked for.")
    until: Millis = Field(description="Until when the order would hold: UTC milliseconds.")
