"""Whether a program lives and whether its broker answers: what was seen last, and when."""

from __future__ import annotations

import time

ASK = 5.0
"""Seconds between two questions to the broker."""
_SILENT = 20.0
"""Seconds without an answer after which the broker counts as away: three questions and a little."""
_STANDS = 20.0
"""Seconds after which a loop that does not turn counts as dead; it turns at least once a second."""


class Pulse:
    """Written where things happen, read in any thread."""

    def __init__(self) -> None:
        """Nothing was seen yet."""
        self._began = self._turned = time.monotonic()
        self._answered: float | None = None

    def turns(self) -> None:
        """The program's loop has turned."""
        self._turned = time.monotonic()

    def answers(self) -> None:
        """The broker has answered a question."""
        self._answered = time.monotonic()

    @property
    def silence(self) -> float:
        """Seconds since the broker answered, or since the program began when it never did."""
        return time.monotonic() - (self._began if self._answered is None else self._answered)

    def dead(self) -> list[str]:
        """Why the program does not live; empty while its loop turns."""
        stands = time.monotonic() - self._turned
        return [f"the loop has not turned for {stands:.0f} s"] if stands > _STANDS else []

    def silent(self) -> list[str]:
        """Why the broker counts as away; empty while it answers."""
        if self._answered is None:
            return ["the broker has not answered yet"]
        return [f"the broker has not answered for {self.silence:.0f} s"] if self.silence > _SILENT else []
