"""Facilities, schools and workplaces from which nothing comes any more though they reported nearly every day.

Whether a facility is silent follows from the days of which it reported and from the latest tick: when the last of them is as long over as the policy says.
A fact is counted once, so a count of a day is beside the facts that it counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from schemas.avro import pack, unpack
from schemas.models.fact import Millis
from schemas.models.signal import Attendance, Silence
from streams.policy import Warn
from streams.rows import Table, moment, name, since
from streams.signals.days import number, over, text
from streams.stage import Emit, Outcome, State, Verdict

VISIT = Table(11, "That a facility reported: 1 for every day of the week, w for working days.")
DAY = Table(12, "How many visits a facility reported of a day, with the id of one, the latest day first.")
SILENT = Table(13, "That a facility is silent, as it is written.", Silence)
_WEEK = 7
_THURSDAY, _FRIDAY = 3, 4
"""Days of the week, Monday being 0; the first day that is counted, 1970-01-01, was a Thursday."""


def attend(fact: Attendance, state: State) -> Outcome:
    """Let a visit count, or count no more."""
    place, day = VISIT.about(fact.place) + moment(-number(fact.day)) + name(fact.id), DAY.about(fact.place) + moment(-number(fact.day))
    if (state.get(place) is None) == fact.retracted:
        return Outcome(Verdict.DUPLICATE)
    count = since(state.get(day) or moment(0)) + (-1 if fact.retracted else 1)
    if fact.retracted:
        state.delete(place)
    else:
        state.put(place, b"w" if fact.working_days else b"1")
    if count:
        state.put(day, moment(count))
    else:
        state.delete(day)
    return Outcome(Verdict.APPLIED, touched=[f"place {fact.place}"])


def settle(place: str, now: Millis, state: State, warn: Warn) -> Iterator[Emit]:
    """Say whether a facility is silent by the latest tick."""
    row = SILENT.about(place)
    data = state.get(row)
    old, new = unpack(Silence, data) if data else None, _silence(place, now, state, warn)
    if old and (new is None or new.id != old.id):
        state.delete(row)
        yield Emit("signal.silence", place, old.taken_back())
    if new and (old is None or new.id != old.id):
        state.put(row, pack(new))
        yield Emit("signal.silence", place, new)


def silent_from(place: str, state: State, warn: Warn) -> Millis | None:
    """When a facility is silent unless it reports; None when it was never usual that it did."""
    days = _last(place, state)
    if len(days) < warn.usual_days:
        return None
    return over(_later(days[0], warn.silent_days) if _first(place, state)[1] == b"w" else days[0] + warn.silent_days)


def _silence(place: str, now: Millis, state: State, warn: Warn) -> Silence | None:
    at = silent_from(place, state, warn)
    if at is None or at > now:
        return None
    days = _last(place, state)
    first = _first(place, state)[0][-16:].hex()
    last, many = text(days[0]), len(days)
    return Silence.of(
        causes=[first], at=at, place=place, last=last, days=many,
        why=f"{place} reported on {many} of the 7 days until {last}, and on none of the {warn.silent_days} since. Any report of a later day takes this back.",
        why_zh=f"{place}至{last}的7天中有{many}天上报，此后{warn.silent_days}天未上报。收到此后任何一天的上报即撤回。",
    )  # fmt: skip


def _first(place: str, state: State) -> tuple[bytes, bytes]:
    """The row of the latest day on which a facility reported."""
    return next(iter(state.scan(*VISIT.under(place))))


def _later(day: int, working: int) -> int:
    """The day by which so many working days are over after a day, Saturdays and Sundays left out; holidays are not known here."""
    for _ in range(working):
        day += {_FRIDAY: 3, _FRIDAY + 1: 2}.get((day + _THURSDAY) % _WEEK, 1)
    return day


def _last(place: str, state: State) -> list[int]:
    """The days of the last week of which a facility reported, the latest first."""
    days = [-since(key[-8:]) for key, _ in islice(state.scan(*DAY.under(place)), _WEEK)]
    return [day for day in days if day > days[0] - _WEEK]
