"""The right answer of a job, by brute force: it shares nothing with any implementation but the numbers of scans and exposures."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable

from tests.bench.contact.job import Job

_SHIFT = 32


class WrongAnswer(AssertionError):
    """An implementation did not give the answer; the message says how many pairs are missing, too many or twice, and the first of them."""


def pair(exposure: int, scan: int) -> int:
    """An exposure and a scan as one number, so that millions of pairs are small and sort fast."""
    return exposure << _SHIFT | scan


def expected(job: Job) -> array[int]:
    """All pairs, sorted: at the same place, the moment within the window with its ends, and not the exposed person."""
    here: dict[int, list[int]] = defaultdict(list)
    for scan, place in enumerate(job.place):
        here[place].append(scan)
    found = []
    for number, window in enumerate(job.windows):
        scans = here[window.place]
        first = bisect_left(scans, window.at, key=job.at.__getitem__)
        last = bisect_right(scans, window.until, key=job.at.__getitem__)
        found += [pair(number, scan) for scan in scans[first:last] if job.person[scan] != window.person]
    return array("q", sorted(found))


def check(wanted: array[int], given: Iterable[int]) -> None:
    """Raises WrongAnswer unless the pairs given, in any order, are exactly those wanted, each once."""
    found = array("q", sorted(given))
    if found == wanted:
        return
    right, ours = set(wanted), set(found)
    missing, wrong = sorted(right - ours), sorted(ours - right)
    raise WrongAnswer(
        f"{len(wanted)} pairs wanted, {len(found)} given: {len(missing)} missing {_shown(missing)}, {len(wrong)} that are none {_shown(wrong)}, "
        f"{len(found) - len(ours)} given again"
    )


def _shown(pairs: list[int]) -> str:
    return "".join(f"(exposure {one >> _SHIFT}, scan {one & (1 << _SHIFT) - 1}) " for one in pairs[:3]).strip()
