"""Supplies: what a place has of an item and for how long, and dispatches from place to place. No person is in them."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from schemas.models.fact import Fact, Millis
from schemas.models.record import DispatchStep, SupplyItem


class Cover(StrEnum):
    """Whether what a place has is enough by the latest tick: enough, gone within the days that a delivery takes, or gone."""

    OK = "ok"
    LOW = "low"
    EMPTY = "empty"


class Supply(Fact):
    """What a place has of an item. `at` is when it last reported. Retracted when no report of it stands."""

    place: str = Field(description="Code of the place.")
    item: SupplyItem = Field(description="Which item.")
    region: str | None = Field(default=None, description="Division code of the place.")
    on_hand: int = Field(description="Units by the latest report, with what was received and without what was sent since.")
    use_per_day: float = Field(description="Mean use of the reports within the policy's window before the latest: units a day.")
    cover: float | None = Field(default=None, description="Days for which that is enough, from the latest report on; null where nothing is used.")
    short_on: Millis | None = Field(default=None, description="When it runs out: UTC milliseconds; null where nothing is used, or not within ten years.")
    state: Cover = Field(description="Whether that is enough by the latest tick.")
    coming: int = Field(default=0, description="Units that were sent here and not received yet.")
    to_get: int = Field(default=0, description="Units of dispatches to here that are proposed or accepted, and not sent.")
    to_give: int = Field(default=0, description="Units of dispatches from here that are proposed or accepted, and not sent.")


class Dispatch(Fact):
    """How far a dispatch is, by its furthest step; `at` is when that was taken. Retracted when no step of it stands."""

    number: str = Field(description="Number of the dispatch.")
    item: SupplyItem = Field(description="Which item.")
    place: str = Field(description="Code of the place that gives.")
    to: str = Field(description="Code of the place that gets it.")
    quantity: int = Field(description="Units by the furthest step.")
    step: DispatchStep = Field(description="The furthest step.")
    by: str = Field(description="Staff code of who took it.")
