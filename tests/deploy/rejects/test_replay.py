"""Which raw messages a replay publishes, and in which order."""

from __future__ import annotations

from connectors.reader import Entry
from deploy.rejects.replay import replayed
from schemas.models.raw import Pointer, Raw
from tests.deploy.fakes import entry
from tests.deploy.rejects.pieces import POINTER, raw


def one(number: int, revision: int) -> Raw:
    """A scan of a number, in one of its versions."""
    return raw(scan_no=f"S-{number}", revision=revision)


def topic(*raws: Raw | None) -> list[Entry]:
    """Entries of the raw topic; None stands for bytes that are no value."""
    return [entry("raw.scan-code", value, partition=0, offset=offset) for offset, value in enumerate(raws)]


def test_highest_version_first_and_each_once() -> None:
    """What came twice is sent once, of a record with several versions the highest comes first, and each points to where it first was."""
    entries = topic(one(1, 1), one(2, 1), None, one(1, 3), one(2, 1), one(1, 2))
    found = list(replayed(lambda: entries))
    assert [raw.record for raw in found] == [one(2, 1).record, *[one(1, 1).record] * 3]
    assert [raw.version for raw in found] == [1, 3, 2, 1]
    assert [raw.original and raw.original.offset for raw in found] == [1, 3, 5, 0]
    assert {raw.replay for raw in found} == {1}
    assert [raw.body for raw in found[1:]] == [one(1, version).body for version in (3, 2, 1)]


def test_the_next_number() -> None:
    """A replay has a number of its own, higher than all before; what was replayed or repaired keeps its pointer to the bytes as they arrived."""
    repaired = one(3, 1).model_copy(update={"original": POINTER, "repair": "a" * 32})
    before = topic(one(1, 1), repaired)
    first = list(replayed(lambda: before))
    after = [*before, *topic(*first)]
    second = list(replayed(lambda: after))
    assert {raw.replay for raw in second} == {2}
    assert [raw.original for raw in second] == [Pointer(topic="raw.scan-code", partition=0, offset=0), POINTER]
    assert [raw.repair for raw in second] == [None, "a" * 32]


def test_only_some() -> None:
    """Only the records with the digests that are asked for are sent."""
    entries = topic(one(1, 1), one(2, 1), one(1, 2))
    assert [raw.version for raw in replayed(lambda: entries, {one(1, 2).digest})] == [2]
    assert list(replayed(lambda: entries, set())) == []
