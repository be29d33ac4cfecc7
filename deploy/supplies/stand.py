"""What stands on the topics of supplies, and what a place can count on at a moment."""

from __future__ import annotations

from collections.abc import Iterable

from connectors.reader import Reader
from deploy.supplies.even import Place
from schemas.models.fact import Millis
from schemas.models.record import DispatchStep
from schemas.models.supply import Cover, Dispatch, Supply
from streams.standing import standing

_DAY = 86_400_000
_ENDED = (DispatchStep.REFUSED, DispatchStep.RECEIVED)


class NotOne(Exception):
    """No dispatch, or several, are meant, or it cannot go that way; the message says what to do."""


def supplies(reader: Reader) -> list[Supply]:
    """What places have, what is used up first before all else; where nothing is used comes last."""
    found = standing("supply", ((entry.key, entry.value) for entry in reader.read("supply") if entry.value is not None))
    return sorted((one for one in found.values() if isinstance(one, Supply)), key=_urgency)


def dispatches(reader: Reader) -> list[Dispatch]:
    """All dispatches, by when their furthest step was taken."""
    found = standing("dispatch", ((entry.key, entry.value) for entry in reader.read("dispatch") if entry.value is not None))
    return sorted((one for one in found.values() if isinstance(one, Dispatch)), key=lambda one: (one.at, one.number, one.item))


def chosen(found: Iterable[Supply], region: str = "", item: str | None = None, state: str | None = None) -> list[Supply]:
    """Those in a region, of an item, or in a state."""
    return [one for one in found if (one.region or "").startswith(region) and item in (None, one.item) and state in (None, one.state)]


def going(found: Iterable[Dispatch], *, ended: bool = False) -> list[Dispatch]:
    """Those that are not received or refused; with `ended`, those too."""
    return [one for one in found if ended or one.step not in _ENDED]


def places(found: Iterable[Supply], now: Millis) -> list[Place]:
    """What each place can count on at a moment: without the use since its report, with what is on its way and intended, so that nothing is proposed twice."""
    return [Place(one.place, one.region or "", _left(one, now), one.use_per_day) for one in found]


def one_dispatch(found: Iterable[Dispatch], number: str) -> Dispatch:
    """The one whose number begins so; raises NotOne."""
    named = [one for one in found if one.number.startswith(number.upper())]
    exact = [one for one in named if one.number == number.upper()]
    if len(exact or named) != 1:
        raise NotOne(f"{len(named) or 'no'} dispatches begin with {number}: `lianfang supplies dispatches --all` shows numbers")
    return (exact or named)[0]


def _urgency(one: Supply) -> tuple[bool, bool, Millis, str, str]:
    return one.state is not Cover.EMPTY, one.short_on is None, one.short_on or 0, one.place, one.item


def _left(one: Supply, now: Millis) -> int:
    used = int(one.use_per_day * max(0, now - one.at) / _DAY)
    return max(0, one.on_hand - used) + one.coming + one.to_get - one.to_give
