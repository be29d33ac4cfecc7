"""Versions of a record: which one stands, and what is refused, whatever the order in which they come."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.registry import sources
from schemas.models.fact import digest_of
from schemas.models.identity import Mention
from schemas.models.raw import Pointer, Raw, Reject
from schemas.models.record import Scan
from schemas.source import KINDS, Source
from streams.memory import MemoryState
from streams.normalise import rows as rows_module
from streams.normalise.rows import held
from streams.normalise.stage import stage
from streams.runtime.version import VERSION, OtherVersion, stamp, upgrade
from streams.stage import Emit, Message, Verdict
from tests.streams.trial import KEYS, Trial, token, values

DOOR = Source.model_validate(
    {
        "name": "door", "says": "s", "says_zh": "s", "owner": "o", "purpose": "p", "kind": "scan", "id": ["no"],
        "subject": {"name": "name", "phone": "phone", "account": "who", "account_in": "door"},
        "map": {"at": {"path": "at", "as": "time"}, "place": {"path": "door", "as": "code"}, "direction": {"const": "pass"}},
        "examples": [{"given": {}, "refuses": []}],
    }
)  # fmt: skip
STAGE = stage({"door": DOOR}, KEYS)
FIELDS = {"who": "ox-1", "name": "王芳", "phone": "13800000001", "at": "2020-01-20 08:05", "door": "D-1"}
APPLIED, DUPLICATE, REJECTED = Verdict.APPLIED, Verdict.DUPLICATE, Verdict.REJECTED


def raw(version: int = 1, record: str = "r", *, retracts: bool = False, fault: str | None = None, source: str = "door", **changes: Any) -> Raw:
    """A raw message with some fields changed."""
    body = json.dumps(FIELDS | changes, ensure_ascii=False, sort_keys=True).encode()
    return Raw(source=source, record=token(record), version=version, retracts=retracts, digest=digest_of(body), body=body, fault=fault, received_at=version)


def doors(trial: Trial) -> list[str]:
    """Places of the scans that stand."""
    return sorted(one.place for one in trial.stands("record.scan") if isinstance(one, Scan))


def refused(trial: Trial) -> set[tuple[int, str, str]]:
    """Version, digest and problems of everything refused."""
    return {(one.version, one.digest, "; ".join(reason.problem for reason in one.reasons)) for one in trial.stands("reject") if isinstance(one, Reject)}


def after(*raws: Raw) -> Trial:
    """A stage after some messages, one by one."""
    trial = Trial(STAGE)
    trial.give_each(raws)
    return trial


def test_inputs_and_outputs() -> None:
    """The stage reads the raw topic of every source it knows, the clock, erasures and levels, and may write every kind of record."""
    two = stage({"door": DOOR, "gate": DOOR}, KEYS)
    assert two.inputs == ("raw.door", "raw.gate", "control.tick", "control.erasure", "control.level", "carried")
    assert set(two.outputs) == {*(f"record.{kind}" for kind in KINDS), "identity.mention", "reject"}


def test_state_of_the_version_before_is_refused() -> None:
    """Rows that hold blocks are not read as if they held mentions: the stage does not start on them, and says what to do."""
    store = MemoryState()
    store.put(VERSION, stamp(replace(STAGE, version=1)))
    with pytest.raises(OtherVersion, match="read everything again"):
        upgrade(STAGE, 0, store, iter([]))


def test_what_makes_cases_is_urgent() -> None:
    """The raw topics of laboratories, clinics and outposts go before those of all other sources."""
    assert set(stage(sources(), KEYS).urgent) == {"raw.lab-result", "raw.clinic-visit", "raw.outpost-visit"}


def test_a_first_version_and_the_same_again() -> None:
    """A new record is written with its mention; the same message again, and the same content in another delivery, writes nothing."""
    trial = after(raw())
    assert [emit.topic for emit in trial.wrote] == ["record.scan", "identity.mention"]
    assert trial.give_each([raw(), raw().model_copy(update={"received_at": 99})]) == []
    assert trial.verdicts == [APPLIED, DUPLICATE, DUPLICATE]


def test_a_higher_version_replaces() -> None:
    """What the lower version said is taken back first, then the higher one says its own; the lower one that comes late writes nothing."""
    trial = after(raw(1), raw(3, door="D-3"))
    assert [(emit.topic, emit.value.retracted) for emit in trial.wrote[2:] if isinstance(emit.value, Scan | Mention)] == [
        ("record.scan", True), ("identity.mention", True), ("record.scan", False), ("identity.mention", False),
    ]  # fmt: skip
    assert trial.wrote[2].value == trial.wrote[0].value.model_copy(update={"retracted": True})
    assert trial.give_each([raw(2, door="D-2")]) == []
    assert doors(trial) == ["D-3"]
    assert trial.verdicts == [APPLIED, APPLIED, DUPLICATE]


def test_the_same_content_under_a_higher_version() -> None:
    """A version is part of a record's identity: its facts are new ones, and only they stand."""
    trial = after(raw(1), raw(2))
    assert doors(trial) == ["D-1"]
    assert trial.verdicts == [APPLIED, APPLIED]


def test_a_retraction_takes_everything_back() -> None:
    """Nothing stands after it; it comes twice without effect, and a delivery of the version that it took back is a duplicate."""
    trial = after(raw(1), raw(2, retracts=True, state="void"))
    assert not doors(trial)
    assert not trial.stands("identity.mention")
    assert trial.give_each([raw(2, retracts=True, state="void"), raw(1)]) == []
    assert trial.verdicts == [APPLIED, APPLIED, DUPLICATE, DUPLICATE]


def test_a_retraction_of_the_same_version() -> None:
    """A source that takes a version back without a new number is understood, in either order."""
    gone = raw(1, retracts=True, state="void")
    assert doors(after(raw(1), gone)) == doors(after(gone, raw(1))) == []
    assert after(gone, raw(1)).verdicts == [APPLIED, DUPLICATE]
    assert not after(gone, raw(1)).wrote


def test_a_retraction_before_its_record() -> None:
    """A retraction that overtakes its record holds; a version above it stands again."""
    trial = after(raw(2, retracts=True, state="void"), raw(1))
    assert doors(trial) == []
    trial.give_each([raw(3, door="D-3")])
    assert doors(trial) == ["D-3"]


def test_a_record_that_takes_itself_back_need_not_be_whole() -> None:
    """Nothing but identity and version of a retraction is read."""
    trial = after(raw(1), raw(2, retracts=True, at="", door="", who="", phone="", name=""))
    assert doors(trial) == []
    assert trial.verdicts == [APPLIED, APPLIED]


@pytest.mark.parametrize("first", [0, 1])
def test_a_source_that_contradicts_itself(first: int) -> None:
    """Of two contents of one version the same one stands in either order, and the other is refused at its own place, once."""
    both = [raw(door="D-1"), raw(door="D-2")]
    order = [both[first], both[1 - first]]
    trial = after(*order)
    winner = max(both, key=lambda one: one.digest)
    loser = min(both, key=lambda one: one.digest)
    assert doors(trial) == [json.loads(winner.body)["door"]]
    assert {(version, digest) for version, digest, _ in refused(trial)} == {(1, loser.digest)}
    (reject,) = values(trial.wrote, Reject)
    assert reject.pointer == Pointer(topic="raw.door", partition=0, offset=order.index(loser))
    assert trial.give_each(order) == []
    assert trial.verdicts == [APPLIED, APPLIED if order[1] is winner else REJECTED, DUPLICATE, DUPLICATE]


def test_a_contradiction_below_the_standing_version() -> None:
    """It is refused too, although it changes nothing that stands."""
    both = [raw(1, door="D-1"), raw(1, door="D-2")]
    for order in permutations([*both, raw(2, door="D-3")]):
        trial = after(*order)
        assert doors(trial) == ["D-3"]
        assert {(version, digest) for version, digest, _ in refused(trial)} == {(1, min(one.digest for one in both))}


def test_a_version_that_is_wrong_replaces_nothing() -> None:
    """It is refused with its reasons, the version before it stands, and the same version put right replaces that."""
    trial = after(raw(1), raw(2, at="tomorrow"))
    assert doors(trial) == ["D-1"]
    assert trial.give_each([raw(2, at="tomorrow")]) == []
    trial.give_each([raw(2, door="D-2")])
    assert doors(trial) == ["D-2"]
    assert trial.verdicts == [APPLIED, REJECTED, DUPLICATE, APPLIED]
    (reject,) = values(trial.wrote, Reject)
    assert (reject.source, reject.record, reject.version, reject.at) == ("door", token("r"), 2, 2)
    assert [reason.field for reason in reject.reasons] == ["at"]


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        (raw(fault="not UTF-8"), "not UTF-8"),
        (raw(source="window"), "the source is not known here"),
        (raw().model_copy(update={"body": b"[1]", "digest": digest_of(b"[1]")}), "not a JSON object"),
        (raw().model_copy(update={"body": b"\xff", "digest": digest_of(b"\xff")}), "not UTF-8"),
    ],
)
def test_what_cannot_be_read_is_refused(message: Raw, problem: str) -> None:
    """A fault that the connector found, a source without a file, and bytes that somebody else put there: each is refused for the whole, and the stage goes on."""
    trial = after(message, raw(record="another"))
    assert {problem for _, _, problem in refused(trial)} == {problem}
    assert trial.verdicts == [REJECTED, APPLIED]
    assert doors(trial) == ["D-1"]


def test_a_row_of_a_table() -> None:
    """The columns of a CSV row are read instead of its bytes."""
    row = raw().model_copy(update={"body": b"D-9,ox-1", "fields": FIELDS | {"door": "D-9"}})
    assert doors(after(row)) == ["D-9"]


def test_a_contradiction_about_a_handle_alone() -> None:
    """Of two contents of one version that differ in a handle, what they have in common stays, and only the mention with the handle changes."""
    both = sorted(
        (raw(who="ox-1", name="", phone="", card="11010519491231002X"), raw(who="ox-2", name="", phone="", card="11010519491231002X")),
        key=lambda one: one.digest,
    )
    trial = Trial(stage({"door": DOOR.model_copy(update={"subject": DOOR.subject.model_copy(update={"document": "card"})})}, KEYS))
    trial.give_each(both)
    assert [(emit.topic, emit.value.retracted) for emit in trial.wrote if isinstance(emit.value, Scan | Mention)] == [
        ("record.scan", False), ("identity.mention", False), ("identity.mention", True), ("identity.mention", False),
    ]  # fmt: skip
    assert trial.wrote[3].value == trial.wrote[1].value.model_copy(update={"retracted": True})
    assert len(trial.stands("identity.mention")) == 1


def test_a_message_on_the_topic_of_another_source() -> None:
    """A raw message that somebody put on another source's topic is refused, or refused later, at the place where it is."""
    step, state = stage({"door": DOOR, "gate": DOOR}, KEYS).step, MemoryState()
    both = sorted((raw(door="D-1"), raw(door="D-2")), key=lambda one: one.digest)
    outcomes = [step(Message("raw.gate", 3, 7 + number, "", one), state) for number, one in enumerate(both)]
    (reject,) = values(outcomes[1].emits, Reject)
    assert reject.pointer == Pointer(topic="raw.gate", partition=3, offset=7)


def test_records_do_not_touch_each_other() -> None:
    """Versions are counted for each record of each source by itself."""
    two = stage({"door": DOOR, "gate": DOOR.model_copy(update={"name": "gate"})}, KEYS)
    trial = Trial(two)
    trial.give_each([raw(1), raw(2, record="s", door="D-2"), raw(2, source="gate", door="D-3"), raw(3, record="s", retracts=True)])
    assert doors(trial) == ["D-1", "D-3"]


SETS: list[list[Raw]] = [
    [raw(1), raw(1, door="D-2"), raw(1, door="D-3"), raw(1, door="D-4")],
    [raw(1), raw(2, door="D-2"), raw(2, retracts=True, state="void"), raw(3, door="D-3"), raw(3, at="tomorrow")],
    [raw(1), raw(1, retracts=True), raw(1, retracts=True, state="void"), raw(2, at="x"), raw(2, door="D-2")],
    [raw(2, door="D-2"), raw(2, door="D-3"), raw(3, retracts=True), raw(1, at="x"), raw(1)],
    [raw(1), raw(2, at="x"), raw(2, at="y"), raw(1, door="D-2"), raw(record="s", door="D-5")],
]


def _result(trial: Trial) -> tuple[Any, ...]:
    return trial.stands("record.scan"), trial.stands("identity.mention"), refused(trial)


@pytest.mark.parametrize("raws", SETS)
def test_every_order_has_one_result(raws: list[Raw]) -> None:
    """What stands, and what was ever refused, is the same after every order of arrival of corrections, contradictions, mistakes and retractions."""
    results = [_result(after(*order)) for order in permutations(raws)]
    assert all(result == results[0] for result in results)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(SETS).flatmap(lambda raws: st.lists(st.sampled_from(raws), min_size=1, max_size=12)), st.integers(1, 5))
def test_repetition_and_batches_change_nothing(sent: Sequence[Raw], size: int) -> None:
    """Any messages, repeated at will and in batches of any size, have the result of each once."""
    once = after(*{one.digest + str((one.record, one.version, one.retracts)): one for one in sent}.values())
    trial = Trial(STAGE)
    for begin in range(0, len(sent), size):
        trial.give(*sent[begin : begin + size])
    assert _result(trial) == _result(once)


@pytest.mark.parametrize("raws", SETS)
def test_facts_come_and_go_one_by_one(raws: list[Raw]) -> None:
    """In what is written, no fact is asserted while it stands, and none is taken back while it does not: readers that count are never wrong."""
    for order in permutations(raws):
        standing: set[str] = set()
        for emit in after(*order).wrote:
            _step(emit, standing)


def _step(emit: Emit, standing: set[str]) -> None:
    fact = emit.value
    if isinstance(fact, Scan | Mention):
        assert (fact.id in standing) == fact.retracted
        standing ^= {fact.id}


@pytest.mark.parametrize("seed", range(5))
def test_very_many_versions(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Of forty versions in any order, most of them refused, ten are remembered and the one that stands; it is the same as when all are, and its row is short."""
    some = [raw(number, who=f"ox-{number}", door="" if number > 12 or number % 3 else f"D-{number}") for number in range(1, 41)]
    random.Random(seed).shuffle(some)
    expected = doors(after(*some))
    monkeypatch.setattr(rows_module, "_VERSIONS", 10)
    trial = after(*some)
    assert doors(trial) == expected == ["D-12"]
    ((_, row),) = trial.state.scan(b"\1", b"\2")
    assert len(held(row).versions) == 11
    assert max(one.version for one in held(row).versions if one.valid) == 12


@pytest.mark.parametrize("received", [-1, 2**62])
def test_an_impossible_arrival(received: int) -> None:
    """A record whose envelope says that it came in another age is handled like any other, and its reject is one that every calendar can show."""
    trial = after(raw(door="").model_copy(update={"received_at": received}))
    assert [one.at for one in trial.stands("reject") if isinstance(one, Reject)] == [0]
