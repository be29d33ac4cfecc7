"""Clients of the HTTP intake: as fast as it takes records, or at a rate whatever it answers."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

_CLIENTS = 8
_UNDER_WAY = 200
"""Requests that wait for an answer at once, at most; what would be sent beyond that counts as `held`."""
_PAUSE = 0.1


@dataclass(slots=True)
class Answers:
    """What was answered: records by second and status, the tokens of what was accepted, seconds that each request took until its last answer, and what a 429 asked for."""

    by_second: Counter[tuple[int, int]] = field(default_factory=Counter)
    accepted: set[str] = field(default_factory=set)
    doubtful: int = 0
    """Records of requests that were answered 503 or not at all: they may have been taken."""
    held: int = 0
    took: list[float] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)

    def records(self, status: int, first: int = 0) -> int:
        """Records that were answered so from some second on."""
        return sum(count for (second, found), count in self.by_second.items() if found == status and second >= first)


class Flood:
    """Sends numbered records of a source in requests of some."""

    def __init__(self, url: str, source: str, make: Callable[[int], Mapping[str, Any]], each: int) -> None:
        """Take the intake's address, what record has a number, and how many go in one request."""
        self.answers = Answers()
        self.sent = 0
        self._path, self._make, self._each = f"{url}/v1/sources/{source}/records", make, each
        self._numbers = itertools.count()
        self._began = time.monotonic()

    async def as_fast_as_taken(self, seconds: float) -> None:
        """Some clients, each of which sends when it is answered, and waits a little when it is told to come again."""
        end = time.monotonic() + seconds

        async def client(session: aiohttp.ClientSession) -> None:
            while time.monotonic() < end:
                if await self._post(session) != 202:
                    await asyncio.sleep(_PAUSE)

        async with _session() as session:
            await asyncio.gather(*(client(session) for _ in range(_CLIENTS)))

    async def at_rate(self, rate: float, seconds: float, *, again: bool = False) -> None:
        """So many records a second, whatever is answered; what is refused is sent `again`, as late as it is told to, or not at all."""
        began, sent = time.monotonic(), 0
        under_way: set[asyncio.Task[int]] = set()
        async with _session() as session:
            while (now := time.monotonic() - began) < seconds:
                while sent < now * rate:
                    sent += self._each
                    if len(under_way) >= _UNDER_WAY:
                        self.answers.held += self._each
                        continue
                    task = asyncio.create_task(self._post(session, again=again))
                    under_way.add(task)
                    task.add_done_callback(under_way.discard)
                await asyncio.sleep(0.01)
            await asyncio.gather(*under_way)

    async def _post(self, session: aiohttp.ClientSession, *, again: bool = False) -> int:
        """Send the next records; the last status."""
        records = [self._make(next(self._numbers)) for _ in range(self._each)]
        self.sent += len(records)
        began = time.monotonic()
        while (status := await self._once(session, records)) == 429 and again:  # noqa: ASYNC110 - it waits for a time, not for an event
            await asyncio.sleep(self.answers.asked[-1])
        self.answers.took.append(time.monotonic() - began)
        return status

    async def _once(self, session: aiohttp.ClientSession, records: list[Mapping[str, Any]]) -> int:
        status = 0
        try:
            async with session.post(self._path, json=records) as response:
                status = response.status
                found = await response.json()
                if status == 429:
                    self.answers.asked.append(int(response.headers["Retry-After"]))
        except (aiohttp.ClientError, TimeoutError):
            status = 0
        self.answers.by_second[int(time.monotonic() - self._began), status] += self._each
        if status == 202:
            self.answers.accepted.update(token for item in found["items"] for token in item["records"])
        elif status != 429:
            self.answers.doubtful += self._each
        return status


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60), connector=aiohttp.TCPConnector(limit=0))
