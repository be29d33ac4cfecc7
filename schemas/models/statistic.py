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


class Cell(Model):
    """What a person is counted under."""

    measure: Measure = Field(description="By what.")
    value: str = Field(description="The word under which: a status, role, symptom or outcome; of onset, report and result the classification.")
    day: str = Field(default="", description="The day in Asia/Shanghai, as 2020-01-22; '' for what is of no day.")


class Counted(Fact):
    """What a person counts as in a region; `at` is the latest moment that its cells are of."""

    region: str = Field(description="Division code, from the province down to the community; `unknown` where nothing says where the person lives or was found.")
    person: str = Field(description="Key of the person.")
    cells: list[Cell] = Field(description="What the person is counted under, sorted.")


class Statistic(Fact):
    """How many people count under a cell in a region; `at` is the latest moment that it is of, its cause the person of that moment. Nobody: no fact."""

    region: str = Field(description="Division code, from the province down to the community; `unknown` where nothing says where people live or were found.")
    measure: Measure = Field(description="By what is counted.")
    value: str = Field(description="The word under which: a status, role, symptom or outcome; of onset, report and result the classification.")
    day: str = Field(default="", description="The day in Asia/Shanghai, as 2020-01-22; '' for what is of no day.")
    count: int = Field(description="How many people, at least one.")
