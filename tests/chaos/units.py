"""Processes that are kept up, as a service manager does it: what ends is started again, counted, and judged by whether it had a reason."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.broker.processes import Command, Commands

_PAUSE = 1.0
_TOLD = 400
_MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class End:
    """A process that ended by itself: which, when, its exit code, and the last that it said."""

    unit: str
    at: float
    code: int
    said: str


@dataclass
class Unit:
    """One process that is to run; `stages` are those of a worker."""

    name: str
    words: Sequence[str]
    commands: Commands
    module: str = "deploy.cli.main"
    more: dict[str, str] = field(default_factory=dict)
    stages: tuple[str, ...] = ()
    wanted: bool = True
    frozen: bool = False
    restarts: int = 0
    began: float = 0.0
    command: Command | None = None
    _again_at: float = 0.0

    def start(self) -> None:
        """Start it now."""
        self.began, self.frozen = time.monotonic(), False
        self.command = self.commands.start(*self.words, module=self.module, **self.more)

    @property
    def runs(self) -> bool:
        """Whether it runs, frozen or not."""
        return self.command is not None and self.command.ended is None

    @property
    def ready(self) -> bool:
        """Whether a worker has said that all its stages have their partitions; any other process, whether it runs."""
        if self.command is None or not self.runs:
            return False
        return not self.stages or all(re.search(rf"^stage {stage} is ready", self.command.said, re.MULTILINE) for stage in self.stages)

    def kill(self, again_in: float = _PAUSE) -> None:
        """End it as a power cut would; it is started again after some seconds."""
        self._again_at = time.monotonic() + again_in
        command, self.command = self.command, None
        if command and command.ended is None:
            command.kill()

    def release(self) -> Command | None:
        """Ask it to end, and hand it over; another is started in a minute, or as soon as `kill` says so."""
        self._again_at = time.monotonic() + _MINUTE
        command, self.command = self.command, None
        if command and command.ended is None:
            command.signal(signal.SIGTERM)
        return command

    def freeze(self) -> None:
        """Let it stand still."""
        if self.command and self.runs:
            self.command.signal(signal.SIGSTOP)
            self.frozen = True

    def thaw(self) -> None:
        """Let it go on."""
        if self.command and self.runs:
            self.command.signal(signal.SIGCONT)
        self.frozen = False

    def ask_to_end(self) -> None:
        """Ask it to end, without waiting; it is not started again."""
        self.wanted = False
        if self.command and self.runs:
            self.command.signal(signal.SIGCONT)
            self.command.signal(signal.SIGTERM)

    def look(self) -> End | None:
        """Start it again when it is to run and does not; gives the end when it ended by itself, once."""
        command, ended = self.command, None
        if command and command.ended is None:
            return None
        if command and self.wanted and command is self.command:
            ended = End(self.name, time.monotonic(), command.ended or 0, command.said[-_TOLD:].strip())
            self._again_at, self.command = time.monotonic() + _PAUSE, None
        if self.wanted and time.monotonic() >= self._again_at:
            self.restarts += self.began > 0
            self.start()
        return ended
