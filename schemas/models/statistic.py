"""Statistics: how many people stand in a cell, and what each of them counts as."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from schemas.models.fact import Fact, Model


class Measure(StrEnum):
    """By what people are counted."""

    STATUS = "status"
    CLASSIFICATION = "classification"
    ROLE = "role"
    ONSET = "onset"
    REPORT = "report"
    RESULT = "result"
    SYMPTOM = "symptom"
    AGE = "age"
    CONTACT = "contact"
    ABSENCE = "absence"
    TASK = "task"


_VALUE = "The word under which: a status, role, symptom or outcome; of onset, report and result the classification; of a task its kind, and how it was kept."


class Cell(Model):
    """What a person, a report of absence or a task is counted under."""

    measure: Measure = Field(description="By what.")
    value: str = Field(description=_VALUE)
    day: str = Field(default="", description="The day in Asia/Shanghai, as 2020-01-22; '' for what is of no day.")


class Counted(Fact):
    """What a person, a report of absence or a task counts as in a region; `at` is the latest moment that its cells are of."""

    region: str = Field(description="Division code, from the province down to the community; `unknown` where nothing says where the person lives or was found.")
    person: str = Field(description="Key of the person; of absence the place and the day, of a task its name.")
    cells: list[Cell] = Field(description="What is counted, sorted.")
    count: int = Field(default=1, description="How many count under each: of a report of absence, how many were missing.")


class Statistic(Fact):
    """How many people or tasks count under a cell in a region; `at` is the latest moment that it is of, its cause what is of that moment. None: no fact."""

    region: str = Field(description="Division code, from the province down to the community; `unknown` where nothing says where people live or were found.")
    measure: Measure = Field(description="By what is counted.")
    value: str = Field(description=_VALUE)
    day: str = Field(default="", description="The day in Asia/Shanghai, as 2020-01-22; '' for what is of no day.")
    count: int = Field(description="How many, at least one.")
