"""What follows from a batch of raw records, and what is left for the next."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from schemas.codec import Codec
from schemas.models.raw import Ledger, Raw, Reject
from schemas.topics import MODELS
from streams.memory import MemoryState
from streams.runtime.batch import Computed, compute
from streams.runtime.overlay import Overlay
from streams.runtime.share import FEWEST, Unusual
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


def _raw(number: int) -> Raw:
    return Raw(source="gate", record=f"{number:032x}", version=1, digest="d", body=b"x", received_at=5)


def _fails_on_three(message: Message, state: State) -> Outcome:
    """Keeps each record; fails on the fourth, after it has begun."""
    assert isinstance(message.value, Raw)
    state.put(b"\1last", message.value.record.encode())
    state.put(b"\1" + message.value.record.encode(), b"x")
    if message.value.record.endswith("3"):
        raise ValueError("王样本 cannot be handled")
    return Outcome(Verdict.APPLIED, [Emit("raw.gate", message.value.record, message.value)])


KEEPS = Stage("keeps", ("raw.gate",), ("raw.gate",), _fails_on_three)


def raw_records(*numbers: int, key: bytes | None = None) -> list[Any]:
    """Raw messages of one partition, each under its own key or all under another."""
    return [SimpleNamespace(topic="p.raw.gate", partition=3, offset=number, key=key or f"{number:032x}".encode(), timestamp=5,
                            value=CODEC.encode("raw.gate", _raw(number))) for number in numbers]  # fmt: skip


def rejects(found: Computed) -> list[Reject]:
    """The rejects among what is written."""
    values = [CODEC.decode(value) for _, value in found.outputs.get("p.reject", []) if value]
    return [value for value in values if isinstance(value, Reject)]


def tally(found: Computed) -> tuple[int, int, int]:
    """What the ledger says: received, applied, rejected."""
    ((_, value),) = found.outputs["p.ledger"]
    told = CODEC.decode(value or b"")
    assert isinstance(told, Ledger)
    return told.received, told.applied, told.rejected


def test_a_record_that_a_step_fails_on_is_refused_alone() -> None:
    """The others of its batch go on, what it had begun is dropped, and its reject says where it is and where the step failed, but nothing that it holds."""
    overlay = Overlay(MemoryState())
    overlay.put(b"before", b"x")
    found = compute(KEEPS, CODEC, "p.", raw_records(1, 2, 3, 4), overlay)
    (reject,) = rejects(found)
    assert (reject.pointer.topic, reject.pointer.partition, reject.pointer.offset) == ("raw.gate", 3, 3)
    assert "cannot handle it: ValueError at test_batch.py:" in reject.reasons[0].problem
    assert "王样本" not in str(reject)
    assert (tally(found), found.taken, found.through) == ((4, 3, 1), 4, {"p.raw.gate": 4})
    assert overlay.get(b"before") == b"x"
    assert overlay.get(b"\1" + f"{3:032x}".encode()) is None
    assert overlay.get(b"\1last") == f"{4:032x}".encode()


def test_one_by_one_is_the_same_as_together() -> None:
    """The records of a batch that is computed again give what they give without the one that failed, also when most facts follow early."""
    with_it, without = Overlay(MemoryState()), Overlay(MemoryState())
    one, other = compute(KEEPS, CODEC, "p.", raw_records(3, 1, 2, 4), with_it), compute(KEEPS, CODEC, "p.", raw_records(1, 2, 4), without)
    assert one.outputs["p.raw.gate"] == other.outputs["p.raw.gate"]
    rows = [{key: value for key, value in overlay.changes.items() if key.startswith(b"\1")} for overlay in (with_it, without)]
    assert rows[0] == rows[1]
    few = compute(KEEPS, CODEC, "p.", raw_records(3, 1, 2, 4), Overlay(MemoryState()), 2)
    assert (few.taken, tally(few)) == (3, (3, 2, 1))


@pytest.mark.parametrize("failure", [OSError, MemoryError, RuntimeError])
def test_what_is_not_of_the_data_is_raised(failure: type[Exception]) -> None:
    """A disk that is full, memory that is gone and faults of the program are the same for every record: none is refused for them."""
    def step(message: Message, state: State) -> Outcome:
        raise failure

    with pytest.raises(failure):
        compute(Stage("s", ("raw.gate",), (), step), CODEC, "p.", raw_records(1), Overlay(MemoryState()))


@pytest.mark.parametrize("key", [b"another", b"\xff\xfe", f"{1:032x} ".encode()])
def test_a_wrong_key(key: bytes) -> None:
    """A record under another key than its own is refused: it may lie on another partition than its other versions."""
    found = compute(KEEPS, CODEC, "p.", raw_records(1, key=key), Overlay(MemoryState()))
    assert [reject.reasons[0].problem for reject in rejects(found)] == ["the key is not that of the value"]
    assert tally(found) == (1, 0, 1)


def test_no_key_and_no_value() -> None:
    """A message without a key is refused, and so is one without a value; the reject of one with an impossible time is of 1970."""
    (keyless,), (empty,) = raw_records(1), raw_records(2)
    keyless.key, empty.value, empty.timestamp = None, None, 2**62
    found = compute(KEEPS, CODEC, "p.", [keyless, empty], Overlay(MemoryState()))
    assert [(reject.reasons[0].problem, reject.at) for reject in rejects(found)] == [("the key is not that of the value", 5), ("no value where one is due", 0)]
    assert tally(found) == (2, 0, 2)


@pytest.mark.parametrize("where", ["row", "fact"])
def test_what_no_broker_takes_is_refused(where: str) -> None:
    """A record of which a row or a fact would follow that is longer than a message may be is refused, instead of stopping the partition for ever."""
    def step(message: Message, state: State) -> Outcome:
        assert isinstance(message.value, Raw)
        much = 1_100_000 if message.offset == 1 else 10
        if where == "row":
            state.put(b"\1row" + message.key.encode(), b"x" * much)
            return Outcome(Verdict.APPLIED)
        return Outcome(Verdict.APPLIED, [Emit("raw.gate", "k", message.value.model_copy(update={"body": b"x" * much}))])

    found = compute(Stage("s", ("raw.gate",), (), step), CODEC, "p.", raw_records(1, 2), Overlay(MemoryState()))
    assert [(reject.pointer.offset, "TooLong" in reject.reasons[0].problem) for reject in rejects(found)] == [(1, True)]
    assert tally(found) == (2, 1, 1)


def test_too_many_rejects_stop_the_input() -> None:
    """A batch that would refuse an unusual share raises, and says what to do; with the limit at 1 it refuses them all."""
    some = raw_records(*range(FEWEST), key=b"another")
    with pytest.raises(Unusual, match=r"stage keeps has stopped reading raw.gate on partition 3.*LIANFANG_REJECT_SHARE"):
        compute(KEEPS, CODEC, "p.", some, Overlay(MemoryState()))
    found = compute(Stage("keeps", ("raw.gate",), (), _fails_on_three, refuses=1.0), CODEC, "p.", some, Overlay(MemoryState()))
    assert tally(found) == (FEWEST, 0, FEWEST)
