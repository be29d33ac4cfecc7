"""Control: what people and clocks say about the bus itself."""

from __future__ import annotations

from pydantic import Field

from schemas.models.fact import Fact, Millis, Model

SLOTS = 4096
"""Parts into which the records of a partition fall evenly, by the first twelve bits of their names."""


class Tick(Model):
    """It is so late now. Time does not go back: the latest tick counts, and what has expired by it does not come again."""

    at: Millis = Field(description="How late it is: event time, UTC milliseconds.")
    first: int = Field(default=0, description="First of the slots of records for which it is said, 0 to 4095.")
    last: int = Field(default=SLOTS - 1, description="Last of them, included; before the first, there is none.")


class AgencyProposal(Fact):
    """Somebody proposes what an agency may receive; it counts once another person approves. `at` is when it was proposed."""

    agency: str = Field(description="Name of the agency.")
    digest: str = Field(description="SHA-256 of the content, in hexadecimal digits.")
    content: str = Field(description="What the agency's file says, as JSON in one form; of no person.")
    by: str = Field(description="Staff code of who proposes.")
    reason: str = Field(description="Why, in a word of the vocabulary of reasons.")


class AgencyApproval(Fact):
    """A second person approves what an agency may receive; `at` is when."""

    agency: str = Field(description="Name of the agency.")
    proposal: str = Field(description="Id of the proposal.")
    digest: str = Field(description="SHA-256 of the content that is approved, in hexadecimal digits.")
    by: str = Field(description="Staff code of who approves; never that of who proposed.")
