"""What stands on the topic of needs."""

from __future__ import annotations

from collections.abc import Iterable

from connectors.reader import Reader
from deploy.stands import stands
from schemas.models.need import Need, NeedState, Urgency

_URGENCIES, _STATES = list(Urgency), list(NeedState)


class NotOne(Exception):
    """No need, or several, are meant; the message says what to do."""


def standing_needs(reader: Reader) -> list[Need]:
    """All needs: by urgency, what nobody has before all else, then by time."""
    return sorted(stands(reader, "need", Need), key=_order)


def chosen(found: Iterable[Need], region: str = "", kind: str | None = None, state: str | None = None) -> list[Need]:
    """Those in a region, of a kind, or in a state."""
    return [one for one in found if (one.line.region or "").startswith(region) and kind in (None, one.line.need) and state in (None, one.line.state)]


def one_need(found: Iterable[Need], name: str) -> Need:
    """The one whose name begins so; raises NotOne."""
    named = [one for one in found if one.name.startswith(name)]
    if len(named) != 1:
        raise NotOne(f"{len(named) or 'no'} needs begin with {name}: `lianfang needs list --json` has whole names")
    return named[0]


def _order(one: Need) -> tuple[int, int, int, str]:
    return _URGENCIES.index(one.line.urgency), _STATES.index(one.line.state), one.line.since, one.name
