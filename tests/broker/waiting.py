"""Waiting for something with a limit."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(condition: Callable[[], bool], patience: float, otherwise: Callable[[], str] = lambda: "it did not come") -> None:
    """Return when the condition holds; fails with what `otherwise` says when it does not within `patience` seconds."""
    limit = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < limit, f"after {patience:.0f} s: {otherwise()}"
        time.sleep(0.1)
