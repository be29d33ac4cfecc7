"""The bus in memory: topics, stages that read them, and batches."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.models.fact import Fact
from schemas.models.movement import Presence
from streams.memory import Bus, Hop, MemoryState
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict
from streams.standing import take


def presence(place: str, at: int = 0) -> Presence:
    """A presence."""
    return Presence.of(causes=[], at=at, until=at, alias="a" * 32, place=place)


def said(place: str, topic: str = "first", at: int = 0) -> Emit:
    """A presence on a topic."""
    return Emit(topic, place, presence(place, at))


def forward(name: str, source: str, target: str) -> Stage:
    """A stage that passes on what it sees for the first time, and counts what it has seen before."""

    def step(message: Message, state: State) -> Outcome:
        assert isinstance(message.value, Fact)
        outcome = take(state, message.value.id.encode(), message.value)
        if outcome.verdict is Verdict.APPLIED:
            outcome.emits.append(Emit(target, message.key, message.value))
        return outcome

    return Stage(name, (source,), (target,), step)


def test_stages_run_until_nothing_is_left() -> None:
    """What one stage writes, the next reads, whichever comes first in the list."""
    for stages in ([forward("one", "first", "second"), forward("two", "second", "third")], [forward("two", "second", "third"), forward("one", "first", "second")]):
        bus = Bus(stages)
        bus.publish([said("A"), said("B")])
        bus.run()
        assert bus.topics == {topic: [said("A", topic), said("B", topic)] for topic in ("first", "second", "third")}
        assert bus.hops == [Hop(name, said(place, topic)) for name, topic in (("one", "second"), ("two", "third")) for place in "AB"]


def test_stages_go_on_where_they_stopped() -> None:
    """A second run reads only what came since, with the state of the first."""
    bus = Bus([forward("one", "first", "second")])
    bus.publish([said("A")])
    bus.run()
    bus.publish([said("A"), said("B")])
    bus.run()
    bus.run()
    assert bus.topics["second"] == [said("A", "second"), said("B", "second")]
    assert bus.counts == {"one": {Verdict.APPLIED: 2, Verdict.DUPLICATE: 1, Verdict.REJECTED: 0}}


def test_a_loop_comes_to_rest() -> None:
    """Stages that read what they write stop when nothing new is said."""
    bus = Bus([forward("one", "first", "second"), forward("two", "second", "first")])
    bus.publish([said("A")])
    bus.run()
    assert {topic: len(emits) for topic, emits in bus.topics.items()} == {"first": 2, "second": 1}


def test_messages_have_their_offsets() -> None:
    """Topic, offset and key of a message are those of the log, which has one partition."""
    seen: list[tuple[str, int, str]] = []

    def step(message: Message, state: State) -> Outcome:
        assert message.partition == 0
        seen.append((message.topic, message.offset, message.key))
        return Outcome(Verdict.APPLIED)

    bus = Bus([Stage("looking", ("first", "second"), (), step)], batch=lambda waiting: 1)
    bus.publish([said("A"), said("B"), said("C", "second")])
    bus.run()
    assert sorted(seen) == [("first", 0, "A"), ("first", 1, "B"), ("second", 0, "C")]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 2)), max_size=12), st.lists(st.integers(-1, 20), min_size=1, max_size=4))
def test_batches_take_at_least_one_and_at_most_what_waits(told: list[tuple[str, int]], sizes: list[int]) -> None:
    """Whatever sizes are asked for, every message is read once and the bus comes to rest."""
    turn = iter(range(10_000))
    bus = Bus([forward("one", "first", "second")], batch=lambda waiting: sizes[next(turn) % len(sizes)])
    bus.publish([said(place, at=at) for place, at in told])
    bus.run()
    assert sum(bus.counts["one"].values()) == len(told)
    assert len(bus.topics.get("second", [])) == len(set(told))


def test_a_batch_is_asked_for_by_what_waits() -> None:
    """How many are taken is decided with the number that waits."""
    waited: list[int] = []

    def batch(waiting: int) -> int:
        waited.append(waiting)
        return 2

    bus = Bus([forward("one", "first", "second")], batch)
    bus.publish([said(place) for place in "ABCDE"])
    bus.run()
    assert waited == [5, 3, 1]


def test_standing() -> None:
    """What stands in a topic follows from its log, and nothing stands in a topic that there is not."""
    bus = Bus([])
    bus.publish([said("A"), Emit("first", "A", presence("A").taken_back()), said("B")])
    assert bus.standing("first") == {presence("B").id: presence("B")}
    assert bus.standing("second") == {}


def test_a_scan_is_of_the_moment_it_began() -> None:
    """Rows that are changed while a scan runs do not disturb it; the end is not included."""
    state = MemoryState()
    for key in (b"a", b"b", b"c"):
        state.put(key, b"1")
    seen = []
    for key, value in state.scan(b"a", b"c"):
        state.delete(b"b")
        state.put(b"aa", b"2")
        seen.append((key, value))
    assert seen == [(b"a", b"1"), (b"b", b"1")]
    assert [key for key, _ in state.scan(b"", b"z")] == [b"a", b"aa", b"c"]


@pytest.mark.parametrize("key", [b"", b"missing"])
def test_deleting_what_is_not_there(key: bytes) -> None:
    """Nothing happens."""
    state = MemoryState()
    state.delete(key)
    assert state.get(key) is None
