"""What follows from a batch of raw records, and what is left for the next."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from schemas.codec import Codec
from schemas.models.raw import Ledger
from schemas.topics import MODELS
from streams.memory import MemoryState
from streams.runtime.batch import Computed, compute
from streams.runtime.overlay import Overlay
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict
from tests.streams.runtime.test_task import Registry, ledger

CODEC = Codec(Registry(), MODELS)


def _ten(message: Message, state: State) -> Outcome:
    return Outcome(Verdict.APPLIED, [Emit("contact", "k", message.value)] * 10, touched=["x"])


def _settle(key: str, state: State) -> list[Emit]:
    return [Emit("presence", key, ledger(0))]


STAGE = Stage("s", ("ledger",), ("contact", "presence"), _ten, _settle)


def records(count: int, spoiled: int | None = None) -> list[Any]:
    """Records of one partition, of which one may be no value of the bus."""
    return [
        SimpleNamespace(topic="p.ledger", partition=3, offset=100 + number, key=b"k", timestamp=5,
                        value=b"garbage" if number == spoiled else CODEC.encode("ledger", ledger(number)))
        for number in range(count)
    ]  # fmt: skip


def computed(some: list[Any], most: int) -> tuple[Computed, Ledger]:
    """What is computed, and its ledger."""
    found = compute(STAGE, CODEC, "p.", some, Overlay(MemoryState()), most)
    ((_, value),) = found.outputs["p.ledger"]
    assert value
    told = CODEC.decode(value)
    assert isinstance(told, Ledger)
    return found, told


@pytest.mark.parametrize(("most", "taken"), [(1, 1), (10, 1), (11, 2), (45, 5), (10_000, 200)])
def test_leaves_what_would_be_too_much(most: int, taken: int) -> None:
    """No further record is taken once so many facts follow; what is taken is counted and settled, and the rest is as if it had not been read."""
    found, told = computed(records(200), most)
    assert (found.taken, told.received, told.through) == (taken, taken, 99 + taken)
    assert found.through == {"p.ledger": 99 + taken}
    assert {topic: len(some) for topic, some in found.outputs.items()} == {"p.contact": 10 * taken, "p.presence": 1, "p.ledger": 1}


@pytest.mark.parametrize("spoiled", [0, 2, 3])
def test_a_reject_among_them(spoiled: int) -> None:
    """A record that is no value counts as taken when it stands before the last that is taken, and otherwise waits with the rest."""
    found, told = computed(records(4, spoiled), 25)
    expected = 3 if spoiled == 3 else 4
    assert (found.taken, told.received, told.rejected) == (expected, expected, int(spoiled < 3))
    assert len(found.outputs.get("p.reject", [])) == int(spoiled < 3)
