"""Logs, keys and buses in memory for the tests of the log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path

from pydantic import BaseModel

from deploy.log.checkpoint import Head
from deploy.log.edge import Edge
from deploy.log.entry import Said, text
from deploy.log.keys import Kind, Private
from deploy.log.note import Note
from deploy.log.policy import Policy, parse
from deploy.log.store import Positions, State, Store
from deploy.log.tiles import Tiles
from schemas.avro import pack
from schemas.models.log import Checkpoint, Taken
from schemas.models.release import Answer, Audit, Decision, Receipt

ORIGIN = "example.org/yunnan"


def private(name: str, kind: Kind = Kind.WITNESS) -> Private:
    """The key of a name; always the same, so that tests can be repeated."""
    return Private(name, kind, sha256(f"{name} {kind}".encode()).digest())


LOG = private(ORIGIN, Kind.LOG)
WITNESSES = {name: private(f"example.org/{name}") for name in ("county", "port", "township")}


def policy(least: int = 2, witnesses: Sequence[str] = tuple(WITNESSES), log: Private = LOG) -> Policy:
    """Trust in the log when so many of the witnesses signed."""
    lines = [f"log {log.public}", *(f"witness {name} {WITNESSES[name].public}" for name in witnesses)]
    return parse("\n".join([*lines, *([f"group them {least} {' '.join(witnesses)}", "quorum them"] if least else ["quorum none"])]))


def entries(count: int, salt: str = "") -> list[bytes]:
    """So many entries, as the log writes them."""
    return [text({"topic": "audit", "partition": 0, "offset": n, "sha256": sha256(f"{salt}{n}".encode()).hexdigest(), "about": f"{n // 3:032x}"}).encode() for n in range(count)]


def stored(folder: Path, given: Sequence[bytes], batch: int = 100) -> Store:
    """The folder of a log with these entries."""
    store = Store(folder)
    state = store.load()
    for begin in range(0, len(given), batch):
        part = given[begin : begin + batch]
        edge, files = state.edge.grow(part)
        after = State(edge, {("audit", 0): edge.size})
        store.save(state, after, part, files)
        state = after
    return store


def signed(edge_or_tiles: Edge | Tiles, *names: str, size: int | None = None, log: Private = LOG, time: int = 1_800_000_000) -> Note:
    """A checkpoint of a tree, signed by the log and by these witnesses."""
    tree = edge_or_tiles
    head = Head(log.name, tree.size if size is None else size, tree.root if isinstance(tree, Edge) else tree.root(size))
    note = head.note.signed(log.sign(head.note))
    return note.signed(*(WITNESSES[name].sign(note, time + number) for number, name in enumerate(names)))


def audit(number: int, agency: str = "daguan-county-cdc") -> Audit:
    """A line of audit."""
    return Audit(release=f"{number:032x}", agency=agency, person="0753c2ccd6cbb55cbe5dd0470cead484", purpose="investigation", legal_basis="Law, art. 39",
                 decision=Decision.RELEASED, reason="residence in 530624100001003", fields=["names", "status"], at=1_579_916_400_000)  # fmt: skip


def receipt(number: int) -> Receipt:
    """An answer to it."""
    return Receipt(release=f"{number:032x}", retracted=False, agency="daguan-county-cdc", answer=Answer.DELIVERED, status=204, attempts=1, answered_at=1_579_916_500_000)


class FakeBus:
    """Recorded topics, orders and checkpoints in memory. Offsets have gaps, as transactions leave them."""

    def __init__(self, most: int = 5) -> None:
        """Empty; `most` messages are read at once."""
        self.most = most
        self.messages: list[Said] = []
        self.models: dict[bytes, BaseModel] = {}
        self.orders: list[Taken] = []
        self.published: list[Checkpoint] = []
        self.fails: Exception | None = None

    def say(self, topic: str, partition: int, value: BaseModel | bytes, gap: int = 0) -> Said:
        """Add a message to the end of a partition."""
        data = value if isinstance(value, bytes) else pack(value)
        if isinstance(value, BaseModel):
            self.models[data] = value
        ends = [said.offset for said in self.messages if (said.topic, said.partition) == (topic, partition)]
        self.messages.append(Said(topic, partition, max(ends, default=-1) + 1 + gap, data))
        return self.messages[-1]

    def new(self, positions: Positions) -> list[Said]:
        """Some that follow."""
        return [said for said in self.messages if said.offset >= positions.get((said.topic, said.partition), 0)][: self.most]

    def between(self, begin: Positions, end: Positions) -> list[Said]:
        """All between two positions."""
        return [said for said in self.messages if begin.get((said.topic, said.partition), 0) <= said.offset < end.get((said.topic, said.partition), 0)]

    def value(self, said: Said) -> BaseModel | None:
        """What it means."""
        return self.models.get(said.value)

    def read(self) -> Iterable[Taken]:
        """All orders."""
        return list(self.orders)

    def add(self, taken: Taken) -> None:
        """Add an order, or fail."""
        if self.fails:
            raise self.fails
        self.orders.append(taken)

    def publish(self, checkpoint: Checkpoint) -> None:
        """Add a checkpoint."""
        self.published.append(checkpoint)
