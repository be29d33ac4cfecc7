"""Stopping a consumer while the broker is away."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from aiokafka.consumer.fetcher import Fetcher
from faust.transport.drivers import aiokafka as driver

from streams.runtime.engine import _Thread


async def _close() -> None:
    """Close a fetcher of which one fetch has failed and waits before the next, as `_proc_fetch_request` does."""
    waits = asyncio.create_task(asyncio.sleep(60))
    await asyncio.sleep(0)
    fetcher: Any = SimpleNamespace(_fetch_task=asyncio.create_task(asyncio.sleep(60)), _fetch_waiters=(), _pending_tasks=[waits])
    await Fetcher.close(fetcher)


def test_stock_is_cancelled_by_a_fetch_that_waits() -> None:
    """Nobody has cancelled who closes, and yet it ends so."""
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(_close())


def test_ours_closes_nevertheless() -> None:
    """The connections are closed, and the thread ends as one that was stopped; one that is really cancelled is so."""
    closed = []

    async def close() -> None:
        closed.append(True)

    async def stop(_: Any) -> None:
        await _close()

    async def run() -> None:
        thread = object.__new__(_Thread)
        thread._consumer = SimpleNamespace(_client=SimpleNamespace(close=close))
        with patch.object(driver.AIOKafkaConsumerThread, "on_thread_stop", stop):
            await thread.on_thread_stop()
            assert closed == [True]
            stopping = asyncio.create_task(thread.on_thread_stop())
            await asyncio.sleep(0)
            stopping.cancel()
            with pytest.raises(asyncio.CancelledError):
                await stopping

    asyncio.run(run())
    assert closed == [True]
