"""An intake of the register, with a publisher that does what a test tells it."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from aiohttp.test_utils import TestClient, TestServer

from connectors.backlog import Backlog
from connectors.publish import CannotPublish
from connectors.transports.gate import Collects
from connectors.transports.http import Intake
from schemas.models.raw import Raw, Reason
from schemas.source import Source
from streams.normalise.interpret import check
from tests.connectors.sample import KEYS, source

PATH = "/v1/sources/register/records"


class Broker:
    """Takes what is published, unless it is away or told to wait."""

    def __init__(self) -> None:
        self.batches: list[list[Raw]] = []
        self.away = False
        self.acknowledges = threading.Event()
        self.acknowledges.set()
        self.waits = threading.Event()
        self.connected = self.closed = 0

    def connect(self) -> Broker:
        """A publisher of it."""
        self.connected += 1
        return self

    def publish(self, raws: Sequence[Raw]) -> None:
        """Return when the broker acknowledges."""
        self.waits.set()
        assert self.acknowledges.wait(10)
        if raws:
            self.ask()
        self.batches.append(list(raws))

    def ask(self) -> None:
        """Whether it answers."""
        if self.away:
            raise CannotPublish("the broker does not take records")

    def close(self) -> None:
        """Let go."""
        self.closed += 1

    @property
    def held(self) -> list[Raw]:
        """Everything that was published."""
        return [raw for batch in self.batches for raw in batch]


def served(
    talk: Callable[[TestClient[Any, Any]], Awaitable[None]], broker: Broker | None = None, *, token: str | Mapping[str, str] | None = None, max_bytes: int = 100_000,
    max_waiting: int = 8, patience: float = 5.0, meaning: Callable[[Source, Mapping[str, Any]], Sequence[Reason]] | None = None, backlog: Backlog | None = None, gate: Collects | None = None, **more: Any,
) -> Broker:  # fmt: skip
    """Talk to an intake of the register."""
    broker = broker or Broker()

    def check_(one: Source, fields: Mapping[str, Any]) -> Sequence[Reason]:
        return check(one, fields, KEYS)

    async def serve() -> None:
        intake = Intake({"register": source(**more)}, KEYS, broker.connect, meaning or check_, token=token, max_waiting=max_waiting, patience=patience, backlog=backlog,
                        gate=gate)  # fmt: skip
        async with TestClient(TestServer(intake.app(max_bytes))) as client:
            await talk(client)

    asyncio.run(serve())
    return broker


def posted(data: bytes | object, broker: Broker | None = None, headers: Mapping[str, str] | None = None, path: str = PATH, **how: Any) -> tuple[int, Any, Mapping[str, str]]:
    """Status, answer and headers of one POST."""
    found: list[tuple[int, Any, Mapping[str, str]]] = []
    body = data if isinstance(data, bytes) else json.dumps(data, ensure_ascii=False).encode()

    async def talk(client: TestClient[Any, Any]) -> None:
        async with client.post(path, data=body, headers={"Content-Type": "application/json", **(headers or {})}) as response:
            found.append((response.status, await response.json(), response.headers))

    served(talk, broker, **how)
    return found[0]
