"""Who was elsewhere than where to isolate. Presences are looked for of people alone who were told, from when they were told until it is over.

Places that are part of isolating, such as hospitals and sites, are no breach; and whoever nobody told breaks nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from schemas.models.case import LinkedCase
from schemas.models.isolation import Breach, Isolation, Sighting
from schemas.models.movement import Order
from streams.policy import Policy


def watches(case: LinkedCase, apart: Isolation | None, policy: Policy) -> list[Order]:
    """Orders to show presences of the person, one for each alias; they expose nobody."""
    if apart is None or apart.told is None:
        return []
    since = apart.told + policy.breaches.way
    if since >= apart.until:
        return []
    return [Order.of(causes=apart.causes, at=since, until=apart.until - 1, alias=alias, person=case.person, depth=0) for alias in case.aliases]


def breaches(apart: Isolation | None, seen: Iterable[Sighting], policy: Policy) -> list[Breach]:
    """Those that begin while the person isolates and was told to, in order of time."""
    if apart is None or apart.told is None:
        return []
    since = apart.told + policy.breaches.way
    found = [one for one in seen if since <= one.at < apart.until and not one.place.startswith(tuple(policy.breaches.places))]
    told = [Breach.of(causes=[one.id], at=one.at, until=one.until, person=one.person, place=one.place, region=one.region) for one in found]
    return sorted(told, key=lambda one: (one.at, one.place, one.id))
