"""What a stage is: pure steps over facts and the state of one partition.

A stage reads topics, keeps state, and says which facts follow. It never awaits, logs, draws, or reads a clock.
The same stage runs in memory (`streams.memory`), and on Kafka (`streams.runtime`), where a task owns one
partition of all its inputs, and one batch is one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Protocol

from pydantic import BaseModel

from streams.rows import Table


class Verdict(StrEnum):
    """What became of one message; the ledger counts them, and received = applied + duplicates + rejected."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"

    __hash__ = str.__hash__
    """That of an enum is computed in Python, and verdicts are counted for every message."""


class Message(NamedTuple):
    """One committed record of an input topic. `value` is an instance of the topic's model."""

    topic: str
    partition: int
    offset: int
    key: str
    value: BaseModel


class Emit(NamedTuple):
    """One record to write: `value` is an instance of the model of `topic`."""

    topic: str
    key: str
    value: BaseModel


class Rows(Protocol):
    """An ordered map. Keys are made with `streams.rows`."""

    def get(self, key: bytes) -> bytes | None:
        """The value, or None."""

    def scan(self, start: bytes, end: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Pairs with start <= key < end in the order of the bytes; what is written while it runs may be missed.

        The range lies among the rows of one table about one thing: all of `Table.under`, or a part of it.
        """

    def sweep(self, start: bytes, end: bytes) -> Iterator[tuple[bytes, bytes]]:
        """The same over rows about many things, for what is seldom done: it finds no Bloom filter in its way, and is not helped by any."""


class State(Rows, Protocol):
    """The state of one stage and partition: writes are seen at once, and become durable with the batch."""

    def put(self, key: bytes, value: bytes) -> None:
        """Set the value."""

    def delete(self, key: bytes) -> None:
        """Remove the key; nothing happens when it is not there."""


@dataclass(slots=True)
class Outcome:
    """What one message did: its verdict, what follows at once, and which keys to settle when the batch ends."""

    verdict: Verdict
    emits: list[Emit] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)


Step = Callable[[Message, State], Outcome]
Settle = Callable[[str, State], Iterable[Emit]]
SettleAll = Callable[[list[str], State], Iterable[Emit]]
Migration = Callable[[bytes, bytes], Iterable[tuple[bytes, bytes]]]


def as_it_is(key: bytes, value: bytes) -> Iterable[tuple[bytes, bytes]]:
    """The migration of rows whose bytes stay: where a word or a kind was added behind those that there were."""
    return [(key, value)]


@dataclass(frozen=True)
class Stage:
    """One stage of the path.

    `step` takes one message. `settle` runs once for each touched key, in order of first touch, after the last
    message of a batch, and says what follows from the state as it then is; so a batch of a hundred pieces of evidence about one
    person makes one linked case and not a hundred. The final facts do not depend on how messages fall into batches. `settle_all` is given all touched keys
    at once instead, where one look settles several.

    `tables` are all rows of its state. `version` is that of their form; `migrations` make of a row of version n those of version n + 1, and state of a
    version without a way to this one is refused (`streams.runtime.version`).
    `urgent` are inputs that go before all others, since they are few and much follows from them.
    `refuses` is the share of an input that may be refused before the stage stops reading it (`streams.runtime.share`); the setting `reject_share` on a bus.
    `everywhere` are outputs of which every partition is told every message.
    """

    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    step: Step
    settle: Settle | None = None
    tables: tuple[Table, ...] = ()
    version: int = 1
    urgent: tuple[str, ...] = ()
    migrations: Mapping[int, Migration] = field(default_factory=dict)
    settle_all: SettleAll | None = None
    refuses: float = 0.5
    everywhere: tuple[str, ...] = ()

    @property
    def changelog(self) -> str:
        """Topic that holds the committed state."""
        return f"state.{self.name}"


def run_batch(
    stage: Stage, messages: Iterable[Message], state: State, most: int | None = None
) -> tuple[list[Emit], dict[tuple[str, int], dict[Verdict, int]]]:
    """Run a stage over one batch: what to write, and the count of each verdict by input topic and partition.

    With `most`, no further message is taken once so many facts follow, however many `messages` there are.
    """
    emits: list[Emit] = []
    counts: dict[tuple[str, int], dict[Verdict, int]] = {}
    touched: dict[str, None] = {}
    step = stage.step
    for message in messages:
        outcome = step(message, state)
        if outcome.emits:
            emits += outcome.emits
        for key in outcome.touched:
            touched[key] = None
        tally = counts.get((message.topic, message.partition))
        if tally is None:
            tally = counts[message.topic, message.partition] = dict.fromkeys(Verdict, 0)
        tally[outcome.verdict] += 1
        if most is not None and len(emits) >= most:
            break
    if stage.settle:
        for key in touched:
            emits += stage.settle(key, state)
    if stage.settle_all and touched:
        emits += stage.settle_all(list(touched), state)
    return emits, counts
