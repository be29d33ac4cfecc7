"""What is kept no longer: a record whose time is over is taken back, as if its source had retracted it, and so everything that follows from it.

Time passes on the bus as ticks (`control.tick`), never by a clock of a stage. A record expires when a tick is later than its own time by more than its kind is
kept. So what stands is a function of the records and of the latest tick, whichever came first: of a record that is too old when it comes nothing is
written, and it is remembered. What is remembered of a record of which nothing stands goes after `remember`; a version of it that comes still
later counts as the first.

A tick is of some of 4,096 slots, into which the keys of rows fall evenly. So its work can be cut into pieces that no other message waits long for: each piece
reads the rows of its slots once, and takes some microseconds for a row that stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from schemas.models.control import Tick
from schemas.models.fact import Millis
from schemas.models.record import Record
from streams import clock
from streams.normalise.rows import due, whose
from streams.normalise.written import end
from streams.rows import Table
from streams.stage import Emit, Outcome, State, Verdict

CLOCK = clock.table(2)


@dataclass(frozen=True, slots=True)
class Keep:
    """How long records are kept by kind (those that are not named: for ever), and how long it is remembered that they came; all in milliseconds."""

    kinds: Mapping[str, int] = field(default_factory=dict)
    remember: int = 0


FOR_EVER = Keep()
"""Nothing expires."""


class Expiry:
    """The passing of time over the rows of a table that `streams.normalise.rows` writes."""

    def __init__(self, table: Table, keep: Keep) -> None:
        """Take the table, and how long its records are kept."""
        self._table, self._keep = table, keep

    def left(self, row: bytes, facts: list[Emit], state: State) -> tuple[list[Emit], Millis]:
        """The facts of a record that comes under a row: all, with 0; or none, with its time, if that is over by the latest tick of the row's slot."""
        if not facts:
            return facts, 0
        first = facts[0]
        assert isinstance(first.value, Record)
        kept_for = self._keep.kinds.get(first.topic.removeprefix("record."))
        if kept_for is None or first.value.at >= clock.latest(CLOCK, clock.slot(row), state) - kept_for:
            return facts, 0
        return [], first.value.at

    def pass_time(self, tick: Tick, state: State) -> Outcome:
        """Let it be so late; what has expired now is taken back. Nothing happens for slots where it was as late before."""
        outcome = Outcome(Verdict.DUPLICATE)
        for first, last in clock.runs(clock.later(CLOCK, tick, state)):
            outcome.verdict = Verdict.APPLIED
            for row, data in self._gone(first, last, tick.at, state):
                outcome.emits += self._end(row, data, state)
        return outcome

    def _gone(self, first: int, last: int, now: Millis, state: State) -> list[tuple[bytes, bytes]]:
        """The rows of some slots whose time is over. They are all found before one is changed."""
        ends = {kind: now - kept_for for kind, kept_for in self._keep.kinds.items()} | {"": now - self._keep.remember}
        return [(row, data) for row, data in state.sweep(*clock.span(self._table, first, last)) if (of := due(data)).at < ends.get(of.kind, of.at)]

    def _end(self, row: bytes, data: bytes, state: State) -> Iterator[Emit]:
        """What stands is taken back and it stays known that the record came; where nothing stands, it is forgotten."""
        source, record, seen = whose(data)
        if not seen.said.kind:
            state.delete(row)
            return
        yield from end(row, source, record, seen, state)
