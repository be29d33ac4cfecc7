"""A publisher process: `python -m tests.chaos.publisher publish INBOX DONE` publishes portions through the connector of files, one after the other, until it is ended.

Killed, it goes on at the exact record when it is started again. A portion that is published moves to DONE, so a portion that lies there is on the broker.
"""

from __future__ import annotations

import sys
import time
from contextlib import closing
from pathlib import Path

from connectors.publish import CannotPublish, Publisher
from connectors.transports import files
from deploy.bus import Bus
from tests.chaos.load import DECISIONS

_PATIENCE = 15.0


def main() -> None:
    """Publish for ever; ends with what to do when the broker does not take records, as `lianfang publish` does."""
    inbox, done = Path(sys.argv[2]), Path(sys.argv[3])
    bus = Bus()
    try:
        with closing(bus.publisher(_PATIENCE)) as publisher:
            while True:
                for portion in sorted(inbox.iterdir()):
                    _publish(bus, publisher, portion)
                    portion.rename(done / portion.name)
                time.sleep(0.1)
    except CannotPublish as problem:
        sys.exit(str(problem))


def _publish(bus: Bus, publisher: Publisher, portion: Path) -> None:
    for path in sorted(portion.glob("*.jsonl"), key=lambda path: hash((portion.name, path.name))):
        if path.name != DECISIONS:
            files.publish(path, bus.sources[path.stem], bus.settings.keys, publisher, bus.settings.home, _tell)
    _tell(f"published {portion.name}")


def _tell(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
