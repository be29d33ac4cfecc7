"""What is kept no longer, or may not be used: it is taken back, as if its source had retracted it, and so everything that follows from it.

Time passes on the bus as ticks (`control.tick`), never by a clock of a stage. A record is used from the lowest level at which its kind may be collected on, for
as long as its kind is kept under the level in force at its place and moment (`control.level`). So what stands is a function of the records, of the levels that
stand and of the latest tick, whichever came first.

A record that is not used is held, sealed, in its row alone: nothing is written of it, and it says nothing to any other stage. A level that is declared late, or
that ends early or is taken back, decides anew about the records of its time and place. It is held for as long as its kind is kept under any level; then it
has expired: of a record that is too old when it comes nothing is written, and it is remembered. What is remembered of a record of which nothing stands goes
after `remember`; a version of it that comes still later counts as the first.

A tick is of some of 4,096 slots, into which the keys of rows fall evenly. So its work can be cut into pieces that no other message waits long for: each piece
reads the rows of its slots once, and takes some microseconds for a row that stays. A level reads them all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from schemas.models.control import SLOTS, Level, LevelInForce, Tick
from schemas.models.fact import Fact, Millis
from schemas.models.record import Record
from streams import clock, levels
from streams.levels import Allowed
from streams.normalise.rows import FREE, Due, Use, due, hold, kept, whose
from streams.normalise.written import end
from streams.rows import Table
from streams.stage import Emit, Outcome, State, Verdict

CLOCK = clock.table(2)
LEVELS = levels.table(4)


@dataclass(frozen=True, slots=True)
class Keep:
    """How long records are kept by kind (those that are not named: for ever), and how long it is remembered that they came; all in milliseconds.

    `levels` says it for each level at most as long, `refused` which kinds may not be collected under it at all, and `allowed` how long levels can last.
    """

    kinds: Mapping[str, int] = field(default_factory=dict)
    remember: int = 0
    levels: Mapping[Level, Mapping[str, int]] = field(default_factory=dict)
    refused: Mapping[Level, frozenset[str]] = field(default_factory=dict)
    allowed: Mapping[Level, Allowed] = field(default_factory=dict)

    def for_(self, level: Level, kind: str) -> int | None:
        """How long a kind is kept under a level; None is for ever."""
        return self.levels.get(level, self.kinds).get(kind)

    def collected(self, level: Level, kind: str) -> bool:
        """Whether a kind may be collected under a level."""
        return kind not in self.refused.get(level, ())

    @property
    def by_level(self) -> frozenset[str]:
        """The kinds for which the level matters."""
        shorter = {kind for of in self.levels.values() for kind, kept_for in of.items() if kept_for != self.kinds.get(kind)}
        return frozenset(shorter).union(*self.refused.values())


FOR_EVER = Keep()
"""Nothing expires, and everything is used."""


class Expiry:
    """The passing of time, and the levels, over the rows of a table that `streams.normalise.rows` writes."""

    def __init__(self, table: Table, keep: Keep) -> None:
        """Take the table, and how long its records are kept."""
        self._table, self._keep, self._by_level = table, keep, keep.by_level
        self._levels = levels.Levels(LEVELS, keep.allowed)

    def left(self, row: bytes, facts: list[Emit], state: State) -> tuple[list[Emit], Millis, Use]:
        """The facts of a record that comes under a row, 0 and how they are used; or none, with its time, if that is over by the latest tick of the slot."""
        if not facts:
            return facts, 0, FREE
        first = facts[0]
        assert isinstance(first.value, Record)
        kind = first.topic.removeprefix("record.")
        now = clock.latest(CLOCK, clock.slot(row), state)
        longest = self._keep.kinds.get(kind)
        if longest is not None and first.value.at < now - longest:
            return [], first.value.at, FREE
        return facts, 0, self._use(kind, first.value, now, state)

    def _use(self, kind: str, record: Record, now: Millis, state: State) -> Use:
        """Under which level a record is, and whether it is only held."""
        if kind not in self._by_level:
            return FREE
        level = self._levels.at(record.region, record.at, state)
        kept_for = self._keep.for_(level, kind)
        return Use(level, not self._keep.collected(level, kind) or (kept_for is not None and record.at < now - kept_for))

    def pass_time(self, tick: Tick, state: State) -> Outcome:
        """Let it be so late; what has expired now is taken back. Nothing happens for slots where it was as late before."""
        outcome = Outcome(Verdict.DUPLICATE)
        for first, last in clock.runs(clock.later(CLOCK, tick, state)):
            outcome.verdict = Verdict.APPLIED
            for row, data in self._gone(first, last, tick.at, state):
                outcome.emits += self._end(row, data, tick.at, state)
        return outcome

    def _gone(self, first: int, last: int, now: Millis, state: State) -> list[tuple[bytes, bytes]]:
        """The rows of some slots whose time is over. They are all found before one is changed."""
        over = self._over(now)
        return [(row, data) for row, data in state.sweep(*clock.span(self._table, first, last)) if (of := due(data)).at < over.get((of.kind, of.use), of.at)]

    def _over(self, now: Millis) -> dict[tuple[str, Use], Millis]:
        """Before which moment the time of rows is over, by what stands in them and how it is used."""
        found = {("", FREE): now - self._keep.remember}
        for level in Level:
            for kind, kept_for in self._keep.levels.get(level, self._keep.kinds).items():
                found[kind, Use(level, held=False)] = now - kept_for
                if kind in self._keep.kinds:
                    found[kind, Use(level, held=True)] = now - self._keep.kinds[kind]
        return found

    def _end(self, row: bytes, data: bytes, now: Millis, state: State) -> Iterator[Emit]:
        """What stands is taken back, and held, or where no level keeps it longer only known to have come; where nothing stands, the row is forgotten."""
        source, record, seen = whose(data)
        longest = self._keep.kinds.get(seen.said.kind)
        if not seen.said.kind:
            state.delete(row)
        elif longest is None or seen.said.at >= now - longest:
            yield from self._put(row, data, seen.said.use._replace(held=True), state)
        else:
            yield from end(row, source, record, seen, state)

    def level(self, fact: LevelInForce, state: State) -> Outcome:
        """Let a level stand or fall; the records of its time and place are used anew as the levels say now."""
        outcome = levels.learn(state, LEVELS, fact)
        if outcome.verdict is Verdict.APPLIED and self._by_level:
            for row, data in self._within(fact, state):
                outcome.emits += self._again(row, data, state)
        return outcome

    def _within(self, fact: LevelInForce, state: State) -> list[tuple[bytes, bytes]]:
        """The rows in which something of the time of a level stands or is held. They are all found before one is changed."""
        start, over = levels.span(fact, self._keep.allowed)

        def concerned(of: Due) -> bool:
            return of.kind in self._by_level and start <= of.at < over

        return [(row, data) for row, data in state.sweep(*clock.span(self._table, 0, SLOTS - 1)) if concerned(due(data))]

    def _again(self, row: bytes, data: bytes, state: State) -> Iterator[Emit]:
        source, record, seen = whose(data)
        first = kept(seen.said, source, record)[0].value
        assert isinstance(first, Record)
        use = self._use(seen.said.kind, first, clock.latest(CLOCK, clock.slot(row), state), state)
        if use != seen.said.use:
            yield from self._put(row, data, use, state)

    def _put(self, row: bytes, data: bytes, use: Use, state: State) -> Iterator[Emit]:
        """Use what a row keeps so from now on: written, or taken back."""
        source, record, seen = whose(data)
        state.put(row, hold(seen._replace(said=seen.said._replace(use=use)), source, record))
        if use.held != seen.said.use.held:
            for emit in kept(seen.said, source, record):
                assert isinstance(emit.value, Fact)
                yield Emit(emit.topic, emit.key, emit.value.taken_back()) if use.held else emit
