"""The whole path in memory: the same stages, one partition, no broker. For tests, and for `lianfang try`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pydantic import BaseModel
from sortedcontainers import SortedDict

from streams.stage import Emit, Message, Stage, Verdict, run_batch
from streams.standing import standing


class MemoryState:
    """An ordered map; the twin of the store on disk."""

    def __init__(self) -> None:
        """Empty."""
        self._rows: SortedDict[bytes, bytes] = SortedDict()

    def get(self, key: bytes) -> bytes | None:
        """The value, or None."""
        return self._rows.get(key)

    def put(self, key: bytes, value: bytes) -> None:
        """Set the value."""
        self._rows[key] = value

    def delete(self, key: bytes) -> None:
        """Remove the key if it is there."""
        self._rows.pop(key, None)

    def scan(self, start: bytes, end: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Pairs with start <= key < end, as they were when the scan began."""
        return iter([(key, self._rows[key]) for key in self._rows.irange(start, end, (True, False))])

    sweep = scan


@dataclass(frozen=True, slots=True)
class Hop:
    """One message that a stage wrote."""

    stage: str
    emit: Emit


class Bus:
    """Topics and stages in memory; `publish` what arrives, `run` until nothing is left to do."""

    def __init__(self, stages: Sequence[Stage], batch: Callable[[int], int] = lambda waiting: waiting) -> None:
        """Take the stages, and how many of the waiting messages of an input the next batch takes (at least one)."""
        self._stages = stages
        self._batch = batch
        self._states = {stage.name: MemoryState() for stage in stages}
        self._done: dict[tuple[str, str], int] = {}
        self.topics: dict[str, list[Emit]] = {}
        self.hops: list[Hop] = []
        self.counts: dict[str, dict[Verdict, int]] = {stage.name: dict.fromkeys(Verdict, 0) for stage in stages}

    def publish(self, emits: Iterable[Emit]) -> None:
        """Append to topics, as a connector does."""
        for emit in emits:
            self.topics.setdefault(emit.topic, []).append(emit)

    def restart(self, stages: Sequence[Stage]) -> None:
        """Go on with other stages of the same names, as workers do that start with other files; state and topics stay."""
        self._stages = stages

    def run(self) -> None:
        """Run all stages until every input is read."""
        while any([self._turn(stage, topic) for stage in self._stages for topic in stage.inputs]):  # noqa: C419 - a turn for each, not until the first that had work
            pass

    def rows(self, stage: str) -> list[tuple[bytes, bytes]]:
        """The state of a stage."""
        return list(self._states[stage].scan(b"", b"\xff"))

    def standing(self, topic: str) -> dict[str, BaseModel]:
        """What stands in a topic: by key for a view, by id for facts."""
        return standing(topic, ((emit.key, emit.value) for emit in self.topics.get(topic, [])))

    def _turn(self, stage: Stage, topic: str) -> bool:
        log, done = self.topics.get(topic, []), self._done.get((stage.name, topic), 0)
        if done >= len(log):
            return False
        size = max(1, min(self._batch(len(log) - done), len(log) - done))
        messages = [Message(topic, 0, offset, log[offset].key, log[offset].value) for offset in range(done, done + size)]
        self._done[stage.name, topic] = done + size
        emits, counts = run_batch(stage, messages, self._states[stage.name])
        for tally in counts.values():
            for verdict, count in tally.items():
                self.counts[stage.name][verdict] += count
        self.hops += [Hop(stage.name, emit) for emit in emits]
        self.publish(emits)
        return True
