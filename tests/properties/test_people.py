"""People by weight and by the word of stewards: the same answer for every arrival, and nothing left of what was taken back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.models.identity import Judgement, Verdict
from streams.identity import nodes
from streams.memory import Bus
from streams.stage import Emit
from tests.oracle import people
from tests.oracle.content import difference
from tests.oracle.facts import standing
from tests.properties import bus
from tests.properties.effort import examples
from tests.properties.partitioned import PartitionedBus
from tests.properties.worlds import World, worlds

CHOICES = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.sampled_from(Verdict), st.booleans()), min_size=1, max_size=4)
"""Two aliases by their places, the verdict, and whether it is taken back in the end."""


def _decisions(world: World, choices: list[tuple[int, int, Verdict, bool]]) -> list[tuple[Judgement, bool]]:
    """Decisions about aliases that there are, one after another."""
    told, _ = standing(world.sent, bus.sources(), bus.KEYS)
    aliases = sorted({token for one in told for token in (one.alias, *one.tokens.values())})
    found = []
    for at, (one, other, verdict, falls) in enumerate(choices):
        a, b = sorted((aliases[one % len(aliases)], aliases[other % len(aliases)])) if aliases else ("", "")
        if a != b:
            found.append((Judgement.of(causes=[], at=at, a=a, b=b, verdict=verdict, decider="S-1", reason="called"), falls))
    return found


def _decide(inside: Bus | PartitionedBus, decisions: list[Judgement]) -> None:
    inside.publish(Emit("identity.decision", f"{one.a} {one.b}", one) for one in decisions)
    inside.run()


def _same(inside: Bus | PartitionedBus, world: World, choices: list[tuple[int, int, Verdict, bool]]) -> None:
    """Decide before everything has arrived, then take some of it back: each time the bus shows what the oracle says."""
    made = _decisions(world, choices)
    for number, portion in enumerate(world.portions):
        bus.publish(inside, portion)
        inside.run()
        if number == 0:
            _decide(inside, [one for one, _ in made])
    wrong = difference(bus.stands(inside), bus.expected(world.sent, decisions=[one for one, _ in made]))
    assert not wrong, wrong
    _decide(inside, [one.taken_back() for one, falls in made if falls])
    wrong = difference(bus.stands(inside), bus.expected(world.sent, decisions=[one for one, falls in made if not falls]))
    assert not wrong, wrong


@given(worlds(), CHOICES)
@examples(60)
def test_decisions_give_the_answer_of_the_oracle(world: World, choices: list[tuple[int, int, Verdict, bool]]) -> None:
    """With decisions about any two aliases, made before all records came and some of them taken back, cases and releases are those of the oracle."""
    _same(bus.bus(world), world, choices)


@given(worlds(), CHOICES, st.integers(2, 5))
@examples(20)
def test_decisions_with_partitions(world: World, choices: list[tuple[int, int, Verdict, bool]], partitions: int) -> None:
    """The same with several partitions."""
    _same(bus.partitioned(world, partitions), world, choices)


@given(worlds(), CHOICES, st.integers(1, 3))
@examples(30)
def test_handles_of_too_many(world: World, choices: list[tuple[int, int, Verdict, bool]], most: int) -> None:
    """The same where a handle of two, three or four others is one of too many, as it is of fifty-one otherwise."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nodes, "MOST", most)
        patch.setattr(people, "_JOINED_AT_MOST", most)
        _same(bus.bus(world), world, choices)
