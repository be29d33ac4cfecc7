"""Tells a story to a world, and asks the oracle after each step too."""

from __future__ import annotations

import json

from deploy.scenarios.cast import Cast
from deploy.scenarios.expect import NotAsTold
from deploy.scenarios.messages import Gateway
from deploy.scenarios.numbered import records
from deploy.scenarios.play import area, levels, moment, play
from deploy.scenarios.story import Step, Story
from deploy.scenarios.timeline import KINDS
from deploy.scenarios.timeline import stands as lines
from deploy.scenarios.world import World
from schemas.models.control import RiskArea
from tests.oracle.answer import Oracle
from tests.oracle.content import contents, difference
from tests.oracle.facts import Sent


def tell(story: Story, world: World) -> None:
    """Play the story; raises NotAsTold naming the step and what is otherwise than it or the oracle says."""
    oracle = Oracle(world.sources, list(world.agencies), world.policy, world.keys)
    sent: list[Sent] = []
    now: int | None = None
    areas: list[RiskArea] = []
    stands = levels(story.levels, world.policy)
    gateway, spoilt = Gateway(story, world), set[str]()

    def asked(number: int, step: Step, cast: Cast) -> None:
        nonlocal now, areas, stands
        sent.extend((one.source, item) for one in step.publish for record in records(one, world.keys) for item in oracle.sources[one.source].items(record))
        for raw in gateway.raws(step):  # a message is another form of a record; one that is no record the oracle does not see
            if raw.fault:
                spoilt.add(raw.digest)
            else:
                sent.append((raw.source, json.loads(raw.body)))
        areas = [area(text) for text in step.areas] if step.areas is not None else areas
        stands = levels(step.levels, world.policy) if step.levels is not None else stands
        now = moment(step.clock) if step.clock else now
        assert {line.kind for line in lines(cast)} <= KINDS.keys(), "a line of the timeline that has no name"
        names = [agency.name for agency in oracle.agencies]
        found = contents(world.standing, names, oracle.keys)
        found["reject"] = [one for one in found["reject"] if one["digest"] not in spoilt]
        wrong = difference(found, oracle.answer(sent, now=now, levels=stands, areas=areas))
        if wrong:
            raise NotAsTold(f"step {number}: {step.says}\n{wrong}")

    play(story, world, asked)
