"""The assumptions file, read and checked."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field

from schemas import yamls


class _Closed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class County(_Closed):
    """A county, its facilities and its townships."""

    code: str
    share: int
    hospital: str
    laboratory: str
    communities: dict[str, int]
    ports: list[str] = Field(default_factory=list)


class Kind(_Closed):
    """A sort of place; what the fields mean stands in the file."""

    prefix: str
    people_each: int
    stay: tuple[int, int]
    scanned: float
    out: float
    hourly: float
    every: int = 1
    passed: bool = Field(default=False, alias="pass")


class Names(_Closed):
    """Parts of names."""

    surnames: list[str]
    first: list[str]
    second: list[str]
    minority: list[str]
    latin: list[str]
    latin_second: list[str]


class Dies(_Closed):
    """Chance that a seen case ends in death."""

    elder: float
    other: float


class Assumptions(_Closed):
    """What the invented world is like; chances are from 0 to 1, `*_daily` and `*_hourly` for each day or hour."""

    counties: list[County]
    kinds: dict[str, Kind]
    clinic_hourly: float
    home_daily: float
    households: dict[int, int]
    households_per_cell: int
    errands: dict[str, int]
    errand_daily: float
    bus_before: float
    companion: float
    cautious: float
    works: float
    clocks_in: float
    registers: float
    ill_daily: float
    incubation_days: list[int]
    days_until_visit: list[int]
    without_symptoms: float
    never_seen: float
    dies: Dies
    names: Names
    minority_share: float


@cache
def assumptions() -> Assumptions:
    """The shipped assumptions."""
    return Assumptions.model_validate(yamls.read(files("deploy.simulation").joinpath("assumptions.yaml").read_text("utf-8")))
