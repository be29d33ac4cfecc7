"""A worker whose consumer forgets a partition, as aiokafka's was seen to: `python -m tests.broker.stuck worker`. After it has joined again it is as it should be."""

from __future__ import annotations

import asyncio
from typing import Any

from deploy.cli.main import main
from streams.runtime import engine, watchdog

_fetch = engine._Thread._fetch_records
_FORGETS: list[engine._Thread] = []
"""The first consumer that met the partition."""


async def _forgetful(self: engine._Thread, consumer: Any, active: set[Any] | None, timeout: float = 1.0, max_records: int | None = None) -> Any:
    forgotten = {tp for tp in active or () if tp.topic.endswith("raw.scan-code") and tp.partition == 0}
    if forgotten and not _FORGETS:
        _FORGETS.append(self)
    if self not in _FORGETS:
        return await _fetch(self, consumer, active, timeout=timeout, max_records=max_records)
    left = (active or set()) - forgotten
    if left:
        return await _fetch(self, consumer, left, timeout=timeout, max_records=max_records)
    await asyncio.sleep(timeout)
    return {}


if __name__ == "__main__":
    engine._Thread._fetch_records = _forgetful
    watchdog.EVERY, watchdog.LOOKS = 0.5, 4
    main()
