"""A TCP relay in front of the broker that delays, holds, cuts and refuses: `python -m tests.chaos.relay PORT TO`, told by lines on its standard input.

`delay SHARE SECONDS` lets every piece of data of a share of the connections wait, `hold SHARE` lets none of it through (as a network that drops all packets),
`cut SHARE` ends a share of the connections in the middle of what they next carry, `refuse` ends all and takes no new ones, and `pass` ends whatever was told before.
"""

from __future__ import annotations

import asyncio
import random
import sys
from dataclasses import dataclass, field
from typing import Protocol

_PIECE = 65_536


@dataclass
class State:
    """What is told at the moment; `changed` wakes those that are held."""

    mode: str = "pass"
    share: float = 0.0
    seconds: float = 0.0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, line: str) -> None:
        """Take a line."""
        mode, *more = line.split()
        self.mode, self.share = mode, float(more[0]) if more else 1.0
        self.seconds = float(more[1]) if len(more) > 1 else 0.0
        self.changed.set()
        self.changed = asyncio.Event()


class Dice(Protocol):
    """What draws a number from 0 to 1."""

    def random(self) -> float:
        """The next."""


class Connection:
    """One connection from a client to the broker; the share that a fault meets is drawn once for each."""

    def __init__(self, state: State, dice: Dice) -> None:
        """Take what is told, and the dice."""
        self._state, self._drawn = state, dice.random()
        self._writers: list[asyncio.StreamWriter] = []

    async def run(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
        """Carry data both ways until one side ends, or it is cut."""
        self._writers = [writer]
        try:
            if self._state.mode == "refuse":
                return
            back_reader, back = await asyncio.open_connection("127.0.0.1", port)
            self._writers.append(back)
            ways = [asyncio.create_task(self._carry(reader, back)), asyncio.create_task(self._carry(back_reader, writer)), asyncio.create_task(self._refused())]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
        except OSError:  # the broker is away, which the client learns by the end of its connection
            return
        finally:
            for one in self._writers:
                one.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(_PIECE):
            while self._met("hold"):
                await self._state.changed.wait()
            if self._met("delay"):
                await asyncio.sleep(self._state.seconds)
            if self._met("cut"):
                writer.write(data[: len(data) // 2])
                return
            writer.write(data)
            await writer.drain()

    async def _refused(self) -> None:
        while self._state.mode != "refuse":
            await self._state.changed.wait()

    def _met(self, mode: str) -> bool:
        return self._state.mode == mode and self._drawn < self._state.share


async def serve(port: int, to: int) -> None:
    """Relay until standard input ends."""
    state, dice = State(), random.Random(port)
    server = await asyncio.start_server(lambda reader, writer: Connection(state, dice).run(reader, writer, to), "127.0.0.1", port)
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    async with server:
        while line := await lines.readline():
            state.tell(line.decode())


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
