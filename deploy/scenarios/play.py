"""Plays a story on a bus: sends what each step sends, and compares what then stands with what the step expects."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from deploy.areas import TOPIC as AREAS
from deploy.levels import TOPIC as LEVELS
from deploy.scenarios import logged
from deploy.scenarios.cast import Cast
from deploy.scenarios.expect import compare
from deploy.scenarios.logged import Logged
from deploy.scenarios.messages import Gateway
from deploy.scenarios.numbered import records
from deploy.scenarios.story import Step, Story
from deploy.scenarios.world import World
from schemas.models.control import Level, LevelInForce, RiskArea
from schemas.models.fact import Millis
from streams.policy import Policy

After = Callable[[int, Step, Cast], None]
"""Is told each step, by its number from 1, when it is over and came out as told, and who is who then."""


def play(story: Story, world: World, after: After) -> None:
    """Declare the story's levels and go through the steps; raises NotAsTold naming the step and what is otherwise than expected."""
    begin(story, world)
    gateway = Gateway(story, world)
    with Logged(world) as log:
        for number, step in enumerate(story.steps, 1):
            send(step, world, gateway)
            if step.clock:
                world.pass_time(moment(step.clock))
            world.settle()
            if step.log:
                log.show(rewritten=step.log == "rewritten")
            cast = Cast(story, world)
            if step.expect:
                compare(step.expect, cast, f"step {number}: {step.says}")
                logged.compare(step.expect, log, cast, f"step {number}: {step.says}")
            after(number, step, cast)


def begin(story: Story, world: World) -> None:
    """Declare the levels that stand from the beginning."""
    world.declare(LEVELS, levels(story.levels, world.policy))


def send(step: Step, world: World, gateway: Gateway) -> None:
    """Send what the step sends, and declare what it declares."""
    for publish in step.publish:
        world.publish(publish.source, records(publish, world.keys))
    if raws := gateway.raws(step):
        world.write(raws)
    if step.areas is not None:
        world.declare(AREAS, [area(text) for text in step.areas])
    if step.levels is not None:
        world.declare(LEVELS, levels(step.levels, world.policy))


def moment(text: str) -> Millis:
    """UTC milliseconds of a time in Asia/Shanghai, such as `2020-01-22 09:00`."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1000)


def area(text: str) -> RiskArea:
    """A declared risk area, as `4301 from 2020-01-10 00:00 to 2020-02-10 00:00`."""
    region, since, until = _when(text)
    return RiskArea.of(causes=[], at=since, region=region, legal_basis="突发公共卫生事件应急条例, art. 33", until=until, by="OP-STORY-1",
                       approved_by="OP-STORY-2")  # fmt: skip


def levels(texts: Iterable[str], policy: Policy) -> list[LevelInForce]:
    """Levels in force, each as `53 emergency from 2020-01-10 00:00 to 2020-02-10 00:00`; what is longer than its level can last is several."""
    found = []
    for text in texts:
        of, since, until = _when(text)
        region, _, level = of.partition(" ")
        found += renewed(region, Level(level), since, until, policy)
    return found


def renewed(region: str, level: Level, since: Millis, until: Millis, policy: Policy) -> list[LevelInForce]:
    """A level for as long as a story lasts, declared anew whenever its longest time is over."""
    longest = policy.levels[level].longest or until - since
    return [
        LevelInForce.of(causes=[], at=at, region=region, level=level, legal_basis="突发公共卫生事件应急条例, art. 27", until=min(at + longest, until),
                        by="OP-STORY-1", approved_by="OP-STORY-2")
        for at in range(since, until, longest)
    ]  # fmt: skip


def _when(text: str) -> tuple[str, Millis, Millis]:
    """What is declared, from when and until when."""
    what, _, between = text.partition(" from ")
    since, _, until = between.partition(" to ")
    return what, moment(since), moment(until)
