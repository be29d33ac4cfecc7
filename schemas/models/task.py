"""Tasks: what somebody has to do about a person, by when, and how far it is."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from schemas.models.case import What
from schemas.models.fact import Fact, Millis
from schemas.models.record import Remark, Work


class Owner(StrEnum):
    """Who has to act."""

    GRID_WORKER = "grid_worker"
    COMMUNITY = "community"
    FACILITY = "facility"
    REGION = "region"
    BORDER = "border"


class Progress(StrEnum):
    """How far a task is; one that was accepted and is late is overdue."""

    OPEN = "open"
    ACCEPTED = "accepted"
    OVERDUE = "overdue"
    DONE = "done"
    NOT_APPLICABLE = "not_applicable"


CONFIDENTIAL = (Work.SCREENING, Work.SUPPORT)
"""Kinds of tasks of which no agency is told what became of them (精神卫生法, article 23), nor by the moment of a case that anything did, and that are counted
nowhere: how many there are in a village would tell who is not well."""


def confidential(note: str) -> bool:
    """Whether the note of a report, its kind of task and perhaps a remark after a space, is about one of these."""
    return note.split(" ", maxsplit=1)[0] in CONFIDENTIAL


class Task(Fact):
    """What somebody has to do about a person; `at` is when it came to the state that it is in. Retracted when its cause is."""

    task: str = Field(description="Name of the task, the same while its cause stands, whatever its state: 32 hexadecimal digits.")
    person: str = Field(description="Key of the person.")
    work: Work = Field(description="Kind of task.")
    reason: What = Field(description="What happened that asks for it.")
    owned_by: Owner = Field(description="What the owner is.")
    owner: str = Field(
        description="Who has to act: staff code of a grid worker, division code of a community ('' where none is known), county, or of the county "
        "whose border agency has it, or facility code."
    )
    responsible: str = Field(description="Who answers for the person: in a referral the facility that saw first, until the other accepts; else the owner.")
    other: str | None = Field(default=None, description="Facility or community that is concerned besides: who referred, or who is to be told.")
    region: str | None = Field(default=None, description="Division code within which it is to be done.")
    opened: Millis = Field(description="From when it is to be done: UTC milliseconds.")
    due: Millis = Field(description="By when: UTC milliseconds.")
    state: Progress = Field(description="How far it is by the latest tick.")
    escalated_to: str | None = Field(default=None, description="Of an overdue task the division code of whoever has to see to it now.")
    by: str | None = Field(default=None, description="Who ended it: staff code, or the facility whose record shows that it is done.")
    remark: Remark | None = Field(default=None, description="What the latest report on it says besides.")
