"""The care of one illness: visits, specimens, decisions, isolation and the end of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from deploy.simulation.days import HOUR
from deploy.simulation.people import Person
from deploy.simulation.places import Place


@dataclass(frozen=True, slots=True)
class Visit:
    """A first visit, or a later decision about the patient; times are UTC milliseconds, temperature in tenths of a degree Celsius."""

    person: Person
    facility: Place
    at: int
    disposition: str
    symptoms: tuple[str, ...] = ()
    temperature: int | None = None
    onset: int | None = None
    referred_to: str | None = None


@dataclass(frozen=True, slots=True)
class Specimen:
    """A specimen and its result; `withdrawn` is when the laboratory took the result back. `decides` says that the result rules the suspicion out."""

    person: Person
    facility: Place
    laboratory: str
    at: int
    reported: int
    result: str
    withdrawn: int | None = None
    decides: bool = False


@dataclass(slots=True)
class Care:
    """Everything about one illness; from `isolated` to `released` the patient meets nobody, and `confirmed` is when the case was confirmed."""

    person: Person
    visits: list[Visit] = field(default_factory=list)
    specimens: list[Specimen] = field(default_factory=list)
    isolated: int | None = None
    released: int | None = None
    confirmed: int | None = None


def known(care: Care, end: int) -> Care:
    """What of it had happened, and was written down, by `end` (UTC milliseconds)."""
    visits = [visit for visit in care.visits if visit.at + HOUR <= end]
    specimens = [
        specimen if specimen.withdrawn is None or specimen.withdrawn <= end else replace(specimen, withdrawn=None)
        for specimen in care.specimens
        if specimen.reported + HOUR <= end
    ]
    return Care(care.person, visits, specimens, care.isolated, care.released, care.confirmed)
