"""What the oracle says, and what stands on the broker, in one form."""

from __future__ import annotations

from collections.abc import Sequence

from deploy.bus import Bus
from schemas.models.control import LevelInForce
from tests.broker.live import Live
from tests.levels import STORY
from tests.oracle.answer import Answer, Oracle
from tests.oracle.content import contents, difference
from tests.oracle.facts import Sent


def expected(bus: Bus, sent: Sequence[Sent], now: int | None = None, levels: Sequence[LevelInForce] = STORY) -> Answer:
    """The oracle's answer to everything that was sent, under the bus's own configuration and these levels; `now` is the latest tick."""
    return Oracle(bus.sources, list(bus.agencies.values()), bus.policy, bus.settings.keys).answer(sent, now=now, levels=levels)


def wrong(live: Live, sent: Sequence[Sent]) -> str:
    """Where the broker and the oracle differ, a line for each difference; '' when they agree."""
    return difference(contents(live.standing, list(live.bus.agencies), live.bus.settings.keys), expected(live.bus, sent))
