"""What the HTTP intake measures, and whether it is ready."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import suppress

from aiohttp import web

from connectors.publish import CannotPublish
from connectors.transports.sender import Sender
from schemas import metrics
from schemas.measures import Measures
from schemas.metrics import Alone, OfCode, OfItem, OfPart, OfRefusal, OfSource, Part
from schemas.pulse import ASK, Pulse

_LOG = logging.getLogger(__name__)
_REMEMBERS = 30.0
"""Seconds for which records that were not acknowledged speak against the broker, when no others came since."""
TAKEN = web.RequestKey("taken", dict[bool, int])
"""How many items of a request the broker has, by whether they were understood."""
REFUSED = web.RequestKey("refused", dict[str, int])
"""How many items of a request were not taken, by reason."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Condition:
    """Of one intake; for any thread."""

    def __init__(self, sender: Sender, sources: Collection[str], measures: Measures) -> None:
        """Take whose acknowledgements to look at, the names that may be told, and where to measure."""
        self._sender, self._sources, self._measures = sender, sources, measures
        self.pulse = Pulse()
        self._waiting = 0
        measures.look(self._look)

    @web.middleware
    async def count(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Count answers to publishers."""
        if request.method != "POST":
            return await handler(request)
        began = time.monotonic()
        self._waiting += 1
        try:
            response = await handler(request)
        finally:
            self._waiting -= 1
        self._answered(request.match_info.get("source", ""), response.status, time.monotonic() - began, request.get(TAKEN, {}))
        for reason, number in request.get(REFUSED, {}).items():
            self._measures.add(metrics.INTAKE_REFUSED, OfRefusal(request.match_info["source"], reason), number)
        return response

    async def watched(self, _: web.Application) -> AsyncIterator[None]:
        """While the application runs, note that its loop turns, and ask the broker."""
        tasks = [asyncio.create_task(self._beat()), asyncio.create_task(self._ask())]
        yield
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def unready(self) -> list[str]:
        """Why records cannot be taken."""
        failed = self._sender.failed
        late = failed is not None and time.monotonic() - failed < _REMEMBERS
        return self.pulse.dead() + self.pulse.silent() + (["the broker did not acknowledge the last records"] if late else [])

    def _answered(self, name: str, status: int, seconds: float, taken: Mapping[bool, int]) -> None:
        source = name if name in self._sources else ""
        self._measures.add(metrics.INTAKE_ANSWERS, OfCode(source, status))
        self._measures.observe(metrics.INTAKE_SECONDS, OfSource(source), seconds)
        for accepted, number in taken.items():
            self._measures.add(metrics.INTAKE_ITEMS, OfItem(source, "yes" if accepted else "no"), number)

    async def _beat(self) -> None:
        while True:
            self.pulse.turns()
            await asyncio.sleep(1)

    async def _ask(self) -> None:
        seen = 0
        await asyncio.sleep(min(ASK, 1))  # an intake that cannot listen ends before it asks anybody
        while True:
            try:
                if self._sender.acknowledged == seen:
                    await self._sender.ask()
                self.pulse.answers()
                seen = self._sender.acknowledged
            except (CannotPublish, TimeoutError):
                pass  # the silence tells it
            except Exception as error:  # noqa: BLE001 - one question that fails for a reason that nobody foresaw must not end all later ones
                _LOG.error("the broker cannot be asked: %s", type(error).__name__)
            await asyncio.sleep(ASK)

    def _look(self) -> None:
        self._measures.set(metrics.INTAKE_WAITING, Alone(), self._waiting)
        self._measures.set(metrics.PUBLISHER_WAITING, OfPart(Part.SERVE), self._sender.waiting)
        self._measures.set(metrics.BROKER_SECONDS, OfPart(Part.SERVE), self.pulse.silence)
        self._measures.set(metrics.READY, OfPart(Part.SERVE), not self.unready())
