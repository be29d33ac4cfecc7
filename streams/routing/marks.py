"""How late it is for a slot of people, and under which rules all of it was decided: one row a slot, moved on by ticks and by word of new rules."""

from __future__ import annotations

from schemas.models.control import Rules, Tick
from schemas.models.fact import Millis
from streams import clock
from streams.rows import Table, moment, since
from streams.stage import State

MARK = Table(2, "How late it is for a slot of people, and under which rules it was decided.", few=True)
_TIME = 8


def latest(slot: int, state: State) -> Millis:
    """The latest tick of a slot, UTC milliseconds; 0 when there was none."""
    return _read(slot, state)[0]


def moved(said: Tick | Rules, rules: bytes, state: State) -> dict[int, Millis]:
    """The slots, rising, of which more is known by this message, with how late it is there; they are marked so.

    A worker decides by the rules that it has, whatever digest the message names: one that still has the files of before goes on with those.
    """
    found = {}
    for slot in clock.named(said.first, said.last):
        before, under = _read(slot, state)
        now = max(before, said.at) if isinstance(said, Tick) else before
        if now > before or under != rules:
            found[slot] = now
            state.put(MARK.about(str(slot)), moment(now) + rules)
    return found


def _read(slot: int, state: State) -> tuple[Millis, bytes]:
    data = state.get(MARK.about(str(slot)))
    return (since(data[:_TIME]), data[_TIME:]) if data else (0, b"")
