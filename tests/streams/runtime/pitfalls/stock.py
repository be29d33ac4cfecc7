"""Faust as it comes, without a broker."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import faust
from faust.events import Event
from faust.types import TP
from faust.types.tuples import ConsumerMessage

A = TP("a", 0)


class Stop(Exception):
    """What nobody foresaw, in an agent."""


def app(**more: Any) -> Any:
    """An app whose topics are all acknowledged; to be made inside an event loop."""
    made = faust.App("stock", broker="kafka://127.0.0.1:1", store="memory://", web_enabled=False, autodiscover=False, topic_allow_declare=False,
                     topic_disable_leader=True, **more)  # fmt: skip
    made.topics.acks_enabled_for = lambda _: True
    made.flow_control.resume()
    return made


def talk(to: Callable[[Any], Awaitable[None]]) -> None:
    """Do something with an app in an event loop; the loops that Faust makes for threads which never start are closed at the end."""
    async def run() -> None:
        made = app()
        try:
            await to(made)
        finally:
            made.consumer._thread.thread_loop.close()

    asyncio.run(run())


def message(made: Any, offset: int, tp: TP = A, generation: int | None = None) -> ConsumerMessage:
    """A message of a partition."""
    of = made.consumer_generation_id if generation is None else generation
    return ConsumerMessage(tp.topic, tp.partition, offset, 0.0, 0, [], b"key", b"value", None, 0, 0, tp, generation_id=of)


async def agent(made: Any, messages: list[ConsumerMessage], body: Callable[[Any], Awaitable[None]]) -> None:
    """An agent's body over the stream of some messages, as the manual shows it, until it raises Stop or ends; what it held is then let go of."""
    stream = made.stream(made.channel())
    for one in messages:
        one.incref()
        one.tracked = True
        stream.channel.queue.put_nowait(Event(made, one.key, one.value, {}, one))
    with suppress(Stop, TimeoutError):
        async with asyncio.timeout(5):
            await body(stream)
    gc.collect()
    for _ in range(20):
        await asyncio.sleep(0)
