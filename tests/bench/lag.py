"""How far stages have come, and how much the topics hold, from the broker's own offsets and sizes: nearly nothing is read."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable

from kafka import IsolationLevel, KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient, OffsetSpec

from connectors.backlog import committed
from deploy.bus import Bus
from streams.stage import Stage

_FAR = 64
"""More than the markers that may follow the last message of a partition: so far behind is behind, without a look at what the messages are."""
_BACK = 64
_PATIENCE = 60.0


class Lag:
    """Looks at the stages of one bus. Offsets count transaction markers too: a few in each transaction."""

    def __init__(self, bus: Bus) -> None:
        """Connect."""
        self._bus = bus
        self._admin = KafkaAdminClient(bootstrap_servers=bus.endpoints.brokers.split(","))
        self._consumer = KafkaConsumer(
            bootstrap_servers=bus.endpoints.brokers, isolation_level="read_committed", enable_auto_commit=False, group_id=None, auto_offset_reset="earliest"
        )
        self._lasts: dict[TopicPartition, tuple[int, int]] = {}

    def close(self) -> None:
        """Let go of the connections."""
        self._admin.close()
        self._consumer.close()

    def stages(self, names: Collection[str] = ()) -> list[Stage]:
        """The stages of these names, or all."""
        return [stage for stage in self._bus.stages if not names or stage.name in names]

    def ends(self, topics: Iterable[str]) -> dict[TopicPartition, int]:
        """The committed end of each partition of some topics."""
        parts = [TopicPartition(self._bus.settings.namespace + topic, number) for topic in topics for number in range(self._bus.topics[topic].partitions or 1)]
        found = self._admin.list_partition_offsets(dict.fromkeys(parts, OffsetSpec.LATEST), isolation_level=IsolationLevel.READ_COMMITTED)
        return {part: there.offset for part, there in found.items()}

    def done(self) -> int:
        """How many messages all stages together have committed."""
        return sum(sum(self.committed(stage.name).values()) for stage in self.stages())

    def committed(self, name: str) -> dict[TopicPartition, int]:
        """What a stage has committed for its inputs."""
        return committed(self._admin, f"{self._bus.settings.namespace}lianfang.{name}")

    def lag(self, names: Collection[str] = ()) -> dict[str, int]:
        """By stage, the offsets between what it has committed and the ends of its inputs, all partitions together."""
        found = {}
        for stage in self.stages(names):
            done = self.committed(stage.name)
            found[stage.name] = sum(max(0, end - done.get(part, 0)) for part, end in self.ends(stage.inputs).items())
        return found

    def quiet(self, names: Collection[str] = ()) -> bool:
        """Whether the stages have read the last message of each of their inputs, and nothing came while that was asked."""
        topics = {topic for stage in self.stages(names) for topic in stage.inputs}
        before = self.ends(topics)
        return not any(self._behind(stage) for stage in self.stages(names)) and self.ends(topics) == before

    def _behind(self, stage: Stage) -> bool:
        done = self.committed(stage.name)
        return any(self._unread(part, end, done.get(part, 0)) for part, end in self.ends(stage.inputs).items())

    def _unread(self, part: TopicPartition, end: int, done: int) -> bool:
        return end > done and (end - done > _FAR or self._last(part, end) >= done)

    def sizes(self) -> dict[str, int]:
        """Bytes of each topic in the broker's log, indexes left out."""
        prefix, found = self._bus.settings.namespace, dict[str, int]()
        for broker in self._admin.describe_log_dirs():
            for folder in broker["log_dirs"]:
                for topic in folder["topics"]:
                    if topic["name"].startswith(prefix):
                        found[topic["name"].removeprefix(prefix)] = sum(part["partition_size"] for part in topic["partitions"])
        return found

    def _last(self, part: TopicPartition, end: int) -> int:
        """The offset of the last message before a partition's end, -1 when there is none: what follows it is transaction markers."""
        if self._lasts.get(part, (-1, -1))[0] != end:
            self._lasts[part] = end, self._find(part, end)
        return self._lasts[part][1]

    def _find(self, part: TopicPartition, end: int) -> int:
        first = self._admin.list_partition_offsets({part: OffsetSpec.EARLIEST})[part].offset
        back, last = _BACK, -1
        self._consumer.assign([part])
        while last < 0 and first < end:
            start = max(first, end - back)
            self._consumer.seek(part, start)
            limit = time.monotonic() + _PATIENCE
            while self._consumer.position(part) < end:
                assert time.monotonic() < limit, f"{part.topic} partition {part.partition} cannot be read to its end"
                for records in self._consumer.poll(timeout_ms=100, max_records=5_000).values():
                    last = max([last, *(record.offset for record in records if record.offset < end)])
            if start == first:
                break
            back *= 8
        return last
