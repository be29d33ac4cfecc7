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
from tests.scenarios.test_stories import ALIKE, LONG, STORIES


@pytest.mark.parametrize("path", [one for one in STORIES if one.stem not in (*LONG, *ALIKE)], ids=lambda path: str(path.stem))
def test_the_story_comes_out_as_told_on_the_broker(path: Path, stack: local.Endpoints, tmp_path: Path) -> None:
    """After each step exactly the linked cases and releases stand that the story names, and the oracle says the same."""
    with opened(stack, path.stem.replace("_", "-"), tmp_path, (), **QUICK | {"partitions": 1}) as live:
        live.commands.worker()
        with closing(BusWorld(live.bus, tmp_path, live.rest)) as world:
            tell(read(path), world)
