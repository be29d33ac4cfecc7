"""Faust's own exactly once, and why transactions here are made otherwise."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.errors import ProducerFenced
from faust.transport.consumer import TransactionManager

from tests.streams.runtime.pitfalls import stock
from tests.streams.runtime.test_task import Producer, Rig


def _manager(asked: list[str | None]) -> Any:
    """A manager in an app `stock`, of a worker that owns partition 0, on a bus where a key lies on partition 3."""
    class Sends:
        async def send(self, *_: Any, transactional_id: str | None) -> None:
            asked.append(transactional_id)

    made = object.__new__(TransactionManager)
    made.app = SimpleNamespace(conf=SimpleNamespace(id="stock"), assignor=SimpleNamespace(group_for_topic=lambda _: 1))
    made.consumer = SimpleNamespace(key_partition=lambda *_: 3)
    made.producer = Sends()
    return made


def test_stock_takes_the_transaction_of_the_destination() -> None:
    """An output goes into the transaction of the partition where it lands (177): the offset of its cause, partition 0, is in another, or in none at all."""
    asked: list[str | None] = []
    asyncio.run(_manager(asked).send("out", b"key", b"value", None, None, None))
    assert asked == ["stock-1-3"]


def test_ours_takes_the_transaction_of_the_input(tmp_path: Path) -> None:
    """Wherever outputs land, they, the rows, the counts and the offset are in one transaction of one producer, which is of the input's partition."""
    async def run() -> None:
        rig = Rig(tmp_path, Producer())
        rig.task.offer(rig.fetched(10, 11))
        await rig.once()
        assert (rig.producer.did.count("begin"), rig.producer.did.count("commit")) == (1, 1)
        between = rig.producer.did[1:-1]
        assert {one[0] for one in between} == {"ledger", "state.s"}
        assert rig.ends == [12]

    asyncio.run(run())


def test_stock_knows_no_group_of_a_topic_without_tables() -> None:
    """With `exactly_once` and no table a worker ends as soon as it is assigned anything (440): the assignor that is then taken never fills the groups."""
    async def run(made: Any) -> None:
        with pytest.raises(KeyError):
            made.assignor.group_for_topic("a")

    stock.talk(run)


def test_stock_goes_on_when_a_transaction_failed(caplog: pytest.LogCaptureFixture) -> None:
    """A commit that fails, for whatever reason, returns as one that did not (517): Faust takes the batch for committed."""
    caplog.set_level(logging.WARNING)

    class Refuses:
        async def commit_transaction(self) -> None:
            """Fail."""
            raise OSError("not committed")

    async def run(made: Any) -> None:
        producer = made.producer
        producer._transaction_producers["id"], producer._trn_locks["id"] = Refuses(), asyncio.Lock()
        await producer.commit_transaction("id")

    stock.talk(run)
    assert "Exception in commit_transaction" in caplog.text


def test_ours_raises_whatever_a_commit_raises(tmp_path: Path) -> None:
    """A commit that fails is raised, whatever it was; the store stays as it was, and the batch is read again."""
    class Fails(Producer):
        def __init__(self, failure: Exception) -> None:
            super().__init__()
            self.failure = failure

        async def commit_transaction(self) -> None:
            """Fail."""
            raise self.failure

    async def run() -> None:
        for number, failure in enumerate((OSError("not committed"), ProducerFenced())):
            rig = Rig(tmp_path / str(number), Fails(failure))
            rig.task.offer(rig.fetched(10))
            with pytest.raises(type(failure)):
                await rig.once()
            assert rig.store.position == 0

    asyncio.run(run())
