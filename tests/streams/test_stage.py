"""What running a batch of messages through a stage means."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.models.movement import Presence
from streams.memory import MemoryState
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict, run_batch


def message(place: str, at: int, topic: str = "presence", partition: int = 0) -> Message:
    """A message with a presence."""
    return Message(topic, partition, at, place, Presence.of(causes=[], at=at, until=at, alias="a" * 32, place=place))


def _step(message: Message, state: State) -> Outcome:
    """Count the messages of a key; refuse odd offsets; say each message at once, and the key later."""
    if message.offset % 2:
        return Outcome(Verdict.REJECTED)
    key = message.key.encode()
    state.put(key, (state.get(key) or b"") + b"x")
    return Outcome(Verdict.APPLIED, [Emit("echo", message.key, message.value)], [message.key])


def _settle(key: str, state: State) -> Iterable[Emit]:
    yield Emit("count", f"{key} {len(state.get(key.encode()) or b'')}", message(key, 0).value)


STAGE = Stage("counting", ("presence", "exposure"), ("echo", "count"), _step, _settle)


def keys(emits: list[Emit]) -> list[tuple[str, str]]:
    """Topic and key of each."""
    return [(emit.topic, emit.key) for emit in emits]


def test_what_follows_at_once_comes_before_what_is_settled() -> None:
    """Each message's own facts come in order; each touched key is settled once, after the last message, in the order in which it was first touched."""
    emits, _ = run_batch(STAGE, [message("b", 0), message("a", 2), message("b", 4), message("c", 5)], MemoryState())
    assert keys(emits) == [("echo", "b"), ("echo", "a"), ("echo", "b"), ("count", "b 2"), ("count", "a 1")]


def test_counts_are_by_input_and_partition() -> None:
    """Every message is counted once, under its verdict, at its topic and partition."""
    messages = [message("a", 0), message("a", 1), message("a", 2, partition=3), message("a", 4, "exposure"), message("a", 6, "exposure")]
    _, counts = run_batch(STAGE, messages, MemoryState())
    assert counts == {
        ("presence", 0): {Verdict.APPLIED: 1, Verdict.DUPLICATE: 0, Verdict.REJECTED: 1},
        ("presence", 3): {Verdict.APPLIED: 1, Verdict.DUPLICATE: 0, Verdict.REJECTED: 0},
        ("exposure", 0): {Verdict.APPLIED: 2, Verdict.DUPLICATE: 0, Verdict.REJECTED: 0},
    }


def test_a_stage_without_settling() -> None:
    """Touched keys are nothing to it."""
    plain = Stage("plain", ("presence",), ("echo",), _step)
    emits, _ = run_batch(plain, [message("a", 0)], MemoryState())
    assert keys(emits) == [("echo", "a")]
    assert run_batch(plain, [], MemoryState()) == ([], {})


def test_changelog() -> None:
    """The changelog of a stage is named by it."""
    assert STAGE.changelog == "state.counting"


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9)), max_size=10), st.integers(1, 5))
def test_batches_of_any_size_have_one_end(told: list[tuple[str, int]], size: int) -> None:
    """The state, the echoes and the last count of each key do not depend on how messages fall into batches."""
    messages = [message(key, at) for key, at in told]
    whole, parts = MemoryState(), MemoryState()
    at_once, _ = run_batch(STAGE, messages, whole)
    bit_by_bit = [emit for begin in range(0, len(messages), size) for emit in run_batch(STAGE, messages[begin : begin + size], parts)[0]]
    assert list(whole.scan(b"", b"z")) == list(parts.scan(b"", b"z"))
    assert [emit for emit in at_once if emit.topic == "echo"] == [emit for emit in bit_by_bit if emit.topic == "echo"]
    assert _last(at_once) == _last(bit_by_bit)


def _last(emits: list[Emit]) -> dict[str, str]:
    return dict(emit.key.split() for emit in emits if emit.topic == "count")
