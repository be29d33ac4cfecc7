"""A worker of a later version of this program: `python -m tests.broker.later STAGE [migrating]`, whose stage writes its rows in another form."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace

from deploy.bus import Bus
from streams.runtime import worker
from streams.runtime.runner import WorkerFailed

MARK = b"later"
"""What the later form of a row has at its end."""


def main() -> None:
    """Run one stage as its next version."""
    bus = Bus()
    (stage,) = [stage for stage in bus.stages if stage.name == sys.argv[1]]
    migrations = {stage.version: _migrated} if "migrating" in sys.argv else {}
    try:
        worker.run([replace(stage, version=stage.version + 1, migrations=migrations)], bus.settings, lambda _: bus.brokers, bus.codec, _tell)
    except WorkerFailed as failure:
        sys.exit(str(failure))


def _migrated(key: bytes, value: bytes) -> Iterable[tuple[bytes, bytes]]:
    yield key, value + MARK


def _tell(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
