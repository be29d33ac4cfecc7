"""A client of the HTTP intake: `python -m tests.chaos.client post INBOX DONE URL` sends portions, one after the other, until it is ended.

What is not answered 202 (or 422: some are on the broker to be rejected) is sent again until it is. So a portion that lies in DONE is on the broker; a client that was killed sends
its portion from the beginning, which changes nothing.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.chaos.load import DECISIONS

_EACH = 100
_PAUSE = 0.3
_LINES = {"Content-Type": "application/x-ndjson"}


def main() -> None:
    """Send for ever."""
    inbox, done, url = Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
    with httpx.Client(base_url=url, trust_env=False, timeout=30) as http:
        while True:
            for portion in sorted(inbox.iterdir()):
                for source, records in _requests(portion):
                    _send(http, source, records)
                portion.rename(done / portion.name)
                print(f"sent {portion.name}", flush=True)
            time.sleep(0.1)


def _requests(portion: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(portion.glob("*.jsonl"), key=lambda path: hash((portion.name, path.name))):
        if path.name != DECISIONS:
            records = path.read_text("utf-8").splitlines()  # as they are: what is refused is told by the digest of its bytes
            yield from ((path.stem, "\n".join(records[start : start + _EACH])) for start in range(0, len(records), _EACH))


def _send(http: httpx.Client, source: str, records: str) -> None:
    """Send until all are taken; any other answer ends the client."""
    while True:
        try:
            answer = http.post(f"/v1/sources/{source}/records", content=records.encode(), headers=_LINES)
        except httpx.TransportError:  # it was killed or is away, by our own doing
            time.sleep(_PAUSE)
            continue
        if answer.status_code in (202, 422):
            return
        if answer.status_code not in (429, 500, 503):
            sys.exit(f"{source} was answered {answer.status_code}")
        time.sleep(_PAUSE)


if __name__ == "__main__":
    main()
