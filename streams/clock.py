"""How late it is in a stage: the latest tick of each of the slots into which the keys of rows fall evenly. Time does not go back."""

from __future__ import annotations

from collections.abc import Iterable

from schemas.models.control import SLOTS, Tick
from schemas.models.fact import Millis
from streams.rows import Table, moment, since
from streams.stage import Outcome, State, Verdict

_BITS = 16 - (SLOTS - 1).bit_length()


def table(number: int) -> Table:
    """The table of a stage for its clock."""
    return Table(number, "The latest tick of a slot of records.", few=True)


def slot(row: bytes) -> int:
    """The slot of a row, by the first bytes behind that of its table."""
    return int.from_bytes(row[1:3], "big") >> _BITS


def edge(slot: int) -> bytes:
    """The first bytes, behind that of the table, of the rows of a slot."""
    return (slot << _BITS).to_bytes(2, "big")


def span(rows: Table, first: int, last: int) -> tuple[bytes, bytes]:
    """The range of all rows of a table in some slots, the last included."""
    tag = rows.tag
    return tag + edge(first), tag + edge(last + 1) if last + 1 < SLOTS else bytes((tag[0] + 1,))


def named(first: int, last: int) -> range:
    """The slots from the first to the last, included; none when the last comes before the first, and none that there are not."""
    return range(max(first, 0), min(last + 1, SLOTS))


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Rising numbers as first and last of those without a gap."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def latest(clock: Table, slot: int, state: State) -> Millis:
    """How late it is in a slot, UTC milliseconds; 0 when nobody has said so yet."""
    data = state.get(clock.about(str(slot)))
    return since(data) if data else 0


def later(clock: Table, tick: Tick, state: State) -> list[int]:
    """The slots in which it is later now than before, rising; from here on the clock says so."""
    slots = [one for one in named(tick.first, tick.last) if latest(clock, one, state) < tick.at]
    for one in slots:
        state.put(clock.about(str(one)), moment(tick.at))
    return slots


def due(waits: Table, slots: Iterable[int], before: Millis, state: State) -> list[tuple[bytes, str]]:
    """What waits in some slots for a moment before this one, UTC milliseconds: its row, and what is to be looked at.

    Such a row is the slot, the moment, and what tells apart what waits for the same one.
    """
    found: list[tuple[bytes, str]] = []
    for one in slots:
        start = waits.about(str(one))
        found += [(row, data.decode()) for row, data in state.scan(start, start + moment(before))]
    return found


def passed(clock: Table, waits: Table, tick: Tick, state: State) -> Outcome:
    """Let it be so late; what waited for a moment that has come is touched, and nothing else."""
    slots = later(clock, tick, state)
    touched = [what for _, what in due(waits, slots, tick.at + 1, state)]
    return Outcome(Verdict.APPLIED if slots else Verdict.DUPLICATE, touched=touched)
