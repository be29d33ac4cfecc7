"""Delivery of releases to an agency's webhook, with receipts.

Guarantee: each release is answered at least once, in order for each person and purpose, and repeats carry the same Idempotency-Key. Receipts are on the bus
before the offset is committed, so a crash repeats deliveries and never skips one. A receiver that is away holds up its own agency only, and is asked for ever.
"""

from __future__ import annotations

import json
import os
import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import httpx
from kafka import KafkaConsumer, OffsetAndMetadata
from kafka.errors import CommitFailedError, IllegalGenerationError, KafkaError, RebalanceInProgressError, UnknownMemberIdError
from pydantic import BaseModel

from connectors.delivery import Condition
from connectors.webhook import Answered, Receiver
from schemas.agency import Agency, Webhook
from schemas.brokers import Brokers
from schemas.codec import Codec, Undecodable
from schemas.measures import Measures
from schemas.models.release import Answer, Receipt, Release

_AT_ONCE = 8
_LOOK = 5.0
"""Seconds after which the group hears of a consumer whose receiver is slow; far less than the five minutes after which it is put out."""
_REMIND = 60.0
_MOVED = (CommitFailedError, IllegalGenerationError, RebalanceInProgressError, UnknownMemberIdError)


class NotDeliverable(Exception):
    """An agency's releases cannot be delivered; the message says what to set or to mend."""


class BrokerAway(NotDeliverable):
    """The broker refuses, or does not answer: a new deliverer goes on where this one stopped, when it does again."""


class Sends(Protocol):
    """What delivery asks of a publisher; connectors.publish.Publisher does it."""

    def send(self, topic: str, key: str, value: BaseModel) -> None:
        """Send a value."""

    def settle(self) -> None:
        """Return when all is acknowledged."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One release, and where it is on the agency's topic."""

    part: Any
    offset: int
    release: Release
    time: float = 0.0
    """Of its message, in seconds since 1970."""

    @property
    def key(self) -> str:
        """Equal for all attempts of this message; a release that stands again after it was retracted is another message."""
        return f"{self.release.id}-{self.part.partition}-{self.offset}"


@dataclass(slots=True)
class Batch:
    """What was read at once: all offsets of each partition, the releases among them, and what stopped the reading."""

    offsets: dict[Any, list[int]] = field(default_factory=dict)
    deliveries: list[Delivery] = field(default_factory=list)
    problem: NotDeliverable | None = None

    def by_person(self) -> list[list[Delivery]]:
        """The releases of each person, in order."""
        found: dict[str, list[Delivery]] = {}
        for delivery in self.deliveries:
            found.setdefault(delivery.release.person, []).append(delivery)
        return list(found.values())

    def ends(self, answers: Iterable[tuple[Delivery, Answered]]) -> dict[Any, OffsetAndMetadata]:
        """The offset to commit for each partition: the first that is not answered, or the one after the last."""
        open_ = {(one.part, one.offset) for one in self.deliveries} - {(one.part, one.offset) for one, _ in answers}
        ends = {}
        for part, offsets in self.offsets.items():
            end = next((offset for offset in offsets if (part, offset) in open_), offsets[-1] + 1)
            if end > offsets[0]:
                ends[part] = OffsetAndMetadata(end, "", -1)
        return ends


class Deliverer:
    """Delivers the releases of one agency."""

    def __init__(
        self, agency: Agency, brokers: Brokers, codec: Codec, namespace: str, publisher: Sends, *, consumer: Any = None,
        sleep: Callable[[float], None] = time.sleep, condition: Condition | None = None,
    ) -> None:  # fmt: skip
        """Connect, unless a `consumer` is given; raises NotDeliverable when the webhook's address or secret is not set, BrokerAway when there is no broker.

        `sleep` waits for some seconds between attempts; `condition` is told how it goes.
        """
        self._condition = condition or Condition(agency.name, Measures())
        self._agency, self._codec, self._publisher = agency, codec, publisher
        self._group = f"{namespace}lianfang.deliver.{agency.name}"
        self._receiver = _receiver(agency, sleep, self._condition.attempted)
        self._consumer = consumer or _connected(agency, brokers, f"{namespace}deliver.{agency.name}", self._group)

    def run(self, stop: Callable[[], bool], tell: Callable[[str], None]) -> None:
        """Deliver until told to stop; what is being asked then is asked again next time. `tell` gets a line now and then, which names nobody.

        Raises BrokerAway when the broker refuses, and NotDeliverable when a message is no release; what stands before that is delivered first.
        """
        halted = threading.Event()
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            try:
                while not stop():
                    self._once(pool, lambda: stop() or halted.is_set(), tell)
            except KafkaError as error:
                raise BrokerAway(f"agency {self._agency.name}: the broker refuses ({type(error).__name__}): {error}") from error
            finally:
                halted.set()

    def close(self) -> None:
        """Let go of the connections."""
        self._consumer.close()
        self._receiver.close()

    def _once(self, pool: ThreadPoolExecutor, stop: Callable[[], bool], tell: Callable[[str], None]) -> None:
        """One batch: asked, receipts sent, committed as far as all is answered."""
        batch = self._batch(self._consumer.poll(timeout_ms=500))
        self._condition.reads(self._consumer, {one.key: one.time for one in batch.deliveries})
        work = [pool.submit(self._in_order, deliveries, stop) for deliveries in batch.by_person()]
        self._wait(work, tell)
        answers = [pair for one in work for pair in one.result()]
        for delivery, answered in answers:
            self._publisher.send("receipt", delivery.release.id, _receipt(delivery.release, answered))
        self._publisher.settle()
        self._commit(batch.ends(answers), tell)
        if answers:
            refused = sum(answered.answer is Answer.REFUSED for _, answered in answers)
            tell(f"{self._agency.name}: {len(answers) - refused} delivered, {refused} refused")
        if batch.problem:
            raise batch.problem

    def _batch(self, polled: Mapping[Any, list[Any]]) -> Batch:
        """The releases that were polled, of each partition up to a message that is none."""
        batch = Batch()
        for part, records in polled.items():
            for record in records:
                try:
                    release = self._release(record.value)
                except Undecodable as error:
                    batch.problem = NotDeliverable(
                        f"agency {self._agency.name}: topic {part.topic}, partition {part.partition}, offset {record.offset} is no release ({error}). Nothing "
                        f"behind it is delivered: find out who wrote it, then move the group {self._group} to offset {record.offset + 1} of that partition"
                    )
                    break
                batch.offsets.setdefault(part, []).append(record.offset)
                if release:
                    batch.deliveries.append(Delivery(part, record.offset, release, record.timestamp / 1000))
        return batch

    def _release(self, value: bytes | None) -> Release | None:
        """The release in a message; None for one without a value, which says that a key is gone from the topic, and which nobody is told."""
        if value is None:
            return None
        release = self._codec.decode(value, f"deliver.{self._agency.name}")
        assert isinstance(release, Release)
        return release

    def _in_order(self, deliveries: list[Delivery], stop: Callable[[], bool]) -> list[tuple[Delivery, Answered]]:
        """Ask for one after the other; gives those that were answered before it was told to stop."""
        answers: list[tuple[Delivery, Answered]] = []
        for delivery in deliveries:
            body = json.dumps(delivery.release.model_dump(mode="json"), ensure_ascii=False, sort_keys=True).encode()
            answered = self._receiver.deliver(delivery.key, body, stop)
            if answered is None:
                break
            self._condition.answered(delivery.key)
            answers.append((delivery, answered))
        return answers

    def _wait(self, work: list[Future[Any]], tell: Callable[[str], None]) -> None:
        """Wait for the answers. The group hears of this consumer meanwhile but gives it nothing: its partitions pause, and what comes even so comes again."""
        told = time.monotonic()
        while wait(work, _LOOK, FIRST_EXCEPTION).not_done and not any(one.done() and one.exception() for one in work):
            self._condition.waits(self._consumer)
            self._consumer.pause(*self._consumer.assignment())
            for part, records in self._consumer.poll(timeout_ms=0).items():
                self._consumer.seek(part, records[0].offset)
            if time.monotonic() - told > _REMIND:
                told = time.monotonic()
                tell(f"{self._agency.name}: the receiver does not take releases ({self._receiver.trouble}); it is asked again")
        for one in wait(work, 0).done:
            one.result()  # raises what went wrong, while others may still wait for a receiver
        self._consumer.resume(*self._consumer.paused())

    def _commit(self, ends: dict[Any, OffsetAndMetadata], tell: Callable[[str], None]) -> None:
        if not ends:
            return
        try:
            self._consumer.commit(ends)
        except _MOVED:
            tell(f"{self._agency.name}: its partitions moved; what was delivered last is delivered again, under the same keys")


def _connected(agency: Agency, brokers: Brokers, topic: str, group: str) -> KafkaConsumer:
    try:
        return KafkaConsumer(topic, **brokers.options(), group_id=group, isolation_level="read_committed", enable_auto_commit=False,
                             auto_offset_reset="earliest", max_poll_records=200)  # fmt: skip
    except KafkaError as error:
        raise BrokerAway(f"agency {agency.name}: no broker at {brokers} ({type(error).__name__})") from error


def _receiver(agency: Agency, sleep: Callable[[float], None], attempted: Callable[[str], None]) -> Receiver:
    assert isinstance(agency.deliver, Webhook)
    secret = Path(filled(agency.deliver.token_file, agency.name)).read_bytes().strip() if agency.deliver.token_file else None
    try:
        return Receiver(filled(agency.deliver.url, agency.name), secret, sleep, attempted)
    except (ValueError, httpx.InvalidURL) as error:
        raise NotDeliverable(f"agency {agency.name}: {error}") from error


def _receipt(release: Release, answered: Answered) -> Receipt:
    return Receipt(release=release.id, retracted=release.retracted, agency=release.agency, answer=answered.answer, status=answered.status,
                   attempts=answered.attempts, answered_at=time.time_ns() // 1_000_000)  # fmt: skip


def filled(text: str, agency: str) -> str:
    """The text with ${NAME} replaced from the environment; raises NotDeliverable naming what is not set."""

    def value(match: re.Match[str]) -> str:
        if not os.environ.get(match[1]):
            raise NotDeliverable(f"agency {agency} needs the environment variable {match[1]}")
        return os.environ[match[1]]

    return re.sub(r"\$\{(\w+)\}", value, text)
