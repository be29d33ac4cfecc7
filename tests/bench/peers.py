"""Environments of peers: each made from the `peers.lock` of its bench beside the project's own, so that their dependencies do not touch ours."""

from __future__ import annotations

import subprocess
import venv
from pathlib import Path

from deploy.cli.output import progress

_ROOT = Path(__file__).parents[2] / ".venv-peers"


class InstallFailed(Exception):
    """pip could not install the peers; the message is the end of what it said."""


def python(bench: str) -> Path:
    """The interpreter of the environment of a bench (contact, linkage), which is made anew when the lock file has changed; raises InstallFailed."""
    lock, folder = Path(__file__).parent / bench / "peers.lock", _ROOT / bench
    found, ready = folder / "bin" / "python", folder / "ready"
    if not ready.exists() or ready.read_text() != lock.read_text():
        progress(f"installing the peers in {_ROOT.name}/{bench}")
        venv.create(folder, clear=True, with_pip=True)
        words = [str(found), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", str(lock)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            raise InstallFailed(f"pip ended with {done.returncode}:\n{done.stderr[-2000:]}")
        ready.write_text(lock.read_text())
    return found
