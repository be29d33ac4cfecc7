"""The environment of the peers: made from `peers.lock` beside the project's own, so that their dependencies do not touch ours."""

from __future__ import annotations

import subprocess
import venv
from pathlib import Path

from deploy.cli.output import progress

_LOCK = Path(__file__).parent / "peers.lock"
_FOLDER = Path(__file__).parents[3] / ".venv-peers"


class InstallFailed(Exception):
    """pip could not install the peers; the message is the end of what it said."""


def python() -> Path:
    """The interpreter of the environment, which is made anew when the lock file has changed; raises InstallFailed."""
    found, ready = _FOLDER / "bin" / "python", _FOLDER / "ready"
    if not ready.exists() or ready.read_text() != _LOCK.read_text():
        progress(f"installing the peers in {_FOLDER.name}")
        venv.create(_FOLDER, clear=True, with_pip=True)
        words = [str(found), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", str(_LOCK)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            raise InstallFailed(f"pip ended with {done.returncode}:\n{done.stderr[-2000:]}")
        ready.write_text(_LOCK.read_text())
    return found
