"""The relay carries, holds, cuts and refuses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from tests.chaos.relay import Connection, State

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class _Drawn:
    """Dice that always throw the same."""

    def random(self) -> float:
        """In the middle."""
        return 0.5


@asynccontextmanager
async def relayed(state: State) -> AsyncIterator[int]:
    """The port of a relay in front of a server that sends everything back."""
    ends: list[asyncio.Event] = []

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends.append(end := asyncio.Event())
        with suppress(ConnectionError):
            while data := await reader.read(100):
                writer.write(data)
        await _closed(writer)
        end.set()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends.append(end := asyncio.Event())
        await Connection(state, _Drawn()).run(reader, writer, back.sockets[0].getsockname()[1])
        end.set()

    back = await asyncio.start_server(echo, "127.0.0.1", 0)
    front = await asyncio.start_server(carry, "127.0.0.1", 0)
    yield front.sockets[0].getsockname()[1]
    front.close()
    back.close()
    await asyncio.gather(*(end.wait() for end in ends))


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


async def said(streams: Streams, text: bytes, seconds: float = 5.0) -> bytes:
    """What comes back of a text."""
    reader, writer = streams
    writer.write(text)
    return await asyncio.wait_for(reader.read(100), seconds)


def test_carries_and_holds() -> None:
    """Data goes through; what is held comes when that is over, and nothing is lost."""

    async def trial() -> None:
        state = State()
        async with relayed(state) as port:
            streams = await asyncio.open_connection("127.0.0.1", port)
            assert await said(streams, b"one") == b"one"
            state.tell("hold 1.0")
            waiting = asyncio.create_task(said(streams, b"two"))
            done, _ = await asyncio.wait({waiting}, timeout=0.3)
            assert not done
            state.tell("pass")
            assert await waiting == b"two"
            await _closed(streams[1])

    asyncio.run(trial())


def test_cuts_in_the_middle() -> None:
    """Of what a connection carries next half arrives at most, and the connection ends; the share that is not met goes on."""

    async def trial() -> None:
        state = State()
        async with relayed(state) as port:
            streams = await asyncio.open_connection("127.0.0.1", port)
            state.tell("cut 0.3")
            assert await said(streams, b"four") == b"four"
            state.tell("cut 0.6")
            try:
                came = await said(streams, b"sixsix")
            except ConnectionError:
                came = b""
            assert len(came) <= 3
            await _closed(streams[1])

    asyncio.run(trial())


def test_refuses() -> None:
    """A connection that stands ends, and a new one carries nothing."""

    async def trial() -> None:
        state = State()
        async with relayed(state) as port:
            streams = await asyncio.open_connection("127.0.0.1", port)
            assert await said(streams, b"one") == b"one"
            state.tell("refuse")
            for each in (streams, await asyncio.open_connection("127.0.0.1", port)):
                with suppress(ConnectionError):
                    assert await asyncio.wait_for(each[0].read(100), 5) == b""
                await _closed(each[1])

    asyncio.run(trial())
