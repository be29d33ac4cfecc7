"""`python -m tests.acls`: try everything as every principal on a secured broker of one's own, and print the matrix. Exits with 1 when a cell is wrong."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from deploy.local import process, stack
from tests.acls.matrix import drawn, matrix
from tests.acls.secured import settings
from tests.broker.live import opened


def main() -> int:
    """Start the stack, print, and stop it."""
    process.tie()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "stack"
        try:
            ends = stack.up(home, lambda line: print(line, file=sys.stderr), secure=True)
            with opened(ends, "acls", Path(folder), **settings(home)) as live:
                found = matrix(live.bus)
                print("\n".join([*drawn(found, "acls."), "", str(found.counts()), *found.wrong()]))
                return 1 if found.wrong() else 0
        finally:
            stack.down(home)


if __name__ == "__main__":
    sys.exit(main())
