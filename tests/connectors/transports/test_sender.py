"""One publisher that many requests share."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from connectors.envelope import Item, envelopes
from connectors.publish import CannotPublish
from connectors.transports.sender import Sender
from schemas.models.raw import Raw
from tests.connectors.sample import KEYS, record, source
from tests.connectors.transports.serving import Broker


def raw(number: int) -> Raw:
    """A raw message of the register."""
    (found,) = envelopes(source(), Item(str(record(number)).replace("'", '"').encode()), KEYS)
    return found


async def waiting(broker: Broker, sender: Sender, count: int) -> list[asyncio.Task[None]]:
    """Requests of which the first waits for the broker, and the others for the first."""
    broker.acknowledges.clear()
    tasks = [asyncio.create_task(sender.publish([raw(0)]))]
    await asyncio.to_thread(broker.waits.wait, 5)
    tasks += [asyncio.create_task(sender.publish([raw(number)])) for number in range(1, count)]
    await asyncio.sleep(0.01)
    return tasks


def test_what_comes_together_goes_together() -> None:
    """What comes while other records are on their way is sent in one go after them, in order, over one connection."""
    broker = Broker()

    async def talk() -> None:
        sender = Sender(broker.connect, 5)
        tasks = await waiting(broker, sender, 6)
        assert not any(task.done() for task in tasks)
        broker.acknowledges.set()
        await asyncio.gather(*tasks)
        await sender.close()

    asyncio.run(talk())
    assert [[one.record for one in batch] for batch in broker.batches] == [[raw(0).record], [raw(number).record for number in range(1, 6)]]
    assert (broker.connected, broker.closed) == (1, 1)


def test_failure_is_of_its_batch() -> None:
    """A failure is that of every request of its batch, and of no later one, which goes over a new connection."""
    broker = Broker()

    async def talk() -> None:
        sender = Sender(broker.connect, 5)
        tasks = await waiting(broker, sender, 3)
        broker.away = True
        broker.acknowledges.set()
        assert [type(one) for one in await asyncio.gather(*tasks, return_exceptions=True)] == [CannotPublish] * 3
        broker.away = False
        await sender.publish([raw(9)])
        await sender.close()

    asyncio.run(talk())
    assert [one.record for one in broker.held] == [raw(9).record]
    assert (broker.connected, broker.closed) == (3, 3)


def test_who_has_gone_is_not_sent() -> None:
    """What waits in vain is told so in time and is not sent any more; what is on its way may get there."""
    broker = Broker()

    async def talk() -> None:
        sender = Sender(broker.connect, 0.1)
        tasks = await waiting(broker, sender, 3)
        assert [type(one) for one in await asyncio.gather(*tasks, return_exceptions=True)] == [TimeoutError] * 3
        broker.acknowledges.set()
        await sender.close()

    asyncio.run(talk())
    assert [one.record for one in broker.held] == [raw(0).record]


def test_close_waits_for_what_is_on_its_way() -> None:
    """Closing waits until what is on its way is acknowledged."""
    broker = Broker()

    async def talk() -> None:
        sender = Sender(broker.connect, 5)
        tasks = await waiting(broker, sender, 2)
        closing = asyncio.create_task(sender.close())
        await asyncio.sleep(0.01)
        assert not closing.done()
        broker.acknowledges.set()
        await closing
        await asyncio.gather(*tasks)

    asyncio.run(talk())
    assert len(broker.held) == 2


def test_any_error_reaches_every_request() -> None:
    """An error that nobody foresaw leaves no request without an answer."""

    class Faulty(Broker):
        def publish(self, raws: Sequence[Raw]) -> None:
            raise ZeroDivisionError

    async def talk() -> None:
        sender = Sender(Faulty().connect, 5)
        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                await sender.publish([raw(1)])
        await sender.close()

    asyncio.run(talk())
