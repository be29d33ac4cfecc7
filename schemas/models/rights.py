"""Rights: complaints with a due answer, and communities that are closed without a decision that allows it. Nobody is named."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from schemas.models.fact import Fact, Millis
from schemas.models.record import Record


class Grievance(StrEnum):
    """What a complaint is about."""

    CODE = "code"
    ISOLATION = "isolation"
    CLOSURE = "closure"
    RELEASE = "release"
    SERVICE = "service"
    CONDUCT = "conduct"


class AnswerStep(StrEnum):
    """What an authority says to a complaint."""

    ACCEPTED = "accepted"
    PASSED_ON = "passed_on"
    UPHELD = "upheld"
    NOT_UPHELD = "not_upheld"


class Grieving(Record):
    """What records of complaints have. They are about no person: whoever complains keeps the number, and nobody is named."""

    alias: str = Field(description="Token of the number, 32 hexadecimal digits.")
    number: str = Field(description="Number of the receipt.")


class ComplaintReport(Grieving):
    """Somebody complains; `region` is where it was."""

    about: Grievance = Field(description="What it is about.")
    concerns: str | None = Field(default=None, description="Id of the fact that it is about, such as a measure.")


class AnswerReport(Grieving):
    """What an authority says to a complaint at `at`."""

    step: AnswerStep = Field(description="What it says.")
    by: str = Field(description="Staff code of who answers (not a personal number).")
    to: str | None = Field(default=None, description="Of a complaint that is passed on: division code of whoever has to answer now.")


class ClosureReport(Record):
    """A community, street or township is closed: nobody may leave or enter, from `at` on. It is about no person."""

    alias: str = Field(description="Token of the area, 32 hexadecimal digits.")
    area: str = Field(description="Division code of what is closed.")
    until: Millis | None = Field(default=None, description="Until when, the end excluded: UTC milliseconds; null when no end is known.")
    by: str = Field(description="Staff code of who reports it (not a personal number).")


class ComplaintState(StrEnum):
    """How far a complaint is by the latest tick."""

    OPEN = "open"
    ACCEPTED = "accepted"
    OVERDUE = "overdue"
    UPHELD = "upheld"
    NOT_UPHELD = "not_upheld"


class Complaint(Fact):
    """A complaint and how far it is; `at` is when it came to that state. Whoever complained keeps the number, and nothing else says who that is."""

    alias: str = Field(description="Token of the number, 32 hexadecimal digits.")
    number: str = Field(description="Number of the receipt.")
    about: Grievance = Field(description="What it is about.")
    concerns: str | None = Field(default=None, description="Id of the fact that it is about, such as a measure; null when none is named.")
    region: str | None = Field(default=None, description="Division code where it was.")
    since: Millis = Field(description="When it was made: UTC milliseconds.")
    answered_by: str = Field(description="Division code of the authority that has to answer; '' where no region is known.")
    due: Millis = Field(description="By when the next answer is due, or the last one was: UTC milliseconds.")
    state: ComplaintState = Field(description="How far it is.")
    escalated_to: str | None = Field(default=None, description="Of an overdue complaint the division code of whoever has to see to it now.")
    by: str | None = Field(default=None, description="Who concluded it: staff code.")


class Baseless(StrEnum):
    """Why a closure is without a decision."""

    NEVER_DECIDED = "never_decided"
    DECISION_OVER = "decision_over"


class ClosureAlert(Fact):
    """A community is closed though no decision that stands allows it, from `at` on. Retracted when a decision for that time is known, or the closure falls."""

    area: str = Field(description="Division code of what is closed.")
    by: str = Field(description="Staff code of who reported it.")
    until: Millis | None = Field(default=None, description="Until when it is closed, the end excluded: UTC milliseconds; null when no end is known.")
    why: Baseless = Field(description="Why no decision covers it.")
