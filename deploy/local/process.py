"""Processes in the background that outlive the command that started them, known by pid and start time.

A pid alone can be somebody else's by the time it is read again; with the start time beside it, nothing is ended that we did not start.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypedDict

import psutil


class Identity(TypedDict):
    """A process of ours."""

    pid: int
    started: float


class StartFailed(Exception):
    """A process ended or did not become ready; the message holds the end of its log."""


_PR_SET_PDEATHSIG = 1
_tied = False


def tie() -> None:
    """From now on, what this process starts ends when it dies, however it dies: for tests and measurements, which must leave nothing behind."""
    global _tied  # noqa: PLW0603 - it is of the process, as its parts are
    _tied = True


def with_parent() -> Callable[[], None] | None:
    """What a new process calls before it begins, so that the system ends it when this one dies; None where no system does that.

    Linux counts the death of the thread that started it, so only what the main thread starts can be tied.
    """
    if sys.platform != "linux" or threading.current_thread() is not threading.main_thread():
        return None
    return partial(ctypes.CDLL(None).prctl, _PR_SET_PDEATHSIG, signal.SIGTERM)


def spawn(command: Sequence[str], log: Path, folder: Path, more: Mapping[str, str] | None = None) -> Identity:
    """Start a command in its own session, with `more` in its environment and its output appended to a log."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd=folder,
                                   env={**os.environ, **(more or {})}, start_new_session=True,
                                   preexec_fn=with_parent() if _tied else None)  # noqa: PLW1509 - one system call  # fmt: skip
    identity: Identity = {"pid": process.pid, "started": psutil.Process(process.pid).create_time()}
    process.returncode = 0  # it is meant to outlive us and is ended by its identity; without this Popen warns that it still runs
    return identity


def running(identity: Identity | None) -> psutil.Process | None:
    """The process, if it is still the one that was started and has not ended."""
    if identity is None:
        return None
    try:
        process = psutil.Process(identity["pid"])
        same = abs(process.create_time() - identity["started"]) < 1
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.NoSuchProcess:
        return None


def stop(identity: Identity | None, patience: float = 15.0) -> None:
    """Ask a process to end, and end it when it has not after `patience` seconds."""
    process = running(identity)
    if process is None:
        return
    process.terminate()
    try:
        process.wait(patience)
    except psutil.TimeoutExpired:
        process.kill()
        process.wait(5)


def wait_ready(name: str, identity: Identity, ready: Callable[[], bool], log: Path, patience: float = 180.0) -> None:
    """Wait until `ready`; raises StartFailed with the end of the log when the process ends or `patience` seconds pass.

    A process that is not waited for to the end, also by interruption, is stopped.
    """
    end = time.monotonic() + patience
    try:
        while not ready():
            if running(identity) is None or time.monotonic() > end:
                tail = "\n".join(log.read_text("utf-8", "replace").splitlines()[-15:])
                raise StartFailed(f"{name} did not start; the end of {log}:\n{tail}")
            time.sleep(0.1)
    except BaseException:
        stop(identity)
        raise
