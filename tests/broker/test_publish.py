"""Publishing files on the real broker, also when the publisher is killed."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from pathlib import Path

from schemas.models.raw import Raw
from tests.broker.live import Live
from tests.broker.people import scan

_RECORDS = 12_000


def test_resumes_after_kills(live: Live) -> None:
    """A publisher killed several times, and started again each time, has in the end published every record; only those not yet acknowledged came twice."""
    home = live.bus.settings.home
    path = home / "scans.jsonl"
    path.write_text("".join(json.dumps(scan(number, number % 50)) + "\n" for number in range(_RECORDS)), "utf-8")
    kills, moment = 0, random.Random(4)
    while True:
        publisher = live.commands.start("publish", "scan-code", str(path))
        cursors = home / "cursors"
        before = _cursor(cursors)
        while publisher.ended is None and (_cursor(cursors) == before or kills >= 3):
            time.sleep(0.005)
        if publisher.ended is not None:
            break
        time.sleep(moment.uniform(0, 0.1))
        publisher.kill()
        kills += 1
    assert publisher.ended == 0, publisher.said
    assert kills == 3
    found = Counter(entry.value.record for entry in live.entries("raw.scan-code") if isinstance(entry.value, Raw))
    assert len(found) == _RECORDS
    assert sum(found.values()) - _RECORDS <= kills * 6_000, "at most what was on its way at each kill is sent again"


def _cursor(folder: Path) -> str:
    return "".join(path.read_text() for path in sorted(folder.rglob("*.json")))
