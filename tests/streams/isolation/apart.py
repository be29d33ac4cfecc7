"""Editions of an invented plan, and people who isolate under it."""

from __future__ import annotations

from schemas.models.case import Entry, Role, What
from schemas.models.isolation import Isolation
from streams.isolation.orders import isolation, orders
from streams.policy import Edition, Policy, Term, load
from tests.streams.measures.asked import NOON, asked, line, told
from tests.streams.trial import DAY

__all__ = ["NOON", "asked", "line", "told"]


def edition(day: float, **days: tuple[int, int]) -> Edition:
    """In force from so many days after noon on; by role the days at a site and at home."""
    terms = {Role(role): Term.model_construct(site=site * DAY, home=home * DAY) for role, (site, home) in days.items()}
    return Edition.model_construct(edition=f"e{day}", since=NOON + round(day * DAY), days=terms, source="of the tests")


def policy(*editions: Edition) -> Policy:
    """The shipped policy with these editions."""
    return load().model_copy(update={"isolation": list(editions)})


FOURTEEN = policy(edition(-100, returnee=(0, 14), contact=(14, 7), case=(0, 14)))


def apart(*lines: Entry, now: float = 0, under: Policy = FOURTEEN, **more: object) -> Isolation | None:
    """The isolation of somebody with these lines, so many days after noon."""
    case = told(*lines, **more)
    return isolation(case, orders(case, [], under), NOON + round(now * DAY), under)


def days(one: Isolation | None) -> tuple[float, float] | None:
    """From when until when, in days after noon."""
    return ((one.at - NOON) / DAY, (one.until - NOON) / DAY) if one else None


RETURNED, MET = line(What.RETURNED), line(What.CONTACT)
