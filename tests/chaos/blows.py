"""How faults are brought about, where it takes more than one call."""

from __future__ import annotations

import fcntl
import os
import resource
import shutil
import subprocess
from collections.abc import Sequence
from itertools import count
from pathlib import Path

import psutil

from deploy.local.process import StartFailed
from tests.chaos.site import Site
from tests.chaos.units import Unit

_NUMBERS = count()


def kill(site: Site, unit: Unit, again: float, *, lose: bool) -> None:
    """Kill a worker, and with `lose` remove the state that no running worker holds."""
    unit.kill(again)
    if lose:
        for path in (site.home / "state").glob("*.lock"):
            _lose(path)


def restart(units: Sequence[Unit]) -> None:
    """Ask workers to end at once, all of them; they come again when they have."""
    for command in [unit.release() for unit in units]:
        if command:
            command.end(60)
    for unit in units:
        unit.kill(0.0)


def receive(site: Site, mode: str) -> None:
    """Let the receiver behave so; '' is as it should."""
    site.receiver.mode = mode


def up(site: Site) -> None:
    """Start broker and registry again; on a machine with much to do one may need a second try."""
    try:
        site.up()
    except StartFailed:
        site.up()


class Guest:
    """A further worker that comes and goes; on a disk of so many megabytes, if any.

    The small disk is a tmpfs where this process may mount one, otherwise a limit on the size of each file of the worker.
    """

    def __init__(self, site: Site, stages: tuple[str, ...], megabytes: int) -> None:
        """Nothing is started yet."""
        self._site, self._stages, self._megabytes = site, stages, megabytes
        self.name = f"guest-{next(_NUMBERS)}"
        self._disk = site.folder / "disks" / self.name

    def come(self) -> None:
        """Start it."""
        more = {}
        if self._megabytes:
            self._disk.mkdir(parents=True)
            more["LIANFANG_HOME"] = str(self._disk)
            self._mounted = _mount(self._disk, self._megabytes)
        unit = self._site.worker(self.name, self._stages, **more)
        unit.start()
        if self._megabytes and not self._mounted and unit.command:
            psutil.Process(unit.command.pid).rlimit(resource.RLIMIT_FSIZE, (self._megabytes << 16, self._megabytes << 16))

    def go(self) -> None:
        """End it: a healthy one gracefully, one without a disk as it can."""
        unit = self._site.remove(self.name)
        unit.ask_to_end()
        if unit.command:
            try:
                unit.command.end(20 if self._megabytes else 60)
            except subprocess.TimeoutExpired:
                unit.command.kill()
        if self._megabytes and self._mounted:
            subprocess.run(["umount", "-l", str(self._disk)], check=True)
        if self._megabytes:
            shutil.rmtree(self._disk, ignore_errors=True)


def _mount(folder: Path, megabytes: int) -> bool:
    """Mount a small tmpfs; False where that is not allowed."""
    if os.geteuid():
        return False
    return subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], capture_output=True, check=False).returncode == 0


def _lose(lock: Path) -> None:
    """Remove the folder of a slot unless some worker holds it."""
    with lock.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
