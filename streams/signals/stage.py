"""The stage `signals`: counts, visits and ticks in, signals out.

A signal is a function of the counts that stand and of the latest tick: a day is judged when it is over. A count that changes is judged anew, and so are the
days that are judged by it; which day waits for its end is in an index by slot and moment, so that a tick costs the days that end by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from schemas.avro import pack, unpack
from schemas.models.control import Tick
from schemas.models.fact import Millis
from schemas.models.signal import Attendance, Signal
from schemas.models.statistic import Measure, Statistic
from streams import clock
from streams.policy import Policy, Warn
from streams.rows import Table, moment, name, since
from streams.signals import silence
from streams.signals.days import number, over, text
from streams.signals.detect import REACH, exceeded
from streams.signals.words import why
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict, as_it_is

_COUNT = Table(1, "How many count on a day of a watched series under a word, with the id of the statistic.")
_SIGNAL = Table(2, "The signal of a day, as it is written.", Signal)
_WAITS = Table(3, "What is to be looked at when a moment has passed, by slot.")
CLOCK = clock.table(4)


def stage(policy: Policy) -> Stage:
    """The stage under a policy."""
    warn = policy.signals

    def step(message: Message, state: State) -> Outcome:
        value = message.value
        if isinstance(value, Tick):
            return _pass_time(value, state)
        if isinstance(value, Attendance):
            return silence.attend(value, state)
        assert isinstance(value, Statistic)
        return _count(value, state) if warn.watches(value) else Outcome(Verdict.DUPLICATE)

    def settle(touched: list[str], state: State) -> Iterator[Emit]:
        days: dict[str, set[int]] = {}
        for sort, what in (one.split(" ", 1) for one in touched):
            if sort == "place":
                yield from _place(what, state, warn)
            else:
                series, _, day = what.rpartition(" ")
                days.setdefault(series, set()).add(number(day))
        for series, changed in days.items():
            yield from _series(series, changed, state, warn)

    inputs, outputs = ("statistic", "statistic.visit", "control.tick"), ("signal", "signal.silence")
    tables = (_COUNT, _SIGNAL, _WAITS, CLOCK, silence.VISIT, silence.DAY, silence.SILENT)
    return Stage("signals", inputs, outputs, step, settle_all=settle, tables=tables, version=2, migrations={1: as_it_is})


def _count(fact: Statistic, state: State) -> Outcome:
    series = f"{fact.region} {fact.measure} {fact.value if fact.measure is Measure.SYMPTOM else ''}"
    row = _COUNT.about(series) + moment(number(fact.day)) + name(fact.value)
    data = state.get(row)
    if (data is not None and data[8:].hex() == fact.id) != fact.retracted:
        return Outcome(Verdict.DUPLICATE)
    if fact.retracted:
        state.delete(row)
    else:
        state.put(row, moment(fact.count) + bytes.fromhex(fact.id))
    return Outcome(Verdict.APPLIED, touched=[f"series {series} {fact.day}"])


def _pass_time(tick: Tick, state: State) -> Outcome:
    """Let it be so late; only what ends by it is looked at."""
    slots = clock.later(CLOCK, tick, state)
    waited = clock.due(_WAITS, slots, tick.at + 1, state)
    for row, _ in waited:
        state.delete(row)
    return Outcome(Verdict.APPLIED if slots else Verdict.DUPLICATE, touched=[what for _, what in waited])


def _place(place: str, state: State, warn: Warn) -> Iterator[Emit]:
    slot = clock.slot(silence.SILENT.about(place))
    now = clock.latest(CLOCK, slot, state)
    at = silence.silent_from(place, state, warn)
    if at is not None and at > now:
        _wait(slot, at, f"place {place}", state)
    return silence.settle(place, now, state, warn)


def _series(series: str, changed: set[int], state: State, warn: Warn) -> Iterator[Emit]:
    """Judge again every day that a changed day is in, or by which it is judged, and that is over."""
    slot = clock.slot(_COUNT.about(series))
    now = clock.latest(CLOCK, slot, state)
    first, last = min(changed), max(changed) + REACH
    counts, causes = _read(series, first - REACH, last, state)
    old = {since(row[-8:]): unpack(Signal, data) for row, data in state.scan(*_between(_SIGNAL, series, first, last))}
    near = {day for one in changed for day in range(one, one + REACH + 1)}
    for day in sorted(near & (counts.keys() | old.keys())):
        new = None
        if over(day) > now:
            _wait(slot, over(day), f"series {series} {text(day)}", state)
        elif day in counts:
            new = _signal(series, day, counts, causes, warn)
        yield from _write(series, day, old.get(day), new, state)


def _signal(series: str, day: int, counts: dict[int, int], causes: dict[int, list[str]], warn: Warn) -> Signal | None:
    region, measure, value = series.split(" ")
    found = exceeded(counts, day, warn, warn.needs(Measure(measure)))
    if not found:
        return None
    en, zh = why(region, Measure(measure), value, text(day), counts[day], found)
    return Signal.of(
        causes=sorted(one for before in range(day - REACH, day + 1) for one in causes.get(before, [])), at=over(day), region=region, measure=Measure(measure),
        value=value, day=text(day), observed=counts[day], exceeded=found, why=en, why_zh=zh,
    )  # fmt: skip


def _write(series: str, day: int, old: Signal | None, new: Signal | None, state: State) -> Iterable[Emit]:
    row = _SIGNAL.about(series) + moment(day)
    if old and (new is None or new.id != old.id):
        state.delete(row)
        yield Emit("signal", old.region, old.taken_back())
    if new and (old is None or new.id != old.id):
        state.put(row, pack(new))
        yield Emit("signal", new.region, new)


def _read(series: str, first: int, last: int, state: State) -> tuple[dict[int, int], dict[int, list[str]]]:
    """How many count on each day, and the facts that say so."""
    counts: dict[int, int] = {}
    causes: dict[int, list[str]] = {}
    for row, data in state.scan(*_between(_COUNT, series, first, last)):
        day = since(row[17:25])
        counts[day] = counts.get(day, 0) + since(data[:8])
        causes.setdefault(day, []).append(data[8:].hex())
    return counts, causes


def _between(table: Table, series: str, first: int, last: int) -> tuple[bytes, bytes]:
    start = table.about(series)
    return start + moment(first), start + moment(last + 1)


def _wait(slot: int, at: Millis, what: str, state: State) -> None:
    state.put(_WAITS.about(str(slot)) + moment(at) + name(what), what.encode())
