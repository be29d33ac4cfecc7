"""What waits for the stages, and who must hold back because of it."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from kafka import TopicPartition
from kafka.admin import OffsetSpec
from kafka.errors import GroupIdNotFoundError, NodeNotReadyError

from connectors.backlog import Backlog, Broker, Place, Standing

SCANS, RESULTS = Place("normalise", "g", (("raw.scans", 2),)), Place("normalise", "g", (("raw.results", 2),))
LATER = Place("movements", "m", (("record.scan", 2),))


class Bus:
    """What waits, as a test says, and a clock."""

    def __init__(self) -> None:
        self.now = 100.0
        self.standing = {SCANS: Standing(0, 0), RESULTS: Standing(0, 0), LATER: Standing(0, 0)}
        self.away = False
        self.looks = 0

    def look(self, places: Iterable[Place]) -> dict[Place, Standing]:
        """As a broker."""
        self.looks += 1
        return {} if self.away else {place: self.standing[place] for place in places}

    def close(self) -> None:
        """Nothing to let go of."""


def made(bus: Bus, most: int = 100) -> Backlog:
    """Scans may wait at two places, results at one."""
    return Backlog(bus, {"scans": [SCANS, LATER], "results": [RESULTS]}, {"scans": most, "results": most}, lambda: bus.now)


def test_full_at_its_own_stage_or_a_later_one() -> None:
    """A source is full when its bound is reached where its records wait, or behind that; another source is not."""
    bus = Bus()
    backlog = made(bus)
    for place in (SCANS, LATER):
        bus.standing = dict.fromkeys(bus.standing, Standing(99, 0)) | {place: Standing(100, 0)}
        backlog.look()
        full = backlog.full("scans")
        assert full is not None
        assert (full.stage, full.behind) == (place.stage, 100)
        assert backlog.full("results") is None
    bus.standing[LATER] = Standing(99, 1)
    backlog.look()
    assert backlog.full("scans") is None


def test_what_was_taken_counts_before_it_is_seen() -> None:
    """Between two looks no more is taken than the bound leaves; a look that begins when it has arrived finds it itself."""
    bus = Bus()
    backlog = made(bus)
    backlog.look()
    backlog.took("scans", 99)
    assert backlog.full("scans") is None
    backlog.took("scans", 1)
    assert backlog.full("scans") is not None
    assert backlog.full("results") is None
    backlog.look()
    assert backlog.full("scans") is not None, "they may still be on their way"
    backlog.arrived("scans", 100)
    bus.standing[SCANS] = Standing(60, 40)
    backlog.look()
    assert backlog.full("scans") is None


def test_says_when_to_come_again() -> None:
    """By how fast the stage works off what waits: a hundred too many at fifty a second are two seconds; a minute when it stands still, and never more."""
    bus = Bus()
    backlog = made(bus)
    bus.standing[SCANS] = Standing(250, 1000)
    backlog.look()
    full = backlog.full("scans")
    assert full is not None
    assert full.seconds == 60
    for behind, seconds in ((200, 3), (100_000, 60)):
        bus.now += 2
        bus.standing[SCANS] = Standing(behind, bus.standing[SCANS].done + 100)
        backlog.look()
        full = backlog.full("scans")
        assert full is not None
        assert full.seconds == seconds


def test_a_bound_of_nothing_bounds_nothing() -> None:
    """A source whose bound is 0 is never full, and its places are not asked about."""
    bus = Bus()
    bus.standing = dict.fromkeys(bus.standing, Standing(10**9, 0))
    backlog = made(bus, 0)
    backlog.look()
    assert backlog.full("scans") is None
    assert bus.looks == 0


def test_a_broker_that_is_away_says_nothing() -> None:
    """The last look counts for a while, then nobody is held back: whoever publishes learns from the broker that it is away."""
    bus = Bus()
    backlog = made(bus)
    assert backlog.full("scans") is None
    bus.standing[SCANS] = Standing(100, 0)
    backlog.look()
    bus.away = True
    bus.now += 10
    backlog.look()
    assert backlog.full("scans") is not None
    bus.now += 10
    backlog.look()
    assert backlog.full("scans") is None


def test_a_publisher_waits_and_says_so() -> None:
    """It looks at most once a second, tells where what waits, and goes on when there is room."""
    bus = Bus()
    backlog = made(bus)
    said: list[str] = []
    bus.standing[LATER] = Standing(5000, 0)

    def sleep(seconds: float) -> None:
        bus.now += seconds
        bus.standing[LATER] = Standing(max(0, bus.standing[LATER].behind - 200), 0)

    backlog.wait("scans", 1000, said.append, sleep)
    assert len(said) == 3
    assert "5,000 messages wait for the stage movements" in said[0]
    assert bus.now >= 124
    looks = bus.looks
    bus.standing[LATER] = Standing(0, 0)
    for _ in range(5):
        backlog.wait("results", 10, said.append, sleep)
    assert bus.looks <= looks + 1


class Admin:
    """A broker's administration with two topics of two partitions."""

    def __init__(self, committed: dict[TopicPartition, int] | None, *, away: bool = False) -> None:
        self.committed, self.away, self.closed = committed, away, False

    def list_group_offsets(self, groups: list[str]) -> dict[str, Any]:
        """What a group has committed; -1 for what it has not."""
        if self.committed is None:
            raise GroupIdNotFoundError
        return {groups[0]: {part: SimpleNamespace(offset=offset) for part, offset in self.committed.items()}}

    def list_partition_offsets(self, asked: dict[TopicPartition, OffsetSpec], **_: Any) -> dict[TopicPartition, Any]:
        """Every partition begins at 10 and ends at 50."""
        if self.away:
            raise NodeNotReadyError
        return {part: SimpleNamespace(offset=10 if spec == OffsetSpec.EARLIEST else 50) for part, spec in asked.items()}

    def close(self) -> None:
        """Note it."""
        self.closed = True


def test_what_the_broker_says() -> None:
    """Behind is from what is committed, or from where the topic now begins, to the committed end; a group that never was has all before it."""
    parts = [TopicPartition("raw.scans", number) for number in (0, 1)]
    admins: list[Any] = [Admin({parts[0]: 45, parts[1]: -1}), Admin(None), Admin({parts[0]: 4, parts[1]: 60}), Admin({}, away=True)]
    found = [Broker(lambda: admin).look([SCANS]) for admin in admins]  # noqa: B023 - it is called at once
    assert found == [{SCANS: Standing(5 + 40, 45 + 10)}, {SCANS: Standing(80, 20)}, {SCANS: Standing(40, 10 + 60)}, {}]
    assert [admin.closed for admin in admins] == [False, False, False, True]
