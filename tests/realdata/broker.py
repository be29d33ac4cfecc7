"""The files through the real commands on a real broker: a stack of its own in a folder of its own, a bus (a namespace) for each source, everything ended by pid."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploy.bus import Bus
from schemas.settings import Settings
from tests.broker.processes import Commands, environment
from tests.levels import declare_on
from tests.realdata.answer import Answer, reduced
from tests.realdata.data import LEVELS

_PATIENCE = 900.0
_MADE = 0
_WAITING = 2


class Failed(Exception):
    """A command did not do what it should; the message holds what it said."""


@contextmanager
def stack() -> Iterator[Settings]:
    """A broker and a registry, stopped at the end whatever happens; the folder is removed."""
    with tempfile.TemporaryDirectory(prefix="lianfang-realdata-") as folder:
        settings = Settings(home=Path(folder), collect="hold")  # the files are sent at once, maybe before the worker has told the level
        try:
            text(settings, "up")
            yield settings
        finally:
            text(settings, "down")


def answer(settings: Settings, source: str, paths: Sequence[Path]) -> tuple[Answer, str]:
    """What the bus makes of the files of one source, and what `reconcile` prints at the end; seconds from publishing to the last message read."""
    mine = settings.model_copy(update={"namespace": f"{source}."})
    text(mine, "topics", "apply")
    declare_on(Bus(mine), LEVELS)
    commands = Commands(mine, mine.home)
    try:
        worker = commands.worker()
        began = time.monotonic()
        published = document(mine, "publish", source, *map(str, paths))
        rows = _settled(mine, lambda: worker.ended is None and time.monotonic() - began < _PATIENCE)
        seconds = time.monotonic() - began
        cases, rejects, told = document(mine, "cases", "list", "--whole", "--by", "realdata", "--reason", "quality"), document(mine, "rejects", "list"), text(mine, "reconcile")
    except Failed as problem:
        raise Failed(f"{problem}\nThe worker said:\n{worker.said}") from problem
    finally:
        commands.end()
    row = next(row for row in rows if (row["stage"], row["topic"]) == ("normalise", f"raw.{source}"))
    return Answer(
        source, seconds, sum(one["records"] for one in published), row["applied"], row["duplicates"], row["rejected"],
        sorted(cases, key=lambda case: str(case["person"])), sorted(map(reduced, rejects), key=json.dumps),
    ), told  # fmt: skip


def _settled(settings: Settings, patient: Callable[[], bool]) -> list[dict[str, Any]]:
    """The rows of `reconcile` when all is read; raises Failed when something does not add up, or patience ends."""
    while True:
        done = _done(settings, "reconcile", "--json")
        if done.returncode == _MADE:
            rows: list[dict[str, Any]] = json.loads(done.stdout)
            return rows
        if done.returncode != _WAITING or not patient():
            raise Failed(_said("reconcile", done))


def document(settings: Settings, *words: str) -> Any:
    """What a command prints with --json; raises Failed when it does not exit with 0."""
    return json.loads(text(settings, *words, "--json"))


def text(settings: Settings, *words: str) -> str:
    """What a command prints; raises Failed when it does not exit with 0."""
    done = _done(settings, *words)
    if done.returncode:
        raise Failed(_said(" ".join(words[:2]), done))
    return done.stdout


def _done(settings: Settings, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "deploy.cli.main", *words]
    return subprocess.run(command, capture_output=True, text=True, env=environment(settings), timeout=_PATIENCE, check=False)


def _said(command: str, done: subprocess.CompletedProcess[str]) -> str:
    return f"`lianfang {command}` ends with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
