"""A trace follows causes from a record to its receipts, round the loop, and nothing that does not follow."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from connectors.reader import Entry
from deploy.bus import Bus
from deploy.trace import about, follow, steps, trace
from schemas.models.case import LinkedCase
from schemas.models.fact import Fact, fact_id
from schemas.models.identity import TIMELESS, Block, Mention, Profile, Shared
from schemas.models.movement import Contact, Exposure, Order, Presence
from schemas.models.raw import Raw
from schemas.models.release import Answer, Audit, Decision, Receipt, Release, View
from schemas.settings import Settings
from streams.identity.said import saying
from tests.deploy.fakes import FakeReader, entry

RECORD = "r" * 32


def raw(version: int = 1, record: str = RECORD) -> Raw:
    """One version of a record."""
    return Raw(source="scan-code", record=record, version=version, digest="d", body=b"{}", received_at=1000)


def presence(*causes: str, at: int = 0) -> Presence:
    """A presence that follows from these."""
    return Presence.of(causes=list(causes), at=at, alias="a", place="p", until=at)


def release(*causes: str) -> Release:
    """A release that follows from these."""
    return Release.of(causes=list(causes), at=5, agency="cuihua-community", person="p", roles=[], purpose="care", legal_basis="law", why=[], expires=9, view=View())


def audit(of: Release, decision: Decision = Decision.RELEASED) -> Audit:
    """The audit of a release."""
    return Audit(release=of.id, agency=of.agency, person=of.person, purpose=of.purpose, decision=decision, reason="", fields=[], at=of.at)


def receipt(of: Release, *, retracted: bool = False) -> Receipt:
    """The receipt of a release."""
    return Receipt(release=of.id, retracted=retracted, agency=of.agency, answer=Answer.DELIVERED, status=200, attempts=1, answered_at=77)


CAUSE = fact_id("raw", "scan-code", RECORD, 1)
HERE = presence(CAUSE)


def ids(entries: Sequence[Entry]) -> set[tuple[str, str]]:
    """Topic and id of facts."""
    return {(one.topic, one.value.id) for one in entries if isinstance(one.value, Fact)}


def test_what_people_are_follows_from_whoever_says_so() -> None:
    """A shared handle names what is said as its cause, and follows from each record that says it."""
    raws = [raw(), raw(record="s" * 32)]
    said = [Mention.of(causes=[fact_id("raw", "scan-code", one.record, 1)], at=at, alias="a" * 32, source="scan-code") for at, one in enumerate(raws)]
    shared = Shared.of(causes=[saying(said[0])], at=TIMELESS, a="a" * 32, b="b" * 32, reason="same account")
    other = Shared.of(causes=[saying(said[0].model_copy(update={"source": "clock-in"}))], at=TIMELESS, a="a" * 32, b="b" * 32, reason="same account")
    entries = [entry("identity.shared", shared), entry("identity.shared", other), *(entry("identity.mention", one) for one in said)]
    for one, its in zip(raws, said, strict=True):
        assert ids(follow([entry("raw.scan-code", one)], entries)) == {("identity.mention", its.id), ("identity.shared", shared.id)}


def test_blocks_follow_from_what_a_profile_has_compared() -> None:
    """A profile names its values, and blocks name these as their cause: they are found from every record of which the profile is."""
    said = Mention.of(causes=[CAUSE], at=0, alias="a" * 32, source="scan-code")
    profile = Profile.of(causes=[saying(said)], at=TIMELESS, alias="a" * 32, compared="c" * 32)
    block = Block.of(causes=["c" * 32], at=TIMELESS, block="d" * 32, alias="a" * 32, reason="phone")
    entries = [entry("identity.block", block), entry("identity.profile", profile), entry("identity.mention", said)]
    assert ids(follow([entry("raw.scan-code", raw())], entries)) == {(one.topic, one.value.id) for one in entries if isinstance(one.value, Fact)}


def test_effects_are_found_however_far() -> None:
    """What follows from what follows is found, whatever the order of the entries; what has other causes is not."""
    order = Order.of(causes=[HERE.id], at=0, alias="a", person="p", until=9, depth=1)
    exposure = Exposure.of(causes=["another", order.id], at=0, person="p", alias="a", place="p", until=9, depth=1)
    stranger = presence("another")
    entries = [entry("exposure", exposure), entry("trace.order", order), entry("presence", stranger), entry("presence", HERE, offset=1)]
    assert ids(follow([entry("raw.scan-code", raw())], entries)) == {("exposure", exposure.id), ("trace.order", order.id), ("presence", HERE.id)}


def test_loops_end() -> None:
    """Facts that are each other's causes, as round the loop of tracing, are each found once."""
    first = Contact.of(causes=[CAUSE, "b"], at=0, alias="a", person="p", place="p", until=0, depth=1)
    second = first.model_copy(update={"id": "b", "causes": [first.id]})
    found = follow([entry("raw.scan-code", raw())], [entry("contact", first), entry("contact", second, offset=1)])
    assert ids(found) == {("contact", first.id), ("contact", "b")}
    assert len(found) == 2


def test_retractions_are_hops_of_their_own() -> None:
    """A fact and its retraction are two hops, as they are two messages."""
    found = follow([entry("raw.scan-code", raw())], [entry("presence", HERE), entry("presence", HERE.taken_back(), offset=1)])
    assert [step.retracted for step in steps(found)] == [False, True]


def test_every_version_counts() -> None:
    """What follows from any version of the record is found."""
    second = presence(fact_id("raw", "scan-code", RECORD, 2), at=1)
    raws = [entry("raw.scan-code", raw(1)), entry("raw.scan-code", raw(2), offset=1)]
    assert ids(follow(raws, [entry("presence", HERE), entry("presence", second, offset=1)])) == {("presence", HERE.id), ("presence", second.id)}


def test_audit_and_receipts() -> None:
    """The audit of a release is a hop, and so is each answer of its receiver; those of other releases are not."""
    mine, other = release(CAUSE), release("another")
    found = follow([entry("raw.scan-code", raw())], [entry("deliver.cuihua-community", mine), entry("audit", audit(mine)), entry("audit", audit(other), offset=1)])
    assert [one.topic for one in found] == ["deliver.cuihua-community", "audit"]
    answers = [entry("receipt", receipt(mine, retracted=True), written=9), entry("receipt", receipt(other)), entry("receipt", receipt(mine), written=3)]
    assert [one.written for one in about(found, answers)] == [3, 9]


def test_releases_name_cases_by_codes_of_the_agency() -> None:
    """A release names the linked case as its agency does; it is found by that code, with its audit, and the release of another case is not."""
    linked = LinkedCase.of(causes=[CAUSE], at=0, person="p", roles=[], aliases=[], concerns=[], timeline=[], contacts=[], contact_of=[])
    mine, other = release(f"code of {linked.id}"), release("code of another")
    entries = [entry("case.linked", linked), entry("deliver.cuihua-community", mine), entry("deliver.cuihua-community", other, offset=1), entry("audit", audit(mine))]
    found = follow([entry("raw.scan-code", raw())], entries, lambda id_: [f"code of {id_}"])
    assert [(one.topic, one.offset) for one in found] == [("case.linked", 0), ("deliver.cuihua-community", 0), ("audit", 0)]


def test_steps_say_when_and_where() -> None:
    """A hop says its event time, when it was written, how long after the arrival, and where it lies."""
    mine = release(CAUSE)
    told = steps([
        entry("raw.scan-code", raw(3), written=100), entry("presence", HERE, partition=2, offset=7, written=140),
        entry("audit", audit(mine, Decision.RETRACTED), written=150), entry("receipt", receipt(mine), written=160),
    ])  # fmt: skip
    assert [(one.fact, one.retracted, one.at, one.after) for one in told] == [
        ("version 3", False, 1000, 0), (HERE.id, False, 0, 40), (mine.id, True, 5, 50), (mine.id, False, 77, 60),
    ]  # fmt: skip
    assert told[1].where == "presence/2/7"
    assert steps([]) == []


def test_only_messages_of_the_path_are_hops() -> None:
    """Something that is no message of the path cannot be told as a hop."""
    with pytest.raises(TypeError, match="View is no hop"):
        steps([entry("odd", View())])


@pytest.fixture
def bus(tmp_path: Path) -> Bus:
    """A bus of what is shipped."""
    (tmp_path / "secret").write_bytes(bytes(32))
    return Bus(Settings(home=tmp_path))


def test_trace_is_in_the_order_of_the_path(bus: Bus) -> None:
    """The hops come from the raw message to the receipt, in the order of the stages, then of time."""
    second = presence(CAUSE, at=1)
    mine = release(second.id)
    entries = [
        entry("receipt", receipt(mine), written=60), entry("deliver.cuihua-community", mine, written=50), entry("audit", audit(mine), written=50),
        entry("presence", second, offset=1, written=40), entry("presence", HERE, written=30), entry("raw.scan-code", raw(), written=10),
        entry("raw.scan-code", raw(record="x" * 32), offset=1, written=11), entry("raw.travel", None, written=12),
    ]  # fmt: skip
    reader: Any = FakeReader(entries)
    found = trace(bus, reader, RECORD)
    assert [one.topic for one in found] == ["raw.scan-code", "presence", "presence", "deliver.cuihua-community", "audit", "receipt"]
    assert [one.after for one in found] == [0, 20, 30, 40, 40, 50]


def test_unknown_record(bus: Bus) -> None:
    """A record that is on no raw topic has no hops."""
    reader: Any = FakeReader([entry("presence", HERE)])
    assert trace(bus, reader, RECORD) == []


def test_every_topic_of_the_path_is_read(bus: Bus) -> None:
    """No topic that a stage writes is left out, so that a new one is traced without another edit."""
    asked: list[str] = []

    class Noting(FakeReader):
        def read(self, topic: str) -> Any:
            asked.append(topic)
            return super().read(topic)

    reader: Any = Noting([entry("raw.scan-code", raw())])
    trace(bus, reader, RECORD)
    assert {topic for stage in bus.stages for topic in stage.outputs} | {f"raw.{name}" for name in bus.sources} | {"receipt"} == set(asked)
    assert len(asked) == len(set(asked))
