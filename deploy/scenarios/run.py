"""Plays stories on a real broker, each on a bus of its own beside the others."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy import own, topics
from deploy.bus import Bus
from deploy.scenarios.cast import Cast
from deploy.scenarios.live import BusWorld
from deploy.scenarios.play import play
from deploy.scenarios.story import Step, Story
from deploy.scenarios.timeline import Change, Line, changes, stands
from deploy.watch import Watch

Told = Callable[[int, Step, list[Change], float], None]
"""Is told each step, by its number from 1, when it came out as the story says: what changed, and the seconds until all was worked through."""


class Unsettled(Exception):
    """The path did not come to rest; the message says what still waits and where the logs are."""


def run(host: Bus, name: str, story: Story, told: Told, patience: float = 120.0) -> None:
    """Play a story on a bus of its own on the broker of another; raises NotAsTold, or Unsettled after `patience` seconds without rest."""
    settings = host.settings.model_copy(update={"namespace": f"{host.settings.namespace}{name}.", "partitions": 1})
    with closing(Bus(settings)) as bus, TemporaryDirectory() as folder:
        topics.apply(bus)
        worker = own.command(settings, f"worker-{name}", "worker")
        with worker, closing(Watch(bus)) as watch, closing(BusWorld(bus, Path(folder), lambda: _settle(watch, settings.home, patience))) as world:
            before: set[Line] = set()
            began = time.monotonic()

            def after(number: int, step: Step, cast: Cast) -> None:
                nonlocal before, began
                seconds, now = time.monotonic() - began, stands(cast)
                told(number, step, changes(before, now), seconds)
                before, began = now, time.monotonic()

            play(story, world, after)


def _settle(watch: Watch, home: Path, patience: float) -> None:
    limit = time.monotonic() + patience
    while not watch.quiet():
        if time.monotonic() > limit:
            raise Unsettled(f"still waiting: {', '.join(watch.behind())}; the logs are in {home / 'log'}")
        time.sleep(0.1)
