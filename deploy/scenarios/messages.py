"""The gateway of a story: its clinics' text messages become raw messages as at the intake, and its answers are those of `lianfang outpost answers`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from connectors.messages import form
from connectors.messages.dates import SHANGHAI
from connectors.messages.form import Register
from connectors.messages.take import Taker
from deploy.outposts.answers import answers
from deploy.scenarios.story import Step, Story
from deploy.scenarios.world import World
from schemas.models.raw import Raw
from streams.normalise.interpret import check


class Remembered:
    """Parts of long reports, for as long as the story is told."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._parts: dict[str, dict[int, list[dict[str, str]]]] = {}

    def put(self, report: str, part: int, fields: Mapping[str, str]) -> None:
        """Keep the fields of a part."""
        texts = self._parts.setdefault(report, {}).setdefault(part, [])
        if dict(fields) not in texts:
            texts.append(dict(fields))

    def parts(self, report: str) -> dict[int, list[dict[str, str]]]:
        """By part, the fields that came of it."""
        return self._parts.get(report, {})


class Gateway:
    """Takes the messages of a story."""

    def __init__(self, story: Story, world: World) -> None:
        """Take the clinics of the story, and the sources and keys of the world's bus."""
        self._register = Register(clinics=story.clinics) if story.clinics else None
        keys = world.keys.unkept()
        self._taker = Taker(world.sources, world.keys, form.shipped(), Remembered(), lambda source, fields: check(source, fields, keys))

    def raws(self, step: Step) -> list[Raw]:
        """What comes of the messages of a step, in their order; of who is no clinic nothing does."""
        found: list[Raw] = []
        for one in step.messages:
            clinic = self._register.of(one.sender) if self._register else None
            if clinic:
                found += self._taker.take(clinic, one.text, datetime.fromisoformat(one.at).replace(tzinfo=SHANGHAI)).raws
        return found


def answer_lines(clinic: str, world: World) -> list[str]:
    """What a clinic is answered, as `15 report taken`."""
    found = answers(clinic, form.shipped(), world.agencies, world.keys, world.messages, world.standing)
    return [" ".join(filter(None, (str(one.number), one.about, one.word, one.more))) for one in found]
