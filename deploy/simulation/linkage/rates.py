"""The rates and the names, read and checked."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from schemas import yamls

T = TypeVar("T")


class _Closed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Stated(_Closed, Generic[T]):
    """A number and where it is from."""

    value: T
    source: str = Field(alias="from", min_length=1)


Rate = Stated[float]


class Source(_Closed):
    """What a source writes of a person: `share` of all records, and the chance of each field."""

    share: int
    typed: bool
    fields: dict[str, float]


class Rates(_Closed):
    """How invented people are, and how often what is written of them is wrong."""

    households: Stated[dict[int, int]]
    records: Stated[dict[int, int]]
    people: dict[str, Rate]
    errors: dict[str, Rate]
    sources: dict[str, Source]


class Dai(_Closed):
    """Signs of Dai names: the first by sex, and the others."""

    male: str
    female: str
    signs: str


class Parted(_Closed):
    """Parts of names with a dot."""

    first: list[str]
    second: list[str]


class NameList(_Closed):
    """The shipped names and places; what the fields mean stands in the file."""

    surnames: dict[str, float]
    frequent_surnames: str
    frequent_share: float
    rare_surnames: list[str]
    rare_share: float
    fall: float
    male: dict[int, str]
    female: dict[int, str]
    single: dict[int, float]
    dai: Dai
    parted: Parted
    burmese: list[tuple[str, str, str]]
    counties: dict[int, list[int]]
    streets: list[str]
    hamlets: list[str]


@cache
def rates() -> Rates:
    """The shipped rates."""
    return Rates.model_validate(_read("rates.yaml"))


@cache
def name_list() -> NameList:
    """The shipped names."""
    return NameList.model_validate(_read("names.yaml"))


@cache
def counties() -> tuple[str, ...]:
    """The codes of the counties of Yunnan, in order."""
    return tuple(f"{prefecture}{number:02d}" for prefecture, numbers in sorted(name_list().counties.items()) for number in numbers)


def _read(name: str) -> Any:
    return yamls.read(files("deploy.simulation.linkage").joinpath(name).read_text("utf-8"))
