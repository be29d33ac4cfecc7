"""The clock of the bus: says on `control.tick` how late it is, so that what is kept no longer expires.

The latest tick counts for ever, so a wrong clock would end records that nobody gets back except from their sources: a step of more than two days needs a person
who says that it is meant.
"""

from __future__ import annotations

from itertools import pairwise

from connectors.publish import Publisher
from connectors.reader import Reader
from deploy.bus import Bus
from schemas.models.control import SLOTS, Tick
from schemas.models.fact import Millis

TOPIC = "control.tick"
HOUR = 3_600_000
WIDEST = 48 * HOUR
PIECES = 64


class TooFar(Exception):
    """A step of the clock that is wider than one night without it explains; the message says what to do."""


def latest(reader: Reader) -> Millis | None:
    """How late it is on the bus, UTC milliseconds, or None when nobody has said so yet."""
    return max((entry.value.at for entry in reader.read(TOPIC) if isinstance(entry.value, Tick)), default=None)


def check(at: Millis, last: Millis | None, now: Millis) -> None:
    """Raises TooFar when `at` is more than two days after the last tick, or after the clock of this machine."""
    if at > now:
        raise TooFar("that moment is still to come by the clock of this machine: everything would expire too early. If it is meant, add --jump")
    if last is not None and at - last > WIDEST:
        raise TooFar(f"the last tick is {(at - last) // HOUR:,} hours old: is the clock of this machine right? If it is, add --jump once")


def pieces(count: int) -> list[tuple[int, int]]:
    """All slots in so many pieces, each by its first and its last: no piece takes a stage long."""
    return [(first, end - 1) for first, end in pairwise(SLOTS * piece // count for piece in range(count + 1))]


def ticks(at: Millis, count: int = PIECES) -> list[Tick]:
    """One moment in pieces, each for some slots."""
    return [Tick(at=at, first=first, last=last) for first, last in pieces(count)]


def tell(bus: Bus, publisher: Publisher, at: Millis, count: int = PIECES) -> int:
    """Say on every partition that it is so late; returns the number of messages when the broker has them."""
    said = [(partition, tick) for tick in ticks(at, count) for partition in range(bus.topics[TOPIC].partitions or 1)]
    for partition, tick in said:
        publisher.send(TOPIC, f"{tick.first}-{tick.last}", tick, partition)
    publisher.settle()
    return len(said)
