"""Scans in bulk by people of whom little else is known, at places of their own and at those of the outbreak, a few corrected or taken back; some turn out to be cases."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from deploy.simulation.assumptions import assumptions
from deploy.simulation.outbreak import START
from deploy.simulation.people import full_name, phone_number

Sent = tuple[float, str, dict[str, Any]]
"""When it arrives (milliseconds), the source, and the fields."""
Place = tuple[str, str]
"""Code and region."""
_CHINA = timezone(timedelta(hours=8))
_BEGINS = datetime(START.year, START.month, START.day, tzinfo=_CHINA)
_FIRST_PHONE = 500_000
_SCANS_EACH, _RESULT_EVERY = 20, 2_500
_SHARED, _CORRECTED, _TAKEN_BACK = 0.03, 0.015, 0.005


def bulk(seed: int, count: int, days: int, shared: Sequence[Place]) -> Iterator[Sent]:
    """`count` scans over so many days in the order of time, with what is said later of a few of them; `shared` are the places where others are too."""
    dice = random.Random(f"bulk {seed}")
    people = max(50, count // _SCANS_EACH)
    own = _places(max(20, count // 50))
    for number in range(count):
        at = _BEGINS + timedelta(days=days * number / count)
        person = dice.randrange(people)
        place = dice.choice(shared) if shared and dice.random() < _SHARED else own[int(len(own) * dice.random() ** 2)]
        scan = _scan(seed, number, person, place, at, dice.choice(("进", "出", "")))
        yield at.timestamp() * 1000, "scan-code", scan
        if (chance := dice.random()) < _CORRECTED + _TAKEN_BACK:
            later = scan | {"revision": 2} | ({"state": "撤销"} if chance < _TAKEN_BACK else dict(zip(("place_code", "region"), dice.choice(own), strict=True)))
            yield (at + timedelta(hours=dice.uniform(0, 48))).timestamp() * 1000, "scan-code", later
        if number % _RESULT_EVERY == _RESULT_EVERY // 2:
            yield at.timestamp() * 1000, "lab-result", _positive(number, person, at)


def _places(count: int) -> list[Place]:
    counties = assumptions().counties
    found = [(number, counties[number % len(counties)]) for number in range(count)]
    return [(f"MKT-{county.code}-9{number:05d}", f"{next(iter(county.communities))}001") for number, county in found]


def _person(person: int) -> dict[str, Any]:
    return {"phone": phone_number(_FIRST_PHONE + person).removeprefix("+86"), "name": full_name(person, assumptions().names)}


def _scan(seed: int, number: int, person: int, place: Place, at: datetime, direction: str) -> dict[str, Any]:
    return {"scan_no": f"B-{seed}-{number:08d}", "revision": 1, "openid": f"ox-b{person:07d}", **_person(person), "place_code": place[0], "region": place[1],
            "direction": direction, "scanned_at": at.isoformat(timespec="milliseconds"), "companions": []}  # fmt: skip


def _positive(number: int, person: int, at: datetime) -> dict[str, Any]:
    return {"lab": "LAB-530602-01", "specimen_no": f"B{number:08d}", "revision": 1, **_person(person), "region": "530602", "sampled_at": at.isoformat(timespec="seconds"),
            "reported_at": (at + timedelta(hours=9)).isoformat(timespec="seconds"), "result": "阳性", "method": "RT-PCR"}  # fmt: skip
