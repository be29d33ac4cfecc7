"""Who infected whom, from linked cases by content, in the plainest way: every pair on every day, and every link tried in turn."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from math import erf, exp, gamma, log, sqrt
from typing import Any

from streams.policy import Transmission
from tests.oracle.cases import Content

Links = dict[str, str]
_FINDINGS = ("suspected", "probable", "positive", "confirmed", "published")


def weights(cases: list[Content], numbers: Transmission) -> dict[tuple[str, str], float]:
    """By infectee and infector the weight of their meetings, of all pairs of cases of whom the second exposed the first."""
    ill = {case["person"]: _ill(case) for case in cases if case["classification"]}
    return {
        (case["person"], met["person"]): round(sum(_on(one, ill[case["person"]], ill[met["person"]], numbers) for one in _days(met)), 9)
        for case in cases
        for met in case["contact_of"]
        if case["person"] in ill and met["person"] in ill
    }


def links(cases: list[Content], numbers: Transmission) -> Links:
    """By infectee its infector: of all links that are left the strongest, again and again."""
    left = {pair: value for pair, value in weights(cases, numbers).items() if value >= numbers.unseen}
    found: Links = {}
    while left:
        infectee, infector = min(left, key=lambda pair: (-left[pair], pair))
        found[infectee] = infector
        below = _below(found)
        left = {pair: value for pair, value in left.items() if pair[0] not in found and pair[1] not in below.get(pair[0], set())}
    return found


def _below(found: Links) -> dict[str, set[str]]:
    """For each person all whom the infection reached from there."""
    below: dict[str, set[str]] = {}
    for infectee in found:
        above = infectee
        while above in found:
            above = found[above]
            below.setdefault(above, set()).add(infectee)
    return below


def _date(moment: int) -> date:
    return (datetime.fromtimestamp(moment / 1000, UTC) + timedelta(hours=8)).date()


def _days(met: Content) -> list[date]:
    first, last = _date(met["first"]), _date(met["last"])
    return [first + timedelta(days=more) for more in range((last - first).days + 1)]


def _ill(case: Content) -> date:
    if case["onset"] is not None:
        return _date(case["onset"])
    lines: list[Any] = case["timeline"]
    found = [line["at"] for line in lines if line["what"] in _FINDINGS]
    over = [line["at"] for line in lines if line["what"] == "ruled_out"]
    after = [at for at in found if not over or at >= max(over)]
    return _date(min(after or found))


def _on(met: date, infectee: date, infector: date, numbers: Transmission) -> float:
    """The weight of one day: that the infector infects on it, and that who is infected on it falls ill when the infectee did."""
    days = (met - infector).days + numbers.infectious.shift
    shape, rate = numbers.infectious.shape, numbers.infectious.rate
    infects = exp(shape * log(rate * days) - rate * days) / days / gamma(shape) if days > 0 else 0
    later = (infectee - met).days
    return infects * (_share(later + 0.5, numbers) - _share(later - 0.5, numbers))


def _share(days: float, numbers: Transmission) -> float:
    """The share of people who fall ill within so many days."""
    return (1 + erf((log(days) - numbers.incubation.meanlog) / numbers.incubation.sdlog / sqrt(2))) / 2 if days > 0 else 0
