"""No core dumps: the memory of a program holds keys and opened identifiers, and a file of it would lie where nobody erases."""

from __future__ import annotations

import sys


def without_cores() -> None:
    """Let the system write no file of this process's memory when it dies, nor of any that it starts; where there are no such limits nothing happens."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
