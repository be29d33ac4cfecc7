"""A drill from its preparation to the end of its story."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy import topics
from deploy.access import acls
from deploy.access.roles import ADMIN
from deploy.bus import Bus
from deploy.clock import HOUR
from deploy.drill.state import Drill
from deploy.local.certificates import secret
from deploy.scenarios.live import BusWorld
from deploy.scenarios.messages import Gateway
from deploy.scenarios.play import begin, send
from deploy.scenarios.story import Story
from schemas.models.control import LevelInForce, RiskArea
from schemas.models.fact import Millis
from schemas.settings import Settings

_STEP = 0.1
"""Longest sleep, in seconds, before the clock of the drill is looked at again."""


class Exists(Exception):
    """There is a drill of that name; the message says what to do."""


def drilled(real: Settings, name: str) -> Settings:
    """The settings of a drill beside the bus of some settings; raises ValidationError for what is no name."""
    return Settings(**real.model_dump(exclude_none=True) | {"drill": name})


def prepare(real: Settings, name: str) -> Bus:
    """Make folder, secret, topics and grants of a drill; raises Exists."""
    settings = drilled(real, name)
    if settings.home.exists():
        raise Exists(f"there is a drill {name} already: `lianfang drill end {name}` takes it away, or take another name")
    settings.home.mkdir(parents=True)
    secret(settings.home / "secret", os.urandom(32))
    bus = Bus(settings)
    topics.apply(bus.acting(ADMIN))
    if bus.settings.protocol not in (None, "PLAINTEXT"):
        acls.apply(bus.acting(ADMIN))
    return bus


class DrillWorld(BusWorld):
    """The drill's bus. What the story declares is written where everybody may write; on secured brokers two people of the drill have to declare it."""

    def __init__(self, bus: Bus, folder: Path, tell: Callable[[str], None]) -> None:
        """Take the bus, a folder for the files that sources send, and who is told what people have to declare."""
        super().__init__(bus, folder, lambda: None)
        self._open, self._tell = bus.settings.protocol in (None, "PLAINTEXT"), tell

    def declare(self, topic: str, facts: Sequence[LevelInForce] | Sequence[RiskArea]) -> None:
        """Declare them, or say who has to."""
        if self._open:
            super().declare(topic, facts)
            return
        command = topic.removeprefix("control.") + "s"
        for region, level in sorted({(one.region, getattr(one, "level", "")) for one in facts}):
            self._tell(f"for two people of the drill, with `lianfang {command}`: declare {region} {level}".rstrip())


class Playing:
    """A drill while its story is played."""

    def __init__(self, bus: Bus, drill: Drill, tell: Callable[[str], None]) -> None:
        """Take the drill's bus, and who is told how it goes."""
        self._bus, self._drill, self._tell = bus, drill, tell
        self._hour = drill.starts // HOUR
        self._said = 0.0

    def play(self, story: Story, when: Sequence[Millis], tail: Millis, stopped: Callable[[], bool]) -> None:
        """Send each step when it happens, let time pass, and end `tail` milliseconds of the story after its last step, or when stopped."""
        with TemporaryDirectory() as folder, closing(DrillWorld(self._bus, Path(folder), self._tell)) as world:
            begin(story, world)
            gateway = Gateway(story, world)
            for number, (step, at) in enumerate(zip(story.steps, when, strict=True), 1):
                self._wait(world, at, stopped)
                if stopped():
                    return
                self._tell(f"step {number} of {len(when)}: {step.says}")
                send(step, world, gateway)
            self._wait(world, when[-1] + tail, stopped)

    def _wait(self, world: DrillWorld, at: Millis, stopped: Callable[[], bool]) -> None:
        """Return when it is so late in the story, or stopped; says every hour of the story how late it is, at most once a second, and then."""
        while not stopped():
            now = self._drill.now(time.time_ns() // 1_000_000)
            if now // HOUR > self._hour and (now >= at or time.monotonic() - self._said >= 1):
                self._hour, self._said = now // HOUR, time.monotonic()
                world.pass_time(self._hour * HOUR)
            if now >= at:
                return
            time.sleep(min(_STEP, self._drill.seconds(at - now)))
