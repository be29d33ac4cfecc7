"""Commands of the project as processes of their own, ended by pid whatever happens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from deploy.local.process import with_parent
from schemas.settings import Settings
from tests.broker.waiting import until


def environment(settings: Settings) -> dict[str, str]:
    """The environment in which a command has these settings."""
    values = settings.model_dump(exclude_none=True)
    return {**os.environ, **{f"LIANFANG_{name.upper()}": str(value) for name, value in values.items()}, "PYTHONUNBUFFERED": "1"}


class Command:
    """One running command; its output goes to a file."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        """Take what runs and where its output is."""
        self._process, self._log = process, log

    @property
    def said(self) -> str:
        """Everything that it printed until now."""
        return self._log.read_text("utf-8", "replace")

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def ended(self) -> int | None:
        """Its exit code, or None while it runs."""
        return self._process.poll()

    def says(self, text: str, patience: float = 40.0) -> None:
        """Wait until it has printed a text; fails with all its output when it ends first or `patience` seconds pass."""
        until(lambda: text in self.said or self.ended is not None, patience, lambda: f"{text!r} was not said:\n{self.said}")
        assert text in self.said, f"ended with {self.ended} before it said {text!r}:\n{self.said}"

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self._process.kill()
        self._process.wait(10)

    def ends(self, patience: float = 60.0) -> int:
        """Wait until it ends of itself, and give its exit code."""
        return self._process.wait(patience)

    def end(self, patience: float = 40.0) -> int:
        """Ask it to end and give its exit code."""
        if self.ended is None:
            self._process.send_signal(signal.SIGCONT)
            self._process.terminate()
        return self._process.wait(patience)


class Commands:
    """Starts commands of `lianfang`, and ends all that still run at the end."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        """Take the settings of all, and where to write what they print."""
        self._settings, self._folder = settings, folder
        self._running: list[Command] = []

    def start(self, *words: str, module: str = "deploy.cli.main", **more: str) -> Command:
        """Start `lianfang` (or another module) with these words and further environment."""
        log = self._folder / f"{len(self._running)}-{words[0]}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *words], stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                env=environment(self._settings) | more,
                preexec_fn=with_parent(),  # noqa: PLW1509 - one system call
            )  # fmt: skip
        self._running.append(Command(process, log))
        return self._running[-1]

    def worker(self) -> Command:
        """Start a worker of all stages."""
        return self.start("worker")

    def end(self) -> None:
        """Kill what still runs."""
        for command in self._running:
            if command.ended is None:
                command.kill()

    def wait(self, condition: Callable[[], bool], patience: float) -> None:
        """Wait for a condition; fails with what all commands said when it does not come in `patience` seconds."""
        until(condition, patience, lambda: "\n".join(command.said for command in self._running))
