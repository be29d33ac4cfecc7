"""Every story of this folder, in memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.runner import tell
from tests.scenarios.story import read
from tests.scenarios.world import MemoryWorld

STORIES = sorted(Path(__file__).parent.glob("*.yaml"))


@pytest.mark.parametrize("size", [1, 1000])
@pytest.mark.parametrize("path", STORIES, ids=lambda path: str(path.stem))
def test_the_story_comes_out_as_told(path: Path, size: int) -> None:
    """After each step exactly the linked cases and releases stand that the story names, and the oracle says the same, in batches of any size."""
    tell(read(path), MemoryWorld(size))
