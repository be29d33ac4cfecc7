"""One stage on its own in memory, and facts to give it. All people, places and numbers are invented."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from schemas.models.fact import Fact, digest_of
from schemas.models.raw import Raw
from schemas.tokens import Keys
from schemas.topics import written
from streams.memory import MemoryState
from streams.stage import Emit, Message, Stage, Verdict, run_batch
from streams.standing import standing

KEYS = Keys(b"the secret of the tests, of no use elsewhere")
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
_TOPICS = {topic.value: name for name, topic in written().items() if "*" not in name}
V = TypeVar("V")


def at(text: str) -> int:
    """UTC milliseconds of a time in China, such as `2020-01-20 08:05`."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1000)


def token(name: str) -> str:
    """A token that stands for a name."""
    return digest_of(name.encode())


class Trial:
    """A stage with its state; what it was given, what it wrote, and how it judged."""

    def __init__(self, stage: Stage) -> None:
        """Begin with an empty state."""
        self.stage = stage
        self.state = MemoryState()
        self.wrote: list[Emit] = []
        self.verdicts: list[Verdict] = []
        self._offset = 0

    def give(self, *values: BaseModel) -> list[Emit]:
        """Give values in one batch; what the stage writes."""
        messages = [self._message(value) for value in values]
        emits, counts = run_batch(self.stage, messages, self.state)
        assert sum(sum(tally.values()) for tally in counts.values()) == len(values)
        assert all(_may_write(self.stage, emit.topic) for emit in emits)
        self.wrote += emits
        return emits

    def give_each(self, values: Iterable[BaseModel]) -> list[Emit]:
        """Give values one by one, each a batch of its own; `verdicts` grows by one for each."""
        found: list[Emit] = []
        for value in values:
            emits, counts = run_batch(self.stage, [self._message(value)], self.state)
            self.verdicts += [verdict for tally in counts.values() for verdict, count in tally.items() for _ in range(count)]
            found += emits
        self.wrote += found
        return found

    def stands(self, topic: str) -> list[BaseModel]:
        """What stands of a topic, in the order of its names."""
        found = standing(topic, ((emit.key, emit.value) for emit in self.wrote if emit.topic == topic))
        return [found[name] for name in sorted(found)]

    def rows(self) -> list[tuple[bytes, bytes]]:
        """The state."""
        return list(self.state.scan(b"", b"\xff" * 40))

    def _message(self, value: BaseModel) -> Message:
        self._offset += 1
        topic = f"raw.{value.source}" if isinstance(value, Raw) else _TOPICS[type(value).__name__]
        return Message(topic, 0, self._offset - 1, "", value)


def _may_write(stage: Stage, topic: str) -> bool:
    return topic in stage.outputs


def outcomes(stage: Stage, orders: Iterable[Sequence[BaseModel]], topics: Sequence[str]) -> list[dict[str, list[BaseModel]]]:
    """What stands after each of some orders of arrival, given one by one and given in one batch; without repetition."""
    found: list[dict[str, list[BaseModel]]] = []
    for order in orders:
        for in_one in (True, False):
            trial = Trial(stage)
            if in_one:
                trial.give(*order)
            else:
                trial.give_each(order)
            stands = {topic: trial.stands(topic) for topic in topics}
            if stands not in found:
                found.append(stands)
    return found


def values(emits: Iterable[Emit], kind: type[V], when: Callable[[V], bool] = lambda _: True) -> list[V]:
    """The written values of a kind, in order."""
    return [emit.value for emit in emits if isinstance(emit.value, kind) and when(emit.value)]


def taken_back(facts: Iterable[Fact]) -> list[Fact]:
    """The retractions of facts."""
    return [fact.taken_back() for fact in facts]
