"""The path in memory with several partitions, each with its own state, as on a broker: the record key alone decides what meets in one state."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Sequence

from pydantic import BaseModel

from schemas.topics import model_of, written
from streams.memory import MemoryState
from streams.stage import Emit, Message, Stage, run_batch
from streams.standing import VIEWS, standing

Partition = tuple[str, int]


class PartitionedBus:
    """The twin of `streams.memory.Bus` with a number of partitions for every topic for which the contract names none."""

    def __init__(self, stages: Sequence[Stage], partitions: int, batch: Callable[[int], int]) -> None:
        """Take the stages, the number, and how many of the waiting messages of a partition the next batch takes (at least one)."""
        self._stages, self._partitions, self._batch = stages, partitions, batch
        self._states: dict[tuple[str, int], MemoryState] = {}
        self._done: dict[tuple[str, Partition], int] = {}
        self._logs: dict[Partition, list[Emit]] = {}
        self._writers: dict[tuple[str, str], Partition] = {}

    def publish(self, emits: Iterable[Emit]) -> None:
        """Append each message to the partition of its key."""
        for emit in emits:
            assert model_of(emit.topic) is type(emit.value), emit.topic
            topic = written().get(emit.topic)
            count = topic.partitions if topic and topic.partitions else self._partitions
            self._logs.setdefault((emit.topic, zlib.crc32(emit.key.encode()) % count), []).append(emit)

    def publish_everywhere(self, emit: Emit) -> None:
        """Append a message to every partition of its topic."""
        for partition in range(self._partitions):
            self._logs.setdefault((emit.topic, partition), []).append(emit)

    def restart(self, stages: Sequence[Stage]) -> None:
        """Go on with other stages of the same names; state and topics stay."""
        self._stages = stages

    def run(self) -> None:
        """Run all stages until every partition of every input is read; the last partitions first, so that nothing is in the order of writing."""
        places = [(stage, (topic, partition)) for stage in self._stages for topic in stage.inputs for partition in reversed(range(self._partitions))]
        while any([self._turn(stage, place) for stage, place in places]):  # noqa: C419 - a turn for each, not until the first that had work
            pass

    def standing(self, topic: str) -> dict[str, BaseModel]:
        """What stands in all partitions of a topic."""
        return standing(topic, ((emit.key, emit.value) for place, log in sorted(self._logs.items()) if place[0] == topic for emit in log))

    def _turn(self, stage: Stage, place: Partition) -> bool:
        topic, partition = place
        log, done = self._logs.get(place, []), self._done.get((stage.name, place), 0)
        if done >= len(log):
            return False
        size = max(1, min(self._batch(len(log) - done), len(log) - done))
        messages = [Message(topic, partition, offset, log[offset].key, log[offset].value) for offset in range(done, done + size)]
        self._done[stage.name, place] = done + size
        emits, _ = run_batch(stage, messages, self._states.setdefault((stage.name, partition), MemoryState()))
        for emit in emits:
            if emit.topic in stage.everywhere:
                self.publish_everywhere(emit)
            else:
                self._alone(emit, (stage.name, partition))
                self.publish([emit])
        return True

    def _alone(self, emit: Emit, writer: Partition) -> None:
        """In a view the last message of a key stands, so one task alone may write it: of two, which is last does not follow from the facts."""
        if emit.topic.startswith(VIEWS):
            first = self._writers.setdefault((emit.topic, emit.key), writer)
            assert first == writer, f"{first} and {writer} both write {emit.key} of {emit.topic}"
