"""Delivery of releases to an agency's webhook, with receipts.

Guarantee: each release is answered at least once, in order for each person, and repeats carry the same Idempotency-Key. The receipt is on the bus before the
offset is committed, so a crash repeats deliveries and never skips one. A receiver that is away holds up its own agency only, and is asked again for ever.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import random
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
from kafka import KafkaConsumer, OffsetAndMetadata

from connectors.publish import Publisher
from schemas.agency import Agency, Webhook
from schemas.codec import Codec
from schemas.models.release import Answer, Receipt, Release

_AGAIN = {408, 425, 429}
_LONGEST = 60.0


class NotDeliverable(Exception):
    """An agency's file asks for something that is not there; the message says what to set."""


class Deliverer:
    """Delivers the releases of one agency."""

    def __init__(self, agency: Agency, brokers: str, codec: Codec, namespace: str, publisher: Publisher) -> None:
        """Connect; raises NotDeliverable when the webhook's address or secret is not set."""
        assert isinstance(agency.deliver, Webhook)
        self._agency, self._codec, self._publisher = agency, codec, publisher
        self._url = filled(agency.deliver.url, agency.name)
        self._secret = Path(filled(agency.deliver.token_file, agency.name)).read_bytes().strip() if agency.deliver.token_file else None
        self._http = httpx.Client(timeout=httpx.Timeout(10.0), trust_env=False)
        self._consumer = KafkaConsumer(
            f"{namespace}deliver.{agency.name}", bootstrap_servers=brokers.split(","), group_id=f"{namespace}lianfang.deliver.{agency.name}",
            isolation_level="read_committed", enable_auto_commit=False, auto_offset_reset="earliest", max_poll_records=200, max_poll_interval_ms=3_600_000,
        )  # fmt: skip

    def run(self, stop: Callable[[], bool], tell: Callable[[str], None]) -> None:
        """Deliver until told to stop; what is being asked then is asked again next time."""
        with ThreadPoolExecutor(8) as pool:
            while not stop():
                polled = self._consumer.poll(timeout_ms=500)
                by_person: dict[str, list[Release]] = {}
                for records in polled.values():
                    for record in records:
                        release = self._codec.decode(record.value)
                        assert isinstance(release, Release)
                        by_person.setdefault(release.person, []).append(release)
                done = list(pool.map(lambda releases: self._in_order(releases, stop), by_person.values()))
                if not all(done):
                    return
                self._publisher.settle()
                ends = {part: OffsetAndMetadata(records[-1].offset + 1, "", -1) for part, records in polled.items()}
                if ends:
                    self._consumer.commit(ends)
                    tell(f"{self._agency.name}: {sum(map(len, by_person.values()))} delivered")

    def close(self) -> None:
        """Let go of the connections."""
        self._consumer.close()
        self._http.close()

    def _in_order(self, releases: list[Release], stop: Callable[[], bool]) -> bool:
        return all(self._deliver(release, stop) for release in releases)

    def _deliver(self, release: Release, stop: Callable[[], bool]) -> bool:
        """Ask until there is an answer; False when told to stop before."""
        body = json.dumps(release.model_dump(mode="json"), ensure_ascii=False, sort_keys=True).encode()
        attempts = 0
        while not stop():
            attempts += 1
            status, patience = self._ask(release, body)
            if status and 200 <= status < 300:
                return self._note(release, Answer.DELIVERED, status, attempts)
            if status and 400 <= status < 500 and status not in _AGAIN:
                return self._note(release, Answer.REFUSED, status, attempts)
            limit = time.monotonic() + (patience or min(0.2 * 2 ** min(attempts, 10), _LONGEST) * random.uniform(0.7, 1.3))  # noqa: S311
            while time.monotonic() < limit and not stop():
                time.sleep(0.1)
        return False

    def _ask(self, release: Release, body: bytes) -> tuple[int | None, float | None]:
        """The status of one attempt (None when there was no whole answer), and how long the receiver asks to wait."""
        moment = str(int(time.time()))
        headers = {"Content-Type": "application/json", "Idempotency-Key": f"{release.id}{'-retracted' if release.retracted else ''}", "Lianfang-Time": moment}
        if self._secret:
            headers["Lianfang-Signature"] = hmac.new(self._secret, moment.encode() + b"." + body, hashlib.sha256).hexdigest()
        try:
            answer = self._http.post(self._url, content=body, headers=headers)
        except httpx.HTTPError:
            return None, None
        after = answer.headers.get("Retry-After", "")
        return answer.status_code, min(float(after), _LONGEST) if after.isdigit() else None

    def _note(self, release: Release, answer: Answer, status: int, attempts: int) -> bool:
        receipt = Receipt(release=release.id, retracted=release.retracted, agency=release.agency, answer=answer, status=status, attempts=attempts,
                          answered_at=time.time_ns() // 1_000_000)  # fmt: skip
        self._publisher.send("receipt", release.id, receipt)
        return True


def filled(text: str | None, agency: str) -> str:
    """The text with ${NAME} replaced from the environment; raises NotDeliverable naming what is not set."""

    def value(match: re.Match[str]) -> Any:
        if match[1] not in os.environ:
            raise NotDeliverable(f"agency {agency} needs the environment variable {match[1]}")
        return os.environ[match[1]]

    return re.sub(r"\$\{(\w+)\}", value, text or "")
