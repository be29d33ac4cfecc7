"""From a record to its link on a real broker: somebody was registered before, and comes again with another phone, so that only weighing finds the two."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from deploy.local import stack
from schemas.models.identity import Link, Mention
from tests.bench import workers
from tests.bench.arrivals import Arrival, following
from tests.bench.ask import percentile, wait
from tests.bench.feed import Message, feeding, publish
from tests.bench.lag import Lag
from tests.bench.presences import partition
from tests.broker.live import Live, opened

STAGES = ("profiles", "pairs", "links")
RATES = (10.0, 100.0)
"""Records a second."""
_WARM = 100
"""Records that come first and are not counted: a broker that has just started is slow at first (the longest of the first 25 took 0.2 s)."""


def latency(count: int) -> list[dict[str, Any]]:
    """Link so many people who come again, at each rate; seconds from when a record is handed to the producer until a reader of committed messages has the link."""
    with TemporaryDirectory() as made:
        home = Path(made)
        try:
            with opened(stack.up(home, lambda _: None), "linkage", home, partitions=2) as live:
                return _measured(live, count)
        finally:
            stack.down(home)


def _measured(live: Live, count: int) -> list[dict[str, Any]]:
    (command,) = workers.begin(live, (STAGES,))
    lag = Lag(live.bus)
    try:
        every = range(_WARM + len(RATES) * count)
        publish(live.bus.endpoints.brokers, live.bus.settings.namespace + "identity.mention", [_message(live, _mention(live, number, 0)) for number in every])
        wait(lambda: lag.quiet(STAGES), lambda: "taking who was registered before")
        _linked(live, every[:_WARM], RATES[0])
        found = [{"pace": live.bus.settings.pace} | _told(rate, _linked(live, every[_WARM + place * count :][:count], rate)) for place, rate in enumerate(RATES)]
    finally:
        lag.close()
    assert command.end() == 0
    return found


def _told(rate: float, took: list[float]) -> dict[str, Any]:
    return {"records": len(took), "each second": rate, "p50": percentile(took, 0.5), "p99": percentile(took, 0.99), "longest": took[-1]}


def _linked(live: Live, numbers: Sequence[int], rate: float) -> list[float]:
    """Seconds until each of some people who come again is linked, sorted."""
    sent: dict[str, float] = {}
    topic = live.bus.settings.namespace + "identity.mention"
    with following(live.bus, "identity.link") as came, feeding(live.bus.endpoints.brokers, topic, _coming(live, numbers, sent), rate):
        wait(lambda: len(_took(live, came, sent)) == len(numbers), lambda: f"{len(_took(live, came, sent))} of {len(numbers)} linked", every=0.5)
    return sorted(_took(live, came, sent).values())


def _coming(live: Live, numbers: Sequence[int], sent: dict[str, float]) -> Iterator[Message]:
    for number in numbers:
        mention = _mention(live, number, 1)
        message = _message(live, mention)
        sent[mention.alias] = time.time()
        yield message


def _took(live: Live, came: list[Arrival], sent: dict[str, float]) -> dict[str, float]:
    """Seconds until the first link of each alias that came again."""
    found: dict[str, float] = {}
    for at, _, data in list(came):
        link = live.bus.codec.decode(data)
        if isinstance(link, Link) and not link.retracted and link.alias in sent:
            found.setdefault(link.alias, at - sent[link.alias])
    return found


def _message(live: Live, mention: Mention) -> Message:
    return partition(mention.alias, 2), mention.alias.encode(), live.bus.codec.encode("identity.mention", mention)


def _mention(live: Live, number: int, time_: int) -> Mention:
    """Who has a name and birth date that nobody else has, with another phone each time."""
    keys = live.bus.settings.keys
    alias = keys.token("bench", str(number), str(time_))
    name = "".join(_SIGNS[int(digit)] for digit in f"{number:04d}")
    fields = {"name": name, "born": f"19{50 + number % 50}-{1 + number % 12:02d}-{1 + number % 28:02d}", "sex": "male", "region": f"5306241{number % 90 + 10}201",
              "phone": f"+861{3 + time_}{number:04d}{(number * 7919 + time_) % 100000:05d}"}  # fmt: skip
    return Mention.of(causes=[], at=time_, alias=alias, source="bench", sealed=keys.seal(alias, fields))


_SIGNS = "测试样本假名虚构例子"
