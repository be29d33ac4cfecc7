"""A drill beside the real bus: people react, the report says so, and nothing of the real bus has changed."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack, closing
from pathlib import Path

from kafka import TopicPartition

from deploy import own, work
from deploy.access.roles import ADMIN
from deploy.admin import admin
from deploy.bus import Bus
from deploy.cli.output import local as local_time
from deploy.cli.scenario import SHIPPED
from deploy.clock import HOUR
from deploy.drill.course import moments
from deploy.drill.end import end
from deploy.drill.report import reactions
from deploy.drill.run import Playing, prepare
from deploy.drill.state import Drill
from deploy.local import stack as local
from deploy.scenarios.story import read
from deploy.watch import Watch
from schemas.models.task import Progress, Task
from tests.broker.live import Live, opened
from tests.broker.waiting import until

WHOLE = read(SHIPPED / "row_06_returnee.yaml")
STORY = WHOLE.model_copy(update={"steps": WHOLE.steps[:4]})
"""Until the last check is overdue, before the story's own grid worker reports it."""


def _ends(live: Live) -> dict[str, int]:
    """How much there is on each topic of the real bus."""
    with admin(live.bus.acting(ADMIN)) as client:
        names = [live.bus.settings.namespace + name for name in live.bus.topics]
        described = client.describe_topics(names)
        parts = [TopicPartition(one["name"], part["partition_index"]) for one in described for part in one["partitions"]]
        return {part.topic: found.offset for part, found in client.list_partition_offsets(dict.fromkeys(parts, -1)).items()}


def _topics(bus: Bus) -> list[str]:
    with admin(bus.acting(ADMIN)) as client:
        return [name for name in client.list_topics() if name.startswith(bus.settings.namespace)]


def _done(tasks: list[Task], owner: str) -> int:
    """How much an owner has done, as the report of the drill says."""
    return sum(one.in_time + one.late for one in reactions(tasks) if one.owner == owner)


def test_a_drill_leaves_the_real_bus_as_it_is(stack: local.Endpoints, tmp_path: Path) -> None:
    """The same people are on both, under other keys; a visit that a grid worker reports in the drill is done there alone; in the end no topic of it is left."""
    with opened(stack, "real", tmp_path, partitions=1) as live:
        for step in STORY.steps:
            for publish in step.publish:
                live.publish(publish.source, publish.sent())
        before, keys = _ends(live), {entry.key for entry in live.entries("raw.travel")}
        bus = prepare(live.bus.settings, "autumn")
        when = moments(STORY, bus)
        drill = Drill(name="autumn", story="row_06_returnee", began=time.time_ns() // 1_000_000, starts=when[0], speed=(when[-1] - when[0]) / 3_000)
        drill.write(bus.settings.home)
        worker = own.command(live.bus.settings, "drill", "worker", more={"LIANFANG_DRILL": "autumn"})
        with closing(bus), ExitStack() as ended:
            ended.enter_context(worker)
            watch, reader = ended.enter_context(closing(Watch(bus))), ended.enter_context(closing(bus.reader()))
            Playing(bus, drill, lambda _: None).play(STORY, when, 0, lambda: False)
            until(watch.quiet, 60, lambda: f"still at work: {watch.behind()}")
            open_ = next(one for one in work.tasks(reader) if one.state in (Progress.OPEN, Progress.OVERDUE))
            done, at = _done(work.tasks(reader), open_.owner), local_time(open_.opened + HOUR).replace(" ", "T")
            told = live.commands.start("tasks", "done", open_.task, "--by", "GW-0031", "--at", at, "--json", LIANFANG_DRILL="autumn")
            assert told.ends() == 0
            assert "DRILL 演练 autumn" in told.said
            assert json.loads(told.said[told.said.index("{") :])["person"] == open_.person
            until(watch.quiet, 60, lambda: f"still at work: {watch.behind()}")
            assert _done(work.tasks(reader), open_.owner) == done + 1
            assert not keys & {entry.key for entry in reader.read("raw.travel")}
            ended.close()
            assert end(bus) == len(bus.topics)
            assert _topics(bus) == []
        assert not bus.settings.home.exists()
        assert _ends(live) == before
