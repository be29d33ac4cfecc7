"""A broker and a registry in memory, as far as commands look at them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kafka.structs import OffsetAndTimestamp
from pydantic import BaseModel

from connectors.reader import CannotRead, Entry
from deploy.compatibility import problems
from schemas.models.raw import Raw


def entry(topic: str, value: BaseModel | None, *, partition: int = 0, offset: int = 0, written: int = 0, key: str = "") -> Entry:
    """One message of a topic."""
    return Entry(topic, partition, offset, written, key, value)


class FakeReader:
    """Reads entries that are given, topic by topic; a topic of which nothing was given is there and empty."""

    def __init__(self, entries: Iterable[Entry], missing: Sequence[str] = ()) -> None:
        """Take the entries in order, and the topics that are not there."""
        self._entries = list(entries)
        self._missing = missing
        self.closed = False

    def read(self, topic: str) -> Iterator[Entry]:
        """The entries of one topic."""
        if topic in self._missing:
            raise CannotRead(f"there is no topic {topic}")
        return iter([one for one in self._entries if one.topic == topic])

    def raw_bytes(self, topic: str, partition: int, offset: int) -> BaseModel | None:
        """The value at one place."""
        (found,) = [one.value for one in self._entries if (one.topic, one.partition, one.offset) == (topic, partition, offset)]
        assert isinstance(found, Raw)
        return found

    def close(self) -> None:
        """Note that the connection was let go."""
        self.closed = True


class FakeRegistry:
    """Subjects with their schemas; compatible by our own check."""

    def __init__(self, silent: bool = False) -> None:
        """Empty; `silent` gives no reasons, as some registries do."""
        self.registered: dict[str, list[dict[str, Any]]] = {}
        self.levels: dict[str, str] = {}
        self._silent = silent

    def subjects(self) -> list[str]:
        """All subjects."""
        return sorted(self.registered)

    def known(self, subject: str, schema: dict[str, Any]) -> bool:
        """Whether exactly this schema is registered."""
        return schema in self.registered[subject]

    def compatible(self, subject: str, schema: dict[str, Any]) -> list[str]:
        """What stops a schema from following those registered."""
        found = [problem for old in self.registered[subject] for problem in problems(schema, old)]
        return ["not compatible"] if found and self._silent else found

    def versions(self, subject: str) -> list[dict[str, Any]]:
        """All schemas of a subject."""
        return self.registered[subject]

    def level(self, subject: str) -> str | None:
        """The level of a subject."""
        return self.levels.get(subject)

    def register(self, subject: str, schema: dict[str, Any]) -> int:
        """Register a schema."""
        self.registered.setdefault(subject, []).append(schema)
        return 1

    def require(self, subject: str, level: str) -> None:
        """Set the level of a subject."""
        self.levels[subject] = level


class FakeAdmin:
    """Topics with partitions and settings, with the answers that kafka-python gives."""

    def __init__(self) -> None:
        """No topics."""
        self.topics: dict[str, dict[str, Any]] = {}
        self.created: list[str] = []
        self.altered: list[tuple[str, dict[str, str]]] = []
        self.refuses: dict[str, str] = {}
        self.begins: dict[tuple[str, int], int] = {}
        self.closed = 0

    def add(self, name: str, partitions: int, settings: dict[str, str], copies: int = 1) -> None:
        """A topic that somebody made."""
        self.topics[name] = {"partitions": partitions, "settings": dict(settings), "copies": copies}

    def list_topics(self) -> list[str]:
        """All names."""
        return ["__consumer_offsets", *self.topics]

    def describe_topics(self, names: list[str]) -> list[dict[str, Any]]:
        """Partitions and copies."""
        return [{"name": name, "error_code": 0, "partitions": [{"partition_index": number, "replica_nodes": list(range(one["copies"]))}
                                                               for number in range(one["partitions"])]}
                for name in names for one in [self.topics[name]]]  # fmt: skip

    def describe_configs(self, resources: list[Any]) -> dict[str, Any]:
        """Settings, each with where it is from."""
        return {"topic": {one.name: {key: {"value": value, "config_source": "DYNAMIC_TOPIC_CONFIG"} for key, value in self.topics[one.name]["settings"].items()}
                          | {"compression.type": {"value": "zstd", "config_source": "DYNAMIC_BROKER_CONFIG"}} for one in resources}}  # fmt: skip

    def create_topics(self, topics: dict[str, dict[str, Any]]) -> None:
        """Make topics."""
        for name, one in topics.items():
            self.created.append(name)
            self.add(name, one["num_partitions"], one["configs"], one["replication_factor"])

    def wait_for_topics(self, names: list[str], *, timeout_ms: int) -> None:
        """All of them are there."""
        assert set(names) <= set(self.created)
        assert timeout_ms > 0

    def alter_configs(self, resources: list[Any], *, incremental: bool) -> dict[str, Any]:
        """Set what is named and leave the rest."""
        assert incremental
        for one in resources:
            self.altered.append((one.name, dict(one.configs)))
            if one.name not in self.refuses:
                self.topics[one.name]["settings"].update(one.configs)
        return {"topic": {one.name: self.refuses.get(one.name, "OK") for one in resources}}

    def list_partition_offsets(self, asked: dict[Any, Any]) -> dict[Any, Any]:
        """Where partitions begin."""
        return {part: OffsetAndTimestamp(self.begins.get((part.topic, part.partition), 0), -1, None) for part in asked}

    def close(self) -> None:
        """Count the connections that were let go."""
        self.closed += 1
