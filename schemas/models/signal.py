"""Early warning: counts that are more than the days before let expect, and facilities from which nothing comes any more."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from schemas.models.fact import Fact, Model
from schemas.models.statistic import Measure


class Method(StrEnum):
    """By what a count is judged."""

    C1 = "c1"
    C2 = "c2"
    C3 = "c3"
    NEGATIVE_BINOMIAL = "negative_binomial"


class Exceeded(Model):
    """What one method expected of a day that had more."""

    method: Method = Field(description="By what.")
    expected: float = Field(description="How many people it expects on the day.")
    threshold: float = Field(description="The most that it takes for chance.")
    false_alarms: float = Field(
        description="How often in a year a region without any outbreak would have more than that, by the negative binomial distribution of the 28 days before."
    )


class Signal(Fact):
    """More people count on a day in a region than the days before let expect; `at` is when the day was over. Retracted when corrected counts say otherwise."""

    region: str = Field(description="Division code.")
    measure: Measure = Field(description="By what is counted.")
    value: str = Field(description="The word under which, such as a symptom; '' for all cases however sure.")
    day: str = Field(description="The day in Asia/Shanghai, as 2020-01-22.")
    observed: int = Field(description="How many people.")
    exceeded: list[Exceeded] = Field(description="The methods by which it is too many, sorted.")
    why: str = Field(description="Why, and what would take it back, in English.")
    why_zh: str = Field(description="The same in Chinese.")


class Attendance(Fact):
    """A facility reported a visit, or a school or workplace who was missing."""

    place: str = Field(description="Code of the facility.")
    day: str = Field(description="The day in Asia/Shanghai, as 2020-01-22.")
    working_days: bool = Field(default=False, description="Whether it is open from Monday to Friday, so that nothing is missed on other days.")


class Silence(Fact):
    """Nothing comes any more from a facility that reported nearly every day; `at` is when that had lasted long enough. Retracted when it reports."""

    place: str = Field(description="Code of the facility.")
    last: str = Field(description="The last day of which it reported, in Asia/Shanghai, as 2020-01-22.")
    days: int = Field(description="On how many of the seven days until then it reported.")
    why: str = Field(description="Why, and what would take it back, in English.")
    why_zh: str = Field(description="The same in Chinese.")
