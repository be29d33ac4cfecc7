"""Every story on the real broker, each on a bus of its own: the same answers as in memory, and as the oracle's."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from deploy.local import stack as local
from deploy.scenarios.live import BusWorld
from deploy.scenarios.story import read
from tests.broker.live import QUICK, opened
from tests.scenarios.runner import tell
from tests.scenarios.test_stories import LONG, STORIES

SHOWING = (
    "daguan_returnee", "row_01_source_tracing", "row_04_early_warning", "row_05_notices", "row_05_statistics", "row_06_area_declared_late",
    "row_08_fever", "row_10_isolation", "row_13_supplies",
)  # fmt: skip
"""Stories that between them go through every stage, and so are told on the broker each time; `make stories` tells all of them there."""


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem, marks=[] if path.stem in SHOWING else pytest.mark.chaos) for path in STORIES if path.stem not in LONG])
def test_the_story_comes_out_as_told_on_the_broker(path: Path, stack: local.Endpoints, tmp_path: Path) -> None:
    """After each step exactly the linked cases and releases stand that the story names, and the oracle says the same."""
    with opened(stack, path.stem.replace("_", "-"), tmp_path, (), **QUICK | {"partitions": 1}) as live:
        live.commands.worker()
        with closing(BusWorld(live.bus, tmp_path, live.rest)) as world:
            tell(read(path), world)
