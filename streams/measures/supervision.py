"""The stage `supervision`: refused measures in, by official; an alert out for each hour in which an official was refused more often than the policy allows.

The alert says who and when, and not how often, so that a thousand refusals more do not make a thousand alerts. The hour is that from which the measures were to
hold, in event time, so that what stands follows from the refusals alone and not from when they arrived.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from schemas.avro import pack, unpack
from schemas.models.fact import Millis
from schemas.models.measure import MeasureAlert, MeasureRefused
from streams.policy import Policy
from streams.rows import Table, name
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict, as_it_is
from streams.standing import changes, take

HOUR = 3_600_000
"""Milliseconds."""
_REFUSED = Table(1, "When a measure of an official was to begin that is refused, under the hour.", MeasureRefused)
_SAID = Table(2, "The alert that was written of an official and an hour.", MeasureAlert)


def hour_of(at: Millis) -> Millis:
    """The beginning of the hour, UTC, in which a moment lies."""
    return at // HOUR * HOUR


def stage(policy: Policy) -> Stage:
    """The stage under a policy."""

    def step(message: Message, state: State) -> Outcome:
        fact = message.value
        assert isinstance(fact, MeasureRefused)
        key = f"{fact.official} {hour_of(fact.at)}"
        outcome = take(state, _REFUSED.about(key) + name(fact.id), fact)
        if outcome.verdict is Verdict.APPLIED:
            outcome.touched.append(key)
        return outcome

    def settle(key: str, state: State) -> Iterable[Emit]:
        return list(_settle(key, state, policy.refusals.allowed))

    tables = (_REFUSED, _SAID)
    return Stage("supervision", ("measure.refused",), ("measure.alert",), step, settle, tables=tables, version=3, migrations={1: as_it_is, 2: as_it_is})


def _settle(key: str, state: State, allowed: int) -> Iterator[Emit]:
    found = [unpack(MeasureRefused, data) for _, data in state.scan(*_REFUSED.under(key))]
    old = unpack(MeasureAlert, data) if (data := state.get(_SAID.about(key))) else None
    new = _alert(found, allowed) if len(found) > allowed else None
    if new:
        state.put(_SAID.about(key), pack(new))
    elif old:
        state.delete(_SAID.about(key))
    yield from changes([old] if old else [], [new] if new else [], "measure.alert", lambda alert: f"{alert.official} {alert.at}")


def _alert(found: list[MeasureRefused], allowed: int) -> MeasureAlert:
    first = sorted(found, key=lambda one: (one.at, one.id))[: allowed + 1]
    return MeasureAlert.of(causes=[one.id for one in first], at=hour_of(first[0].at), official=first[0].official, allowed=allowed)
