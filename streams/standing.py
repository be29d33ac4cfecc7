"""The facts that stand: asserted and not taken back. The one place where assertion and retraction meet a state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from pydantic import BaseModel

from schemas.avro import pack
from schemas.models.fact import Fact
from streams.stage import Emit, Outcome, State, Verdict

F = TypeVar("F", bound=Fact)

VIEWS = (
    "identity.profile", "identity.review", "identity.link", "case.linked", "isolation", "task", "notice", "supply", "dispatch", "complaint", "need", "deliver.",
)  # fmt: skip
"""Topics (or beginnings of their names) in which the latest fact of a key replaces the one before it; in all others a fact stands until it is retracted."""


def take(state: State, place: bytes, fact: F, form: Callable[[F], bytes] = pack) -> Outcome:
    """Let a fact stand at a row, in the form in which it is kept there, or fall; the verdict is duplicate when that changes nothing."""
    if (state.get(place) is None) == fact.retracted:
        return Outcome(Verdict.DUPLICATE)
    if fact.retracted:
        state.delete(place)
    else:
        state.put(place, form(fact))
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


def standing(topic: str, messages: Iterable[tuple[str, BaseModel]]) -> dict[str, BaseModel]:
    """What stands after these messages (key and value) of a topic: by key for a view, by id for facts."""
    found: dict[str, BaseModel] = {}
    for key, value in messages:
        name = key if topic.startswith(VIEWS) else value.id if isinstance(value, Fact) else ""
        if isinstance(value, Fact) and value.retracted:
            found.pop(name, None)
        elif name:
            found[name] = value
    return found
