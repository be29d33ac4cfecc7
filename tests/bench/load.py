"""Invented load: people who scan at places of very different size, some of whom turn out to be cases."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.broker.people import positive, scan

START = datetime(2020, 1, 20, tzinfo=UTC)


def scans(count: int, people: int, places: int, seed: int = 1, first: int = 0) -> Iterator[dict[str, Any]]:
    """Scans over three days before the first result, at places whose popularity falls with the square of their rank."""
    dice = random.Random(seed)
    for number in range(first, first + count):
        place = min(int(dice.paretovariate(1.0)), places)
        at = START + timedelta(seconds=dice.randrange(3 * 86_400))
        yield scan(number, dice.randrange(people), f"MKT-530624-{place}", at.isoformat(), direction=dice.choice(("进", "出", "")))


def results(count: int, people: int, seed: int = 2) -> Iterator[dict[str, Any]]:
    """Positive results of some of them."""
    dice = random.Random(seed)
    return (positive(number, person) for number, person in enumerate(dice.sample(range(people), count)))
