"""Plays a story on a bus: sends what each step sends, and compares what then stands with what the step expects."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from deploy.scenarios.cast import Cast
from deploy.scenarios.expect import compare
from deploy.scenarios.story import Step, Story
from deploy.scenarios.world import World
from schemas.models.control import RiskArea
from schemas.models.fact import Millis

After = Callable[[int, Step, Cast], None]
"""Is told each step, by its number from 1, when it is over and came out as told, and who is who then."""


def play(story: Story, world: World, after: After) -> None:
    """Go through the steps; raises NotAsTold naming the step and what is otherwise than expected."""
    for number, step in enumerate(story.steps, 1):
        for publish in step.publish:
            world.publish(publish.source, publish.sent())
        if step.areas is not None:
            world.declare([area(text) for text in step.areas])
        if step.clock:
            world.pass_time(moment(step.clock))
        world.settle()
        cast = Cast(story, world)
        if step.expect:
            compare(step.expect, cast, f"step {number}: {step.says}")
        after(number, step, cast)


def moment(text: str) -> Millis:
    """UTC milliseconds of a time in Asia/Shanghai, such as `2020-01-22 09:00`."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1000)


def area(text: str) -> RiskArea:
    """A declared risk area, as `4301 from 2020-01-10 00:00 to 2020-02-10 00:00`."""
    region, _, *between = text.split(" ")
    since, until = (moment(" ".join(words)) for words in (between[:2], between[3:]))
    return RiskArea.of(causes=[], at=since, region=region, legal_basis="突发公共卫生事件应急条例, art. 33", until=until, by="OP-STORY-1",
                       approved_by="OP-STORY-2")  # fmt: skip
