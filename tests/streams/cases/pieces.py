"""Evidence about an invented person, by days and hours of January 2020."""

from __future__ import annotations

from typing import Any

from schemas.models.case import Evidence, What
from streams.cases.status import in_order
from tests.streams.trial import DAY, at

ME, OTHER, THIRD = "1" * 32, "2" * 32, "3" * 32
START = at("2020-01-01 00:00")


def day(number: float) -> int:
    """The moment so many days after the year 2020 began in China."""
    return START + round(number * DAY)


def piece(what: What, number: float = 1, until: float | None = None, **content: Any) -> Evidence:
    """A piece of evidence of a day."""
    given: dict[str, Any] = {"causes": ["fact"], "person": ME, "alias": ME, "at": day(number), "until": day(number if until is None else until)}
    return Evidence.of(**(given | {"what": what} | content))


def pieces(*told: tuple[What, float]) -> list[Evidence]:
    """Pieces in order, from what and day."""
    return in_order(piece(what, number) for what, number in told)
