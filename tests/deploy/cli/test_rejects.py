"""`lianfang rejects` and `lianfang replay`: nobody is named unless somebody says why, repairs take two people, and replays point to the originals."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from pydantic import BaseModel

from deploy.bus import Bus
from schemas.models.raw import Approval, Raw, Reject, RejectLook, Repair
from tests.deploy.cli.conftest import Run
from tests.deploy.cli.people import Sent
from tests.deploy.fakes import FakeReader, entry
from tests.deploy.rejects.pieces import FIELDS, POINTER, raw, reject

RAW = raw()
REJECT = reject(RAW)
FOREIGN = Reject.of(causes=[], at=0, source="presence", record="c3" * 16, version=0, digest="d", reasons=[{"field": "", "problem": "not in Confluent wire format"}],
                    pointer=POINTER.model_copy(update={"topic": "presence"}))  # fmt: skip
NAMES = ("杨测试", "李样本", "罗例子", "13900000001", "530624198001010010")


class Publisher(Sent):
    """Keeps what is published too."""

    def publish(self, raws: Iterable[Raw]) -> None:
        """Keep them."""
        for one in raws:
            self.send(f"raw.{one.source}", one.record, one)


class Reader(FakeReader):
    """Reads places where there is no raw message too."""

    def raw_bytes(self, topic: str, partition: int, offset: int) -> BaseModel | None:
        """The value at one place, None where the bytes are no value."""
        return super().raw_bytes(topic, partition, offset) if topic.startswith("raw.") else None


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Publisher:
    """What is sent."""
    publisher = Publisher()
    monkeypatch.setattr(Bus, "publisher", lambda _: publisher)
    return publisher


@pytest.fixture(autouse=True)
def reader(monkeypatch: pytest.MonkeyPatch, sent: Publisher) -> Reader:
    """A bus with a refused scan, foreign bytes on another topic, and what was sent since."""
    found = Reader([entry("reject", REJECT), entry("reject", FOREIGN, offset=1), entry("raw.scan-code", RAW, partition=1, offset=7)])
    monkeypatch.setattr(Bus, "reader", lambda _: found)
    return found


def again(reader: Reader, sent: Publisher) -> None:
    """Let what was sent be on the bus."""
    reader._entries += [entry(topic, value, offset=100 + number, key=key) for number, (topic, key, value) in enumerate(sent.sent)]
    sent.sent.clear()


def test_list(run: Run, reader: Reader) -> None:
    """All are listed with their reasons and how far they are, or those of one source or state; the connection is let go."""
    found = json.loads(run("rejects", "list", "--json").out)
    assert [(one["source"], one["state"]) for one in found] == [("scan-code", "open"), ("presence", "open")]
    assert [one["source"] for one in json.loads(run("rejects", "list", "--json", "--source", "presence").out)] == ["presence"]
    assert json.loads(run("rejects", "list", "--json", "--state", "repaired").out) == []
    table = run("rejects", "list").out
    assert "2 refused records" in table
    assert "place_code: expected a code" in table
    assert reader.closed


def test_show_is_masked(run: Run, sent: Publisher) -> None:
    """A record is shown by the beginning of its token with its reasons and its fields masked: it names nobody, and no look is recorded."""
    told = run("rejects", "show", REJECT.record[:8])
    assert told.code == 0
    assert "expected a code" in told.out
    assert "杨**" in told.out
    assert not [name for name in NAMES if name in told.out + run("rejects", "show", REJECT.record, "--json").out]
    assert sent.sent == []


def test_show_unmasked_is_recorded_first(run: Run, sent: Publisher) -> None:
    """With a reason and a staff code fields and bytes are shown, after the look is on the bus; with one of the two, or another word, nothing is."""
    told = run("rejects", "show", REJECT.record, "--original", "--reason", "repair", "--by", "OP-1")
    assert "杨测试" in told.out
    assert "personal data" in told.out
    ((topic, key, look),) = sent.sent
    assert isinstance(look, RejectLook)
    assert (topic, key, look.by, look.reason, sent.settled) == ("reject.look", REJECT.id, "OP-1", "repair", True)
    for words in (("--original",), ("--reason", "repair"), ("--by", "OP-1"), ("--reason", "curious", "--by", "OP-1")):
        told = run("rejects", "show", REJECT.record, *words)
        assert (told.code, told.out) == (1, "")
    assert len(sent.sent) == 1


def test_show_what_is_no_record(run: Run) -> None:
    """Of foreign bytes on a topic the place is shown, and no fields; they cannot be repaired here."""
    (shown,) = json.loads(run("rejects", "show", FOREIGN.record, "--json").out)
    assert (shown["pointer"]["topic"], shown["fields"]) == ("presence", None)
    told = run("rejects", "repair", FOREIGN.record, "--set", "a=b", "--reason", "asked", "--by", "OP-1")
    assert told.code == 1
    assert "no record of a source" in told.err


def test_show_what_is_not_there(run: Run) -> None:
    """A token that no reject begins with is a problem that names the way to find one."""
    told = run("rejects", "show", "ffff")
    assert (told.code, told.out) == (1, "")
    assert "lianfang rejects list" in told.err


def test_repaired_by_two(run: Run, reader: Reader, sent: Publisher) -> None:
    """One proposes, another approves: then the approval and the repaired record are on the bus, in this order, and the list says so; nothing printed names anybody."""
    first = run("rejects", "repair", REJECT.record[:8], "--set", "place_code=MKT-530624-07", "--reason", "wrong-code", "--by", "OP-1", "--json")
    ((topic, _, proposal),) = sent.sent
    assert isinstance(proposal, Repair)
    assert (topic, first.code, json.loads(first.out)["repair"]) == ("repair.proposal", 0, proposal.id)
    again(reader, sent)
    assert [one["state"] for one in json.loads(run("rejects", "list", "--json").out)] == ["proposed", "open"]
    (shown,) = json.loads(run("rejects", "show", REJECT.record, "--json").out)
    assert shown["repairs"] == [{"repair": proposal.id, "by": "OP-1", "reason": "wrong-code", "approved_by": [], "changes": {"place_code": "M************"}}]
    same = run("rejects", "approve", proposal.id[:10], "--by", "OP-1")
    assert (same.code, sent.sent) == (1, [])
    assert "another person" in same.err
    other = run("rejects", "approve", proposal.id[:10], "--by", "OP-2")
    assert [topic for topic, _, _ in sent.sent] == ["repair.approval", "raw.scan-code"]
    approval, mended = (value for _, _, value in sent.sent)
    assert isinstance(approval, Approval)
    assert isinstance(mended, Raw)
    assert (approval.by, mended.original, mended.repair, mended.record) == ("OP-2", POINTER, proposal.id, RAW.record)
    assert not [name for name in NAMES if name in first.out + same.err + other.out]
    kept = list(sent.sent)
    again(reader, sent)
    assert [one["state"] for one in json.loads(run("rejects", "list", "--json").out)] == ["repaired", "open"]
    assert run("rejects", "approve", proposal.id, "--by", "OP-2").code == 0
    assert sent.sent == kept, "approved again, the same is sent again"


def test_repaired_from_a_file(run: Run, sent: Publisher, tmp_path: Path) -> None:
    """The whole record may be given as a file; what would be refused again is not proposed, and the problem holds no value of it."""
    file = tmp_path / "mended.json"
    file.write_text(json.dumps(FIELDS | {"place_code": "MKT-530624-07"}, ensure_ascii=False), "utf-8")
    words = ("rejects", "repair", REJECT.record, "--reason", "documents-seen", "--by", "OP-1")
    assert run(*words, "--file", str(file)).code == 0
    assert len(sent.sent) == 1
    file.write_text(json.dumps(FIELDS, ensure_ascii=False), "utf-8")
    for more in (("--file", str(file)), ("--set", "place_code=李样本"), (), ("--set", "x"), ("--set", "a=b", "--file", str(file))):
        told = run(*words, *more)
        assert told.code == 1
        assert not [name for name in NAMES if name in told.err]
    assert len(sent.sent) == 1
    assert run("rejects", "repair", REJECT.record, "--set", "a=b", "--reason", "because", "--by", "OP-1").code == 1


def test_replay(run: Run, reader: Reader, sent: Publisher) -> None:
    """All records of a source are sent under the next number with a pointer to where they are, or only those that are refused; a source that is not there is told."""
    good = raw(scan_no="S-2", place_code="MKT-530624-07")
    reader._entries.append(entry("raw.scan-code", good, partition=0, offset=3))
    assert json.loads(run("replay", "scan-code", "--json").out) == {"source": "scan-code", "records": 2, "replay": 1}
    values = [value for _, _, value in sent.sent if isinstance(value, Raw)]
    assert [(one.record, one.replay, one.original and (one.original.partition, one.original.offset)) for one in values] == [(RAW.record, 1, (1, 7)), (good.record, 1, (0, 3))]
    sent.sent.clear()
    assert json.loads(run("replay", "scan-code", "--rejected", "--json").out)["records"] == 1
    assert [key for _, key, _ in sent.sent] == [RAW.record]
    assert run("replay", "elsewhere").code == 1
    assert run("replay", "scan-code").out.startswith("2 records of scan-code are understood anew")
