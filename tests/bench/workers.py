"""Workers as real commands, on chosen cores, and what they use."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.bench.ask import wait
from tests.broker.live import Live
from tests.broker.processes import Command

Split = tuple[tuple[str, ...], ...]
"""The stages of each worker."""
_IDLE = 0.1


@contextmanager
def pinned(core: int | None) -> Iterator[None]:
    """What is started meanwhile runs, with all its threads, on one core; None leaves it on all."""
    me = psutil.Process()
    before = me.cpu_affinity()
    if core is not None:
        me.cpu_affinity([before[core % len(before)]])
    try:
        yield
    finally:
        me.cpu_affinity(before)


def start(live: Live, stages: Sequence[str], core: int | None = None) -> Command:
    """Start a worker of some stages; it may not be ready yet."""
    with pinned(core):
        return live.commands.start("worker", "--stages", ",".join(stages))


def ready(command: Command, stages: Sequence[str]) -> None:
    """Wait until a worker has said of each of its stages that it is ready; fails with what it said when it ends first."""

    def missing() -> list[str]:
        said = command.said
        assert command.ended is None, f"a worker ended with {command.ended}:\n{said}"
        return [stage for stage in stages if f"stage {stage} is ready" not in said]

    wait(lambda: not missing(), lambda: f"starting {', '.join(missing())}", patience=300, every=0.05)


def cpu(process: psutil.Process) -> float:
    """Seconds of CPU that a process has used, user and system."""
    times = process.cpu_times()
    return float(times.user + times.system)


def begin(live: Live, split: Split) -> list[Command]:
    """Start the workers of a split, and return when all are ready."""
    commands = [start(live, names) for names in split]
    for command, names in zip(commands, split, strict=True):
        ready(command, names)
    return commands


def idle(pid: int, seconds: float = 3.0) -> None:
    """Wait until a process has used next to no CPU for some seconds: what it had to tidy up is then done."""
    process = psutil.Process(pid)
    since, before = time.monotonic(), cpu(process)

    def still() -> bool:
        nonlocal since, before
        now, used = time.monotonic(), cpu(process)
        if used - before > _IDLE * (now - since):
            since, before = now, used
        return now - since > seconds

    wait(still, lambda: f"waiting for the worker to be idle: {cpu(process):.0f} s of CPU used")


class Used:
    """Seconds of CPU that processes use from now on; `memory` is the most resident bytes of all together that were seen when it was asked."""

    def __init__(self, pids: Sequence[int]) -> None:
        """Take their ids."""
        self._processes = [psutil.Process(pid) for pid in pids]
        self._before = [cpu(process) for process in self._processes]
        self.memory = 0

    def seconds(self) -> float:
        """Until now."""
        self.memory = max(self.memory, sum(process.memory_info().rss for process in self._processes))
        return sum(cpu(process) for process in self._processes) - sum(self._before)


def state(live: Live, stage: str) -> list[Path]:
    """The folders of the stores of a stage, one for each partition and worker that had it."""
    return sorted(path for path in (live.bus.settings.home / "state").glob(f"*/{live.bus.settings.namespace}{stage}/*") if path.is_dir())


def on_disk(folder: Path) -> int:
    """Bytes that the files under a folder take on disk."""
    return sum(path.lstat().st_blocks * 512 for path in folder.rglob("*") if path.is_file())
