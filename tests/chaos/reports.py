"""What those who have tasks say during an outbreak: about the people of its records, by the same handles, hours later."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

from deploy.simulation.outbreak import Arrival
from tests.chaos.bulk import Sent

_CHINA = timezone(timedelta(hours=8))
_HANDLES = ("name", "phone", "id_no")
_TOLD, _CORRECTED, _TAKEN_BACK = 0.7, 0.1, 0.05
_HOUR = 3_600_000


def reports(seed: int, arrivals: Iterable[Arrival]) -> Iterator[Sent]:
    """Visits to those who returned, and what hospitals say of those who were referred to them; some corrected, some taken back. In the order of time."""
    dice = random.Random(f"reports {seed}")
    told: list[Sent] = []
    for number, one in enumerate(arrivals):
        if (what := _about(one.source, one.fields, dice)) and dice.random() < _TOLD:
            at = one.at + dice.uniform(0, 40) * _HOUR
            fields = what | {name: one.fields[name] for name in _HANDLES if one.fields.get(name)} | {"report_no": str(number), "revision": "1", "at": _time(at)}
            told.append((at, "task-report", fields))
            if (chance := dice.random()) < _CORRECTED + _TAKEN_BACK:
                more = {"revision": "2"} | ({"state": "撤回"} if chance < _TAKEN_BACK else {"at": _time(at + _HOUR)})
                told.append((at + dice.uniform(0, 30) * _HOUR, "task-report", fields | more))
    return iter(sorted(told, key=lambda sent: sent[0]))


def _about(source: str, fields: dict[str, Any], dice: random.Random) -> dict[str, Any] | None:
    """Which task of whom, and what became of it; None where there is none."""
    if source == "travel":
        return {"by": "GW-1", "task": dice.choice(("visit", "check")), "outcome": dice.choice(("done", "done", "accepted", "refused"))}
    if source == "clinic-visit" and fields.get("referred_to"):
        return {"by": "H-1", "facility": fields["referred_to"], "task": dice.choice(("receive", "specimen")), "outcome": dice.choice(("accepted", "done", "refused"))}
    return None


def _time(at: float) -> str:
    return datetime.fromtimestamp(at // 1000, _CHINA).isoformat(timespec="seconds")
