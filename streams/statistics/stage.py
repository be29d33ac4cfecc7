"""The stage `statistics`: what people count as in, how many count under each cell out.

The count of a cell is a row that changes in the transaction in which what it counts does, so
that a province costs no more than a village. The oracle's is a count
of linked cases, and they must be equal. Which moment is the latest in a cell is read off an index of its people, the latest first.
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.avro import pack, unpack
from schemas.models.statistic import Cell, Counted, Measure, Statistic
from streams.rows import Table, moment, name, since
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict
from streams.statistics.cells import counts_once

_PERSON = Table(1, "What a person, a task or a report of absence counts as in a region.", Counted)
_LATEST = Table(2, "A person under a cell, the latest first.")
_CELL = Table(3, "How many count under a cell, and what is written of it.", Statistic)


def stage() -> Stage:
    """The stage."""
    tables = (_PERSON, _LATEST, _CELL)
    return Stage("statistics", ("statistic.counted",), ("statistic",), _step, settle=_settle, tables=tables, version=2, migrations={1: counts_once(_PERSON)})


def _step(message: Message, state: State) -> Outcome:
    fact = message.value
    assert isinstance(fact, Counted)
    place = _PERSON.about(fact.region) + name(fact.person)
    data = state.get(place)
    old = unpack(Counted, data) if data else None
    if (old is not None and old.id == fact.id) != fact.retracted:
        return Outcome(Verdict.DUPLICATE)
    touched = [] if old is None else _count(old, -1, state)
    if fact.retracted:
        state.delete(place)
    else:
        state.put(place, pack(fact))
        touched += _count(fact, 1, state)
    return Outcome(Verdict.APPLIED, touched=touched)


def _count(one: Counted, step: int, state: State) -> list[str]:
    """Let a person count under its cells, or no more; the names of the cells."""
    for cell in one.cells:
        called = _name(one.region, cell)
        place, index = _CELL.about(called), _LATEST.about(called) + moment(-one.at) + name(one.person)
        count, written = _row(state.get(place))
        state.put(place, moment(count + step * one.count) + written)
        if step > 0:
            state.put(index, bytes.fromhex(one.id))
        else:
            state.delete(index)
    return [_name(one.region, cell) for cell in one.cells]


def _settle(cell: str, state: State) -> Iterator[Emit]:
    """Write how many count under a cell, when it is otherwise than was written."""
    place = _CELL.about(cell)
    count, written = _row(state.get(place))
    old = unpack(Statistic, written) if written else None
    new = _statistic(cell, count, state) if count else None
    if old and (new is None or new.id != old.id):
        yield Emit("statistic", old.region, old.taken_back())
    if new and (old is None or new.id != old.id):
        yield Emit("statistic", new.region, new)
    if new:
        state.put(place, moment(count) + pack(new))
    else:
        state.delete(place)


def _statistic(cell: str, count: int, state: State) -> Statistic:
    region, measure, value, day = cell.split(" ")
    key, cause = next(iter(state.scan(*_LATEST.under(cell))))
    at = -since(key[len(_LATEST.about(cell)) :][:8])
    return Statistic.of(causes=[cause.hex()], at=at, region=region, measure=Measure(measure), value=value, day=day, count=count)


def _name(region: str, cell: Cell) -> str:
    return f"{region} {cell.measure} {cell.value} {cell.day}"


def _row(data: bytes | None) -> tuple[int, bytes]:
    return (since(data[:8]), data[8:]) if data else (0, b"")
