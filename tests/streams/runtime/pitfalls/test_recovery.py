"""State and its changelog: in which order they are written, and a changelog that is empty, cut, shorter than the store claims, or does not move."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from faust.events import Event
from faust.streams import _current_event

from schemas.brokers import Brokers
from streams.runtime import changelog
from streams.runtime.changelog import RecoveryStuck, recover
from streams.runtime.store import Store
from tests.streams.runtime.pitfalls import stock
from tests.streams.runtime.test_task import Producer, Rig

LOG, INPUT = TopicPartition("state.s", 0), TopicPartition("ledger", 0)


class Log:
    """A consumer of a changelog that holds some rows by offset, from `first` to `end`."""

    def __init__(self, rows: dict[int, tuple[bytes, bytes | None]], first: int = 0, end: int | None = None) -> None:
        self.rows, self.first = rows, first
        self.end = end if end is not None else max(rows, default=first - 1) + 1
        self.at = 0
        self.sought: list[int] = []

    async def start(self) -> None:
        """Nothing to connect."""

    async def stop(self) -> None:
        """Nothing to let go of."""

    def assign(self, _: Any) -> None:
        """It has one partition."""

    def pause(self, *_: Any) -> None:
        """The inputs are not read here."""

    def seek(self, _: Any, offset: int) -> None:
        """Go there."""
        self.at = offset
        self.sought.append(offset)

    async def beginning_offsets(self, parts: list[TopicPartition]) -> dict[TopicPartition, int]:
        """The inputs begin at 2."""
        return {part: self.first if part == LOG else 2 for part in parts}

    async def end_offsets(self, parts: list[TopicPartition]) -> dict[TopicPartition, int]:
        """Where it ends."""
        return dict.fromkeys(parts, self.end)

    async def committed(self, _: TopicPartition) -> int | None:
        """Nothing is."""
        return None

    async def getmany(self, _: Any, **__: Any) -> dict[TopicPartition, list[Any]]:
        """What comes next; nothing when there is nothing, and then markers are passed over."""
        await asyncio.sleep(0)
        found = [SimpleNamespace(offset=offset, key=key, value=value) for offset, (key, value) in self.rows.items() if offset >= self.at]
        self.at = self.end if self.rows or self.first == self.end else self.at
        return {LOG: found} if found else {}

    async def position(self, _: Any) -> int:
        """Where it is."""
        return self.at


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    made = Store(tmp_path / "store")
    yield made
    made.close()


def recovered(store: Store, log: Log, monkeypatch: pytest.MonkeyPatch) -> dict[TopicPartition, int]:
    """Recover a store from a changelog."""
    monkeypatch.setattr(changelog, "reading", lambda *_: log)
    return asyncio.run(recover(Brokers(""), "g", LOG, store, [INPUT], lambda _: None))


def test_stock_writes_a_table_before_its_changelog() -> None:
    """A table holds what was set while its changelog has nothing of it (R340): after a crash and on another worker the two differ, and counts are of neither."""
    async def run(made: Any) -> None:
        table = made.Table("counts", partitions=1)
        event = Event(made, b"key", b"value", {}, stock.message(made, 3))
        _current_event.set(weakref.ref(event))
        table["a"] = 1
        assert dict(table.data) == {"a": 1}
        assert made.producer.buffer.size == 1, "its changelog still waits to be sent"

    stock.talk(run)


def test_ours_writes_the_store_after_the_commit(tmp_path: Path) -> None:
    """At the moment of the commit the store has nothing of the batch; a commit that fails leaves it so."""
    class Looks(Producer):
        async def commit_transaction(self) -> None:
            """Look, and fail."""
            seen.append((rig.store.position, list(rig.store.every())))
            raise OSError("not committed")

    seen: list[Any] = []
    rig = Rig(tmp_path, Looks())

    async def run() -> None:
        rig.task.offer(rig.fetched(10))
        with pytest.raises(OSError, match="not committed"):
            await rig.once()

    asyncio.run(run())
    assert seen == [(0, [])]
    assert list(rig.store.every()) == []


def test_an_empty_changelog_is_recovered_at_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is waited for where there is nothing (597, 651), and inputs are read from where they begin."""
    log = Log({})
    assert recovered(store, log, monkeypatch) == {INPUT: 2}
    assert list(store.every()) == []


def test_a_changelog_that_was_emptied(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """One whose messages are all gone, first and last offset being the same, is at its end at once (158, 432)."""
    assert recovered(store, Log({}, first=40), monkeypatch) == {INPUT: 2}
    assert store.position == 40


def test_a_changelog_that_begins_later(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading begins where it begins, gaps and removed rows are passed over, and the store says up to where it is written, the markers at the end too."""
    log = Log({12: (b"a", b"1"), 15: (b"b", b"2"), 19: (b"a", None)}, first=10, end=25)
    recovered(store, log, monkeypatch)
    assert log.sought == [10]
    assert list(store.every()) == [(b"b", b"2")]
    assert store.position == 25


def test_a_store_that_claims_more_than_there_is(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is of another bus, or the topic was made anew (176): it is emptied, and everything read again, instead of going on with what nobody can check."""
    store.write({b"old": b"x"}, 100)
    recovered(store, Log({3: (b"a", b"1")}), monkeypatch)
    assert list(store.every()) == [(b"a", b"1")]
    assert store.position == 4


def test_a_changelog_that_stands_still(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without progress recovery ends with an error that says where it stands, and does not wait for ever (597)."""
    monkeypatch.setattr(changelog, "_STUCK", 0.05)
    with pytest.raises(RecoveryStuck, match=r"state\.s partition 0 stands at 0 of 9"):
        recovered(store, Log({}, end=9), monkeypatch)


def test_what_reading_raises_is_raised(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure in the middle of recovery ends it; Faust catches it all, logs and goes on with the next message."""
    class Fails(Log):
        async def getmany(self, _: Any, **__: Any) -> dict[TopicPartition, list[Any]]:
            """Fail."""
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk"):
        recovered(store, Fails({1: (b"a", b"1")}), monkeypatch)
    assert store.position == 0
