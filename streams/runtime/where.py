"""Which stage and partition the code at hand works for, so that each line of a log can say it."""

from __future__ import annotations

from contextvars import ContextVar

STAGE: ContextVar[str | None] = ContextVar("stage", default=None)
"""The stage; set by its runner, and inherited by all that the runner begins."""
PARTITION: ContextVar[int | None] = ContextVar("partition", default=None)
"""The partition; set by its task."""
