"""Reconciliation finds each kind of difference between ledgers and topics, and takes nothing else for one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connectors.reader import Entry
from deploy import admin as module
from deploy.bus import Bus
from deploy.docs.shipped import shipped
from deploy.reconcile import Row, gone, latest, places, reconcile, rows
from schemas.models.movement import Presence
from schemas.models.raw import Ledger, Pointer, Reject
from schemas.settings import Settings
from streams.stage import Stage
from tests.deploy.fakes import FakeAdmin, FakeReader, entry

STAGE = next(stage for stage in shipped().stages if stage.name == "contacts")
OTHER = replace(STAGE, name="others")


def ledger(received: int, *, through: int | None = None, applied: int | None = None, duplicates: int = 0, rejected: int = 0, partition: int = 0,
           topic: str = "presence", stage: str = "contacts") -> Ledger:  # fmt: skip
    """A ledger; what is not said adds up."""
    took = received - duplicates - rejected if applied is None else applied
    return Ledger(stage=stage, topic=topic, partition=partition, through=received - 1 if through is None else through, received=received, applied=took,
                  duplicates=duplicates, rejected=rejected)  # fmt: skip


def row(ledgers: Iterable[Ledger], offsets: dict[tuple[str, int], list[int]], *, old: Iterable[tuple[str, int]] = (), rejects: int = 0,
        stages: tuple[Stage, ...] = (STAGE,)) -> Row:  # fmt: skip
    """The first row: of the stage `contacts` and its input `presence`."""
    found = latest(entry("ledger", one) for one in ledgers)
    return rows(stages, found, offsets, set(old), {"presence": rejects})[0]


def test_all_adds_up() -> None:
    """What is on the topic was received, and applied, or a duplicate, or rejected with its reject."""
    found = row([ledger(3, duplicates=1, rejected=1), ledger(2, partition=1)], {("presence", 0): [0, 1, 2], ("presence", 1): [0, 1]}, rejects=1)
    assert (found.on_topic, found.received, found.applied, found.duplicates, found.rejected, found.waiting) == (5, 5, 3, 1, 1, 0)
    assert found.problems == []


def test_gaps_in_offsets_are_no_loss() -> None:
    """Transaction markers leave gaps in the offsets; messages are counted, not offsets."""
    assert row([ledger(3, through=9)], {("presence", 0): [0, 4, 9]}).problems == []


def test_waiting_is_not_a_problem() -> None:
    """Messages after the place that the stage has reached wait; so do those of a partition that it never read."""
    found = row([ledger(2)], {("presence", 0): [0, 1, 2, 3], ("presence", 1): [0]})
    assert (found.waiting, found.problems) == (3, [])


def test_ledger_that_does_not_add_up() -> None:
    """A ledger whose parts are not its sum is found."""
    assert row([ledger(3, applied=2)], {("presence", 0): [0, 1, 2]}).problems == ["received is not applied + duplicates + rejected"]


def test_skipped_message() -> None:
    """A message that lies before the place reached and was never received is a loss, however much still waits."""
    found = row([ledger(2, through=4)], {("presence", 0): [0, 2, 4, 5, 6]})
    assert (found.waiting, found.problems) == (2, ["1 were skipped"])


def test_counted_twice() -> None:
    """More received than there is on a topic from which nothing has gone is a double count."""
    assert row([ledger(4, through=2)], {("presence", 0): [0, 1, 2]}).problems == ["1 more were received than there are on the topic"]


def test_loss_and_double_count_do_not_cancel() -> None:
    """One message lost on one partition and one counted twice on another are two problems and not none."""
    found = row([ledger(1, through=1), ledger(3, through=1, partition=1)], {("presence", 0): [0, 1], ("presence", 1): [0, 1]})
    assert found.problems == ["1 were skipped", "1 more were received than there are on the topic"]


def test_missing_rejects() -> None:
    """Rejected messages without their rejects are found; more rejects than the ledger counts are none (a conflict can be found later)."""
    assert row([ledger(3, rejected=2)], {("presence", 0): [0, 1, 2]}, rejects=1).problems == ["1 rejects are missing"]
    assert row([ledger(3, rejected=2)], {("presence", 0): [0, 1, 2]}, rejects=5).problems == []


def test_rejects_of_all_stages_that_read_a_topic() -> None:
    """Two stages that refuse messages of one topic need the rejects of both."""
    two = [ledger(1, rejected=1), ledger(1, rejected=1, stage="others")]
    assert row(two, {("presence", 0): [0]}, rejects=1, stages=(STAGE, OTHER)).problems == ["1 rejects are missing"]
    assert row(two, {("presence", 0): [0]}, rejects=2, stages=(STAGE, OTHER)).problems == []


def test_what_has_gone_by_age_is_no_double_count() -> None:
    """When old messages have gone, more can have been received than there is; but a skipped one is still seen."""
    found = row([ledger(90, through=99)], {("presence", 0): [98, 99, 100]}, old=[("presence", 0)])
    assert (found.gone, found.waiting, found.problems) == (True, 1, [])
    assert row([ledger(1, through=99)], {("presence", 0): [98, 99, 100]}, old=[("presence", 0)]).problems == ["1 were skipped"]


def test_emptied_partition() -> None:
    """A partition from which all has gone adds up; one that is empty although nothing has gone from it was made anew."""
    assert row([ledger(5)], {}, old=[("presence", 0)]).problems == []
    assert row([ledger(5)], {}).problems == ["5 more were received than there are on the topic"]


def test_last_ledger_counts() -> None:
    """Of several ledgers of a partition the last one written counts; bytes that are no ledger are passed over."""
    found = latest([entry("ledger", ledger(1)), entry("ledger", ledger(4)), entry("ledger", None)])
    assert found == {"contacts": {("presence", 0): ledger(4)}}


def test_places() -> None:
    """Messages are counted by partition, those that cannot be decoded too."""
    found = places([entry("presence", None, offset=3), entry("presence", None, offset=7), entry("presence", None, partition=1, offset=2)])
    assert {place: list(offsets) for place, offsets in found.items()} == {("presence", 0): [3, 7], ("presence", 1): [2]}


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bus:
    """A bus whose broker has all topics, on two partitions, with nothing gone but from one."""
    (tmp_path / "secret").write_bytes(bytes(32))
    made = Bus(Settings(home=tmp_path, brokers="broker.test:9092", registry="http://registry.test", namespace="ns.", partitions=2))
    fake = FakeAdmin()
    for name in made.topics:
        fake.add(f"ns.{name}", 2, {})
    fake.begins["ns.raw.travel", 1] = 12
    monkeypatch.setattr(module, "KafkaAdminClient", lambda **_: fake)
    return made


def test_gone(bus: Bus) -> None:
    """Messages have gone from a partition that begins above 0, and may have from every compacted one."""
    assert gone(bus, ["raw.travel", "presence", "case.linked"]) == {("raw.travel", 1), ("case.linked", 0), ("case.linked", 1)}


def messages(topic: str, count: int) -> list[Entry]:
    """Some messages of partition 0."""
    return [entry(topic, None, offset=offset) for offset in range(count)]


def test_reconcile_has_a_row_for_each_stage_and_input(bus: Bus) -> None:
    """Every input of every stage has its row, each source its own; a topic that two stages read is counted for both."""
    reject = Reject.of(causes=[], at=0, source="scan-code", record="r", version=1, digest="d", reasons=[], pointer=Pointer(topic="raw.scan-code", partition=0, offset=1))
    entries = [
        *messages("raw.scan-code", 3), *messages("record.gate", 2), entry("reject", reject),
        entry("ledger", ledger(3, stage="normalise", topic="raw.scan-code", rejected=1)),
        entry("ledger", ledger(2, stage="movements", topic="record.gate")), entry("ledger", ledger(1, stage="evidence", topic="record.gate")),
    ]  # fmt: skip
    reader: Any = FakeReader(entries)
    found = {(one.stage, one.topic): one for one in reconcile(bus, reader)}
    assert list(found) == [(stage.name, topic) for stage in bus.stages for topic in stage.inputs]
    assert {f"raw.{name}" for name in bus.sources} | {"control.tick", "control.erasure", "control.level", "carried"} == {topic for stage, topic in found if stage == "normalise"}
    assert found["normalise", "raw.scan-code"].rejected == 1
    assert found["movements", "record.gate"].waiting == 0
    assert found["evidence", "record.gate"].waiting == 1
    assert all(one.problems == [] for one in found.values())


def test_kinds_of_values_do_not_matter(bus: Bus) -> None:
    """Messages are counted whatever they hold: a value, or bytes that are none."""
    presence = Presence.of(causes=[], at=0, alias="a", place="p", until=0)
    reader: Any = FakeReader([entry("presence", presence), entry("presence", None, offset=1), entry("ledger", ledger(2))])
    (found,) = [one for one in reconcile(bus, reader) if (one.stage, one.topic) == ("contacts", "presence")]
    assert (found.on_topic, found.problems) == (2, [])
