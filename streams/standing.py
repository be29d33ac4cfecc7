"""The facts that stand: asserted and not taken back. The one place where assertion and retraction meet a state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from schemas.avro import pack
from schemas.models.fact import Fact
from streams.stage import Emit, Outcome, State, Verdict

F = TypeVar("F", bound=Fact)


def take(state: State, place: bytes, fact: Fact) -> Outcome:
    """Let a fact stand at a row, or fall; the verdict is duplicate when that changes nothing."""
    if (state.get(place) is None) == fact.retracted:
        return Outcome(Verdict.DUPLICATE)
    if fact.retracted:
        state.delete(place)
    else:
        state.put(place, pack(fact))
    return Outcome(Verdict.APPLIED)


def changes(old: Sequence[F], new: Sequence[F], topic: str, key: Callable[[F], str]) -> Iterable[Emit]:
    """What to write so that readers who had the old facts have the new ones: retractions first."""
    before, after = {fact.id for fact in old}, {fact.id for fact in new}
    for fact in old:
        if fact.id not in after:
            yield Emit(topic, key(fact), fact.taken_back())
    for fact in new:
        if fact.id not in before:
            yield Emit(topic, key(fact), fact)
