"""Whether a bus has come to rest, told from one consumer that follows all of its inputs and ledgers: much cheaper than reading them again each time."""

from __future__ import annotations

from kafka import KafkaConsumer, TopicPartition

from deploy.bus import Bus
from schemas.models.raw import Ledger


class Watch:
    """Follows a bus. `seen` is how many messages there were on all inputs, up to the last look."""

    def __init__(self, bus: Bus) -> None:
        """Connect; nothing is read yet."""
        self.seen = 0
        self._bus = bus
        self._last: dict[tuple[str, int], int] = {}
        self._through: dict[tuple[str, str, int], int] = {}
        self._consumer, self._all = (
            KafkaConsumer(**bus.brokers.options(), isolation_level=level, enable_auto_commit=False, auto_offset_reset="earliest", group_id=None)
            for level in ("read_committed", "read_uncommitted")
        )
        topics = {topic for stage in bus.stages for topic in stage.inputs} | {"ledger"}
        counts = {bus.settings.namespace + topic: bus.topics[topic].partitions or 1 for topic in sorted(topics)}
        self._parts = [TopicPartition(topic, number) for topic, count in counts.items() for number in range(count)]
        self._consumer.assign(self._parts)

    def quiet(self) -> bool:
        """Whether nothing came since it was asked before, no transaction is open, and every stage has counted the last message of each of its inputs."""
        return not self._read() and not self.behind()

    def behind(self) -> list[str]:
        """The stages that, as far as was seen at the last look, have not read all of their inputs."""
        return [
            stage.name for stage in self._bus.stages
            if any(self._through.get((stage.name, name, number), -1) < last for (name, number), last in self._last.items() if name in stage.inputs)
        ]  # fmt: skip

    def close(self) -> None:
        """Let go of the connections."""
        self._consumer.close()
        self._all.close()

    def _read(self) -> bool:
        ends = self._consumer.end_offsets(self._parts)
        # The marks that end a transaction come to its partitions one after another: the ledger may tell of messages that cannot be read yet.
        news = bool(self._all.end_offsets(self._parts) != ends)
        while any(self._consumer.position(part) < ends[part] for part in self._parts):
            for part, records in self._consumer.poll(timeout_ms=50, max_records=5_000).items():
                news = True
                topic = part.topic.removeprefix(self._bus.settings.namespace)
                if topic == "ledger":
                    self._count([self._bus.codec.decode(record.value or b"") for record in records])
                else:
                    self._last[topic, part.partition] = records[-1].offset
                    self.seen += len(records)
        return news

    def _count(self, values: list[object]) -> None:
        for value in values:
            if isinstance(value, Ledger):
                self._through[value.stage, value.topic, value.partition] = value.through
