"""Processes that are tied end with the one that started them."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from deploy.local.process import with_parent
from tests.broker.waiting import until

_STARTS = """
import signal, sys, time
from pathlib import Path
from deploy.local import process
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever runs the tests may ignore it
if sys.argv[2] == "tied":
    process.tie()
print(process.spawn([sys.executable, "-c", "import time; time.sleep(60)"], Path(sys.argv[1]), Path.cwd())["pid"], flush=True)
time.sleep(60)
"""
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent has died")


def _alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


@linux
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGHUP])
def test_a_part_that_is_tied_ends_with_what_started_it(tmp_path: Path, number: signal.Signals) -> None:
    """However the process ends that started it, no broker is left running behind a test."""
    with subprocess.Popen([sys.executable, "-c", _STARTS, str(tmp_path / "log"), "tied"], stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout
        pid = int(started.stdout.readline())
        assert _alive(pid)
        started.send_signal(number)
    until(lambda: not _alive(pid), 20)


@linux
def test_a_part_that_is_not_tied_goes_on(tmp_path: Path) -> None:
    """What `lianfang up` starts outlives the command."""
    with subprocess.Popen([sys.executable, "-c", _STARTS, str(tmp_path / "log"), "free"], stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout
        pid = int(started.stdout.readline())
        started.kill()
    part = psutil.Process(pid)
    assert _alive(pid)
    part.kill()


def test_only_the_main_thread_ties() -> None:
    """The system counts the end of the thread that started a process, so what another thread starts is not tied."""
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(with_parent()))
    thread.start()
    thread.join()
    assert found == [None]
