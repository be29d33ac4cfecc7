"""What happens on one day: scans by the hour as people move, with clock-ins, visits and results beside them. All people are invented."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from tests.broker.people import positive, scan
from tests.levels import emergency

CHINA = timezone(timedelta(hours=8))
FIRST = datetime(2022, 8, 1, tzinfo=CHINA)
LEVELS = emergency("53", since="2022-07-01", until="2023-02-01")
"""In Yunnan, where all of it happens, for longer than anybody lets it run."""
HOURS = (0.1, 0.05, 0.05, 0.05, 0.1, 0.3, 0.9, 2.2, 2.6, 1.5, 1.1, 1.2, 1.5, 1.2, 1.0, 1.0, 1.2, 2.0, 2.4, 1.6, 1.0, 0.6, 0.3, 0.15)
"""Weight of each hour of a day: the ways to work and school and back, meals, and the night; assumed."""
PLACES, MARKET = 4_000, "530624100001"
_CLOCKINS, _VISITS, _RESULTS = 0.12, 0.01, 0.0002
"""Records for each scan, as in the peak of a province of 47 million: 600 clock-ins and 50 visits beside 5,000 scans a second. One result in five thousand is assumed."""
Record = tuple[str, Mapping[str, Any]]


def hour(day: int, of: int, scans: int, people: int, seed: int) -> list[Record]:
    """The records of one hour of a day (0 is the first), of a day of so many scans, by source, in the order of their times."""
    dice = random.Random(f"{seed} {day} {of}")
    begins = FIRST + timedelta(days=day, hours=of)
    found = [one for _ in range(round(scans * HOURS[of] / sum(HOURS))) for one in _moment(dice, begins + timedelta(seconds=dice.random() * 3600), people, day)]
    return [record for _, record in sorted(found, key=lambda one: one[0])]


def _moment(dice: random.Random, at: datetime, people: int, day: int) -> Iterator[tuple[datetime, Record]]:
    """A scan, and now and then something else of somebody else at the same time."""
    person, number, when = dice.randrange(people), dice.getrandbits(60), at.isoformat(timespec="milliseconds")
    place = f"MKT-530624-{int(PLACES ** dice.random())}"
    yield at, ("scan-code", scan(number, person, place, when, direction=dice.choice(("进", "出", ""))))
    other = dice.randrange(people)
    if dice.random() < _CLOCKINS:
        yield at, ("clockin", {"uid": f"u-{other}", "date": f"{at:%Y-%m-%d}", "created": str(int(at.timestamp())), "xm": "杨测试", "sjh": f"139{other:08d}",
                               "area_code": "530624", "tw": f"{dice.gauss(36.5, 0.2):.1f}", "zz": ""})  # fmt: skip
    if dice.random() < _VISITS:
        yield at, ("clinic-visit", {"facility": "CLIN-530624-03", "visit_no": f"V-{number}", "updated": f"{at:%Y-%m-%d %H:%M}", "patient_no": f"P-{other}",
                                    "name": "杨测试", "phone": f"139{other:08d}", "region": "530624103000", "seen_at": f"{at:%Y-%m-%d %H:%M}", "onset": "",
                                    "symptoms": "咳嗽", "temperature": "36.8", "disposition": "观察", "referred_to": ""})  # fmt: skip
    if dice.random() < _RESULTS:
        yield at, ("lab-result", positive(number, other, sampled_at=when, reported_at=(at + timedelta(hours=6)).isoformat(timespec="seconds")))
