"""What the way of one unit costs: as a table says, or else the distance in the tree of divisions."""

from __future__ import annotations

import csv
from collections.abc import Iterable

from deploy.supplies.even import Cost, Place

_DIGITS = (2, 4, 6, 9, 12)
"""Of the codes of province, prefecture, county, township and community (GB/T 2260, GB/T 10114)."""


class BadCosts(Exception):
    """The table cannot be used; the message says which line or pair."""


def apart(one: Place, other: Place) -> float:
    """Steps up from one place to the first division that both are in, and down to the other: 0 in one community, 2 between two townships of a county."""
    a, b = (next((n for n, digits in enumerate(_DIGITS, 1) if len(place.region) <= digits), len(_DIGITS)) if place.region else 0 for place in (one, other))
    shared = max((n for n, digits in enumerate(_DIGITS, 1) if n <= min(a, b) and one.region[:digits] == other.region[:digits]), default=0)
    return float(a + b - 2 * shared)


def tabled(lines: Iterable[str]) -> Cost:
    """The costs of a CSV table `from,to,cost`, by codes of places; raises BadCosts for a line that is none, and when a pair is asked for that is not in it."""
    known: dict[tuple[str, str], float] = {}
    for number, row in enumerate(csv.DictReader(lines), 2):
        try:
            cost = float(row["cost"])
            known[row["from"], row["to"]] = cost
        except (KeyError, TypeError, ValueError) as error:
            raise BadCosts(f"line {number} of the costs is not from,to,cost with a number at the end") from error
        if not 0 <= cost < float("inf"):
            raise BadCosts(f"line {number} of the costs: expected a number of 0 or more")

    def cost_of(one: Place, other: Place) -> float:
        if (found := known.get((one.place, other.place))) is None:
            raise BadCosts(f"the costs have no line from {one.place} to {other.place}; add one")
        return found

    return cost_of
