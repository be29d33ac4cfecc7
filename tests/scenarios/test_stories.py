"""Every story that is shipped, in memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.cli.scenario import SHIPPED
from deploy.scenarios.story import read
from tests.scenarios.runner import tell
from tests.scenarios.world import MemoryWorld

STORIES = sorted(SHIPPED.glob("*.yaml"))


LONG = ("zhengzhou",)
"""Stories of so many people that they are told in large batches only, and on the broker by a test of their own."""


@pytest.mark.parametrize(("path", "size"), [pytest.param(path, size, id=f"{path.stem}-{size}") for path in STORIES for size in (1, 1000) if size > 1 or path.stem not in LONG])
def test_the_story_comes_out_as_told(path: Path, size: int) -> None:
    """After each step exactly the linked cases and releases stand that the story names, and the oracle says the same, in batches of any size."""
    tell(read(path), MemoryWorld(size))
