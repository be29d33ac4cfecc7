"""The one writer: takes what is new on the bus into the tree, each message once, and makes the folder anew from the bus when it is behind or lost.

First the order goes to the bus (`audit.order`, in a transaction that fences every other writer), then the tree to the disk. So the folder is never ahead, and
the bus alone gives the same tree again: between two orders the entries stand by topic, partition and offset.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from pydantic import BaseModel

from deploy.log.edge import Edge
from deploy.log.entry import FORM, Said, entry
from deploy.log.note import encoded
from deploy.log.store import Positions, State, Store
from deploy.log.tiles import BadTree
from schemas.models.log import Read, Taken


class Tampered(Exception):
    """What the log took in is no longer on the bus as it was; the message says where."""


class Source(Protocol):
    """The recorded topics; deploy.log.bus reads them."""

    def new(self, positions: Positions) -> list[Said]:
        """Some committed messages that follow these positions, in order within each partition; none when there are none now."""

    def between(self, begin: Positions, end: Positions) -> list[Said]:
        """All committed messages from one position to before another."""

    def value(self, said: Said) -> BaseModel | None:
        """What a message means; None when it is no value of its topic."""


class Orders(Protocol):
    """The topic `audit.order`."""

    def read(self) -> Iterable[Taken]:
        """All orders, the oldest first."""

    def add(self, taken: Taken) -> None:
        """Add one; returns when it is committed, and raises when another writer has taken over."""


class Writer:
    """Grows one log. Made ready by `catch_up`."""

    def __init__(self, source: Source, orders: Orders, store: Store) -> None:
        """Take the bus and the folder."""
        self._source, self._orders, self._store = source, orders, store
        self.state = State(Edge(), {})

    def catch_up(self) -> int:
        """Bring the folder to the last order, and say how many entries it lacked. Raises Tampered when the bus does not give the tree that it gave before."""
        orders = list(self._orders.read())
        self.state = self._saved(orders)
        had = self.state.edge.size
        for taken in orders:
            if taken.size > self.state.edge.size:
                self._again(taken)
        return self.state.edge.size - had

    def take(self) -> int:
        """Take in what is new, and say how many entries that were."""
        found = sorted(self._source.new(self.state.positions))
        if not found:
            return 0
        after = self.state.positions | {(said.topic, said.partition): said.offset + 1 for said in found}
        values = [self._source.value(said) for said in found]
        entries, (edge, files) = self._grown(found, values)
        bare = [self.state.edge.size + i for i, value in enumerate(values) if value is None]
        moved = [Read(topic=topic, partition=partition, next=offset) for (topic, partition), offset in sorted(after.items())
                 if self.state.positions.get((topic, partition)) != offset]  # fmt: skip
        self._orders.add(Taken(size=edge.size, root=encoded(edge.root), reads=moved, form=FORM, bare=bare))
        self._keep(State(edge, after), entries, files)
        return len(found)

    def _saved(self, orders: Sequence[Taken]) -> State:
        """What the folder holds, if that is the log after one of the orders; otherwise nothing, and the folder is emptied."""
        try:
            state = self._store.load()
        except (BadTree, ValueError, KeyError):
            state = None
        if state and (state.edge.size == 0 or any((one.size, one.root) == (state.edge.size, encoded(state.edge.root)) for one in orders)):
            return state
        self._store.forget()
        return State(Edge(), {})

    def _again(self, taken: Taken) -> None:
        """Take in what an order says; the root must be the one that it names."""
        if taken.form != FORM:
            raise Tampered(f"the order up to entry {taken.size} is of form {taken.form}, which this version does not know: a newer one wrote it, use that")
        end = self.state.positions | {(one.topic, one.partition): one.next for one in taken.reads}
        found, bare = sorted(self._source.between(self.state.positions, end)), set(taken.bare)
        values = [None if self.state.edge.size + i in bare else self._source.value(said) for i, said in enumerate(found)]
        entries, (edge, files) = self._grown(found, values)
        if (edge.size, encoded(edge.root)) != (taken.size, taken.root):
            where = ", ".join(f"{one.topic} {one.partition} before offset {one.next}" for one in taken.reads)
            raise Tampered(f"the bus no longer gives what the log took in up to entry {taken.size}: messages were changed, added or removed in {where}")
        self._keep(State(edge, end), entries, files)

    def _grown(self, found: Sequence[Said], values: Sequence[BaseModel | None]) -> tuple[list[bytes], tuple[Edge, dict[str, bytes]]]:
        entries = [entry(said, value) for said, value in zip(found, values, strict=True)]
        return entries, self.state.edge.grow(entries)

    def _keep(self, after: State, entries: Sequence[bytes], files: dict[str, bytes]) -> None:
        self._store.save(self.state, after, entries, files)
        self.state = after
