"""An agency's topic as the broker holds it, a consumer of it, and a publisher for receipts: all in memory."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from kafka import OffsetAndMetadata, TopicPartition
from kafka.errors import KafkaError as BrokerError

from connectors.publish import CannotPublish
from schemas.agency import Agency
from schemas.codec import Codec, Undecodable
from schemas.models.case import Role
from schemas.models.release import Receipt, Release, View

TOPIC = "space.deliver.county-cdc"


def agency(**more: Any) -> Agency:
    """A county's CDC with a webhook."""
    return Agency.model_validate({
        "name": "county-cdc", "says": "A CDC.", "says_zh": "疾控中心。", "kind": "county-cdc", "region": "530624",
        "purposes": [{"name": "investigation", "legal_basis": "a law of some kind", "expires_days": 30}],
        "wants": [{"role": "case", "purpose": "investigation", "why": ["residence"], "fields": ["status"]}],
        "deliver": {"kind": "webhook", "url": "${COUNTY_URL}", "token_file": "${COUNTY_SECRET_FILE}"},
    } | more)  # fmt: skip


def release(person: str, number: int, *, retracted: bool = False) -> Release:
    """A release of a person."""
    return Release(id=f"r-{person}-{number}", retracted=retracted, at=number, agency="county-cdc", person=person, roles=[Role.CASE], purpose="investigation",
                   legal_basis="a law of some kind", why=[], expires=10**13, view=View())  # fmt: skip


class Message:
    """One message of the topic."""

    def __init__(self, offset: int, value: bytes | None) -> None:
        self.offset, self.value, self.timestamp = offset, value, 1_600_000_000_000


class Json(Codec):
    """Releases as JSON, without a registry."""

    def __init__(self) -> None:
        pass

    def decode(self, data: bytes, topic: str | None = None) -> Release:
        """The release, unless the bytes are none."""
        assert topic == "deliver.county-cdc"
        if data == b"broken":
            raise Undecodable("not in Confluent wire format")
        return Release.model_validate_json(data)


class Group:
    """What the broker holds: the messages of each partition, and how far the group has committed."""

    def __init__(self, *partitions: Sequence[Release | bytes | None]) -> None:
        self.logs = {
            TopicPartition(TOPIC, number): [Message(2 * at, one.model_dump_json().encode() if isinstance(one, Release) else one) for at, one in enumerate(log)]
            for number, log in enumerate(partitions)
        }
        self.committed = dict.fromkeys(self.logs, 0)
        self.events: list[tuple[str, Any]] = []

    @property
    def done(self) -> bool:
        """Whether everything is committed."""
        return all(self.committed[part] > log[-1].offset for part, log in self.logs.items() if log)


class Consumer:
    """A consumer of the group. Offsets are even, so nothing may count on consecutive ones."""

    def __init__(self, group: Group, most: int = 200) -> None:
        self.group, self.most = group, most
        self.positions = dict(group.committed)
        self.stopped: set[TopicPartition] = set()
        self.failing: BrokerError | None = None
        self.closed = False
        self.polls = 0

    def poll(self, timeout_ms: int) -> dict[TopicPartition, list[Message]]:
        """What is next in partitions that do not pause."""
        self.polls += 1
        if self.failing:
            raise self.failing
        found = {}
        for part in self.positions.keys() - self.stopped:
            rest = [one for one in self.group.logs[part] if one.offset >= self.positions[part]][: self.most]
            if rest:
                self.positions[part] = rest[-1].offset + 1
                found[part] = rest
        if not found and timeout_ms:
            time.sleep(0.005)
        return found

    def assignment(self) -> set[TopicPartition]:
        """Its partitions."""
        return set(self.positions)

    def position(self, part: TopicPartition, timeout_ms: int) -> int:
        """The offset from which it reads on."""
        return int(self.positions[part])

    def highwater(self, part: TopicPartition) -> int:
        """The end of a partition, as of the last fetch."""
        return max((one.offset + 1 for one in self.group.logs[part]), default=0)

    def end_offsets(self, parts: set[TopicPartition]) -> dict[TopicPartition, int]:
        """The ends of partitions now."""
        return {part: self.highwater(part) for part in parts}

    def pause(self, *parts: TopicPartition) -> None:
        """Give nothing of these."""
        self.stopped |= set(parts)

    def resume(self, *parts: TopicPartition) -> None:
        """Give again."""
        self.stopped -= set(parts)

    def paused(self) -> set[TopicPartition]:
        """Those that pause."""
        return set(self.stopped)

    def seek(self, part: TopicPartition, offset: int) -> None:
        """Go to an offset."""
        self.positions[part] = offset

    def commit(self, ends: dict[TopicPartition, OffsetAndMetadata]) -> None:
        """Note how far everything is done."""
        self.group.committed.update({part: end.offset for part, end in ends.items()})
        self.group.events.append(("commit", dict(self.group.committed)))

    def close(self) -> None:
        """Let go."""
        self.closed = True


class Receipts:
    """A publisher that keeps what is sent; it fails where it is told to."""

    def __init__(self, group: Group, fails: str = "") -> None:
        self.group, self.fails = group, fails
        self.sent: list[Receipt] = []

    def send(self, topic: str, key: str, value: Any) -> None:
        """Take a receipt."""
        assert (topic, key) == ("receipt", value.release)
        self.sent.append(value)

    def settle(self) -> None:
        """All is acknowledged."""
        if self.fails:
            raise CannotPublish(self.fails)
        if self.sent:
            self.group.events.append(("receipts", len(self.sent)))
