"""`lianfang scenario run` without its stack: a story on a bus of its own, with a worker that is started for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.cli.scenario import SHIPPED
from deploy.local import stack as local
from deploy.scenarios.expect import NotAsTold
from deploy.scenarios.run import run
from deploy.scenarios.story import Step, read
from deploy.scenarios.timeline import Change
from tests.broker.live import opened


def test_a_story_is_played_and_one_that_is_not_true_is_told(stack: local.Endpoints, tmp_path: Path) -> None:
    """Each step tells what changed. The same story with another expectation ends with what is otherwise."""
    story = read(SHIPPED / "test_withdrawn.yaml")
    told: list[list[Change]] = []

    def step_over(number: int, step: Step, changed: list[Change], seconds: float) -> None:
        told.append(changed)

    with opened(stack, "played", tmp_path) as live:
        run(live.bus, "withdrawn", story, step_over)
        assert len(told) == len(story.steps)
        assert any(one.taken_back and one.line.kind == "release" for one in told[1])
        wrong = story.model_copy(update={"steps": [story.steps[0].model_copy(update={"expect": story.steps[-1].expect})]})
        with pytest.raises(NotAsTold, match=r"^step 1: "):
            run(live.bus, "otherwise", wrong, step_over)
