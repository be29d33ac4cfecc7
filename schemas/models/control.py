"""Control: what people and clocks say about the bus itself."""

from __future__ import annotations

from pydantic import Field

from schemas.models.fact import Millis, Model

SLOTS = 4096
"""Parts into which the records of a partition fall evenly, by the first twelve bits of their names."""


class Tick(Model):
    """It is so late now. Time does not go back: the latest tick counts, and what has expired by it does not come again."""

    at: Millis = Field(description="How late it is: event time, UTC milliseconds.")
    first: int = Field(default=0, description="First of the slots of records for which it is said, 0 to 4095.")
    last: int = Field(default=SLOTS - 1, description="Last of them, included; before the first, there is none.")
