"""Published pairs of infector and infectee, for source tracing: who is ranked first, beside chance.

Korea: patients' published visits, of whom the investigators named the infector. China: pairs of the investigators alone, without meetings.
"""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from schemas.models.case import LinkedCase, Meeting, Role, Status
from streams.policy import Transmission
from streams.transmission.tree import candidates
from tests.realdata.data import VARIABLE, NoData

_KOREA, _CHINA = "movements-korea/PatientInfo.csv", "transmission-pairs-china/TableS1_1407TransPairs.csv"
_ROUTES = "movements-korea/PatientRoute.csv"
_DAY = 86_400_000


@dataclass(frozen=True)
class Ranking:
    """How often the named infector was ranked first among `asked` people who met at least two cases, how often by chance, and how many were in the first three."""

    asked: int
    first: int
    chance: float
    in_three: int


def korea(root: Path, numbers: Transmission) -> Ranking:
    """People who were at one place on one day, as the routes say; those whose named infector is among them."""
    people = {row["patient_id"]: row for row in _rows(root / _KOREA)}
    ill = {key: at for key, row in people.items() if (at := _moment(row["symptom_onset_date"]) or _moment(row["confirmed_date"]))}
    named = {key: {row["infected_by"]} for key, row in people.items() if row["infected_by"] in ill and key in ill}
    return _rank(ill, _together(_rows(root / _ROUTES), ill), named, numbers)


def china(root: Path, numbers: Transmission) -> Ranking:
    """People of one component of the published pairs, as if each had met everybody of it on any day: the dates alone have to tell."""
    rows = [row for row in _rows(root / _CHINA) if _moment(row["infector_onsetDate"]) and _moment(row["infectee_onsetDate"])]
    ill: dict[str, int] = {}
    named: dict[str, set[str]] = defaultdict(set)
    component: dict[str, set[str]] = {}
    for row in rows:
        pair = row["infector_id"], row["infectee_id"]
        named[pair[1]].add(pair[0])
        ill |= {pair[0]: _moment(row["infector_onsetDate"]) or 0, pair[1]: _moment(row["infectee_onsetDate"]) or 0}
        joined = component.get(pair[0], {pair[0]}) | component.get(pair[1], {pair[1]})
        component |= dict.fromkeys(joined, joined)
    met = {key: {other: [ill[key] - 30 * _DAY, ill[key]] for other in component[key] - {key}} for key in named}
    return _rank(ill, met, named, numbers)


def folder() -> Path:
    """The folder of all published data that the environment names; raises NoData when it names none, or one without these."""
    named = os.environ.get(VARIABLE)
    if not named or not all((Path(named) / one).exists() for one in (_KOREA, _ROUTES, _CHINA)):
        raise NoData(f"{VARIABLE} is not the folder above {_KOREA} and {_CHINA}")
    return Path(named)


def _rank(ill: Mapping[str, int], met: Mapping[str, Mapping[str, list[int]]], named: Mapping[str, set[str]], numbers: Transmission) -> Ranking:
    """Of those who met two or more, the named infector among them: how often it is first, and by chance."""
    asked = [key for key in sorted(named) if named[key] & met.get(key, {}).keys() and len(met[key]) > 1]
    first, three, chance = 0, 0, 0.0
    for key in asked:
        town = [_case(other, ill[other], {}) for other in met[key]] + [_case(key, ill[key], met[key])]
        order = [one.infector for one in candidates(town, numbers)[key]]
        first, three = first + (order[0] in named[key]), three + bool(named[key] & set(order[:3]))
        chance += len(named[key] & met[key].keys()) / len(met[key])
    return Ranking(len(asked), first, chance, three)


def _case(person: str, at: int, met: Mapping[str, list[int]]) -> LinkedCase:
    meetings = [Meeting(person=other, first=min(days), last=max(days), places=[], depth=1) for other, days in sorted(met.items())]
    return LinkedCase.of(causes=[], at=at, person=person, roles=[Role.CASE], classification=Status.CONFIRMED, onset=at, aliases=[], concerns=[], timeline=[],
                         contacts=[], contact_of=meetings)  # fmt: skip


def _together(visits: Iterable[Mapping[str, str]], ill: Mapping[str, int]) -> dict[str, dict[str, list[int]]]:
    """Who was where somebody else was on one day, by person and the other: the days."""
    there: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in visits:
        if row["patient_id"] in ill:
            there[row["date"], row["latitude"], row["longitude"]].add(row["patient_id"])
    met: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for (date, _, _), people in there.items():
        at = _moment(date)
        for one in people:
            for other in people - {one} if at else ():
                met[one][other].append(at or 0)
    return met


def _moment(date: str) -> int | None:
    """Noon of a day in Shanghai, UTC milliseconds; None for what is no date."""
    for form in ("%Y-%m-%d", "%Y/%m/%d"):
        try:
            return int((datetime.strptime(date.strip(), form).replace(tzinfo=UTC) + timedelta(hours=4)).timestamp() * 1000)
        except ValueError:
            continue
    return None


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
