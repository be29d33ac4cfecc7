"""A stream of scans as long as one likes, for measuring: quick, and by seed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from itertools import count as counting
from typing import Any

from deploy.simulation.assumptions import assumptions
from deploy.simulation.dice import Dice, zipf
from deploy.simulation.outbreak import START
from deploy.simulation.people import full_name, phone_number

_CHINA = timezone(timedelta(hours=8))


def scans(
    seed: int, count: int | None = None, people: int = 100_000, places: int = 5_000, *, start: date = START, rate: float = 600.0
) -> Iterator[dict[str, Any]]:
    """`count` records of the source scan-code (None: endless), `rate` a second of event time, from the first moment of `start` in China on.

    People scan alike often, places by Zipf's law. Whoever scanned in scans out of the same place the next time, but one in three forgot to.
    """
    names, dice, sums, codes = assumptions().names, Dice(seed, "load"), zipf(places), _places(places)
    inside: dict[int, int] = {}
    begins, step = datetime(start.year, start.month, start.day, tzinfo=_CHINA), timedelta(microseconds=round(1_000_000 / rate))
    for number in counting() if count is None else range(count):
        person = int(dice.random() * people)
        place = inside.pop(person, None)
        leaves = place is not None and not dice.chance(1 / 3)
        if place is None or not leaves:
            place = inside[person] = dice.weighed(range(places), sums)
        code, region = codes[place]
        yield {
            "scan_no": f"L-{seed}-{number:09d}", "revision": 1, "openid": f"ox-l{person:07d}", "phone": phone_number(person).removeprefix("+86"),
            "name": full_name(person, names), "place_code": code, "region": region, "direction": "出" if leaves else "进",
            "scanned_at": (begins + number * step).isoformat(timespec="milliseconds"), "companions": [],
        }  # fmt: skip


def _places(count: int) -> list[tuple[str, str]]:
    """Code and community of each place; the counties in turn."""
    counties = assumptions().counties
    found = [(number, counties[number % len(counties)]) for number in range(count)]
    return [(f"MKT-{county.code}-{number:05d}", f"{next(iter(county.communities))}001") for number, county in found]
