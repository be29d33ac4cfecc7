"""Measures on people: asked for by an official, in force while evidence supports them, else refused; and who was refused too often."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from schemas.models.case import Role
from schemas.models.fact import Fact, Millis
from schemas.models.record import MeasureKind


class Refusal(StrEnum):
    """Why a measure is not in force."""

    NOT_ENTITLED = "not_entitled"
    TOO_LONG = "too_long"
    NOT_FOR_THIS = "not_for_this"
    NO_EVIDENCE = "no_evidence"
    NO_LONGER = "no_longer"


class _Asked(Fact):
    """What all have: what was asked for, by whom, for which reason, from when (`at`) until when."""

    official: str = Field(description="Staff code of the official who asked.")
    kind: MeasureKind = Field(description="Which measure.")
    reason: Role = Field(description="For which reason.")
    region: str | None = Field(default=None, description="Division code where it was asked for.")
    until: Millis = Field(description="Until when, the end excluded: UTC milliseconds.")


class MeasureAsked(_Asked):
    """A measure that was asked for, addressed from an alias to the person it belongs to now."""

    person: str = Field(description="Key of the person.")
    alias: str = Field(description="Alias by which the official named the person.")


class MeasureInForce(_Asked):
    """A measure on a person that evidence supports; its causes are what was asked for and that evidence.

    It ends when it was asked to, or when the evidence is too old.
    """

    request: str = Field(description="Id of what was asked for.")
    person: str = Field(description="Key of the person.")


class MeasureRefused(_Asked):
    """A measure that is not in force, and why. It does not say on whom it was to be put; its cause is the id of what was asked for."""

    why: Refusal = Field(description="Why it was refused.")


class MeasureAlert(Fact):
    """An official who was refused more often within one hour than the policy allows. Its causes are the first refusals that are too many."""

    official: str = Field(description="Staff code of the official.")
    allowed: int = Field(description="How many refused measures, that were to begin in the hour that begins at `at`, the policy allows.")
