"""The log of a story: what was released is in it, two of three witnesses sign it, and each agency proves with it what it holds, without the bus.

It is the log that `lianfang log run` keeps, over the audit of the story, in a folder that ends with the story.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from pydantic import BaseModel

from deploy.log import policy
from deploy.log.bundle import bundle, written
from deploy.log.checkpoint import Head
from deploy.log.edge import Edge
from deploy.log.entry import Said, read, text
from deploy.log.keys import Kind, Private
from deploy.log.note import Note, encoded, signature
from deploy.log.store import Positions, State, Store
from deploy.log.tiles import Tiles
from deploy.log.verify import NotProved, Proved, same_release, verify
from deploy.log.witness import Refusal, Witness, request
from deploy.log.writer import Writer
from deploy.scenarios.cast import UNNAMED, Cast
from deploy.scenarios.expect import NotAsTold
from deploy.scenarios.story import Expect
from deploy.scenarios.world import World
from schemas.avro import pack
from schemas.models.log import Taken
from schemas.models.release import Release

WITNESSES = ("county", "port", "village")
_ORIGIN, _TOPIC = "example.org/story", "audit"


class _Audit:
    """The audit of a world (deploy.log.writer.Source), and the orders of its log (deploy.log.writer.Orders)."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._orders: list[Taken] = []
        self._values: dict[bytes, BaseModel] = {}

    def new(self, positions: Positions) -> list[Said]:
        """What follows these positions."""
        told = [value for _, value in self._world.messages(_TOPIC)]
        said = [Said(_TOPIC, 0, offset, pack(value)) for offset, value in enumerate(told)]
        self._values |= {one.value: value for one, value in zip(said, told, strict=True)}
        return said[positions.get((_TOPIC, 0), 0) :]

    def between(self, begin: Positions, end: Positions) -> list[Said]:
        """What lies between."""
        return self.new(begin)[: end[_TOPIC, 0] - begin.get((_TOPIC, 0), 0)]

    def value(self, said: Said) -> BaseModel | None:
        """What it means."""
        return self._values.get(said.value)

    def read(self) -> Iterable[Taken]:
        """All orders."""
        return self._orders

    def add(self, taken: Taken) -> None:
        """One more."""
        self._orders.append(taken)


class Logged:
    """A log with its witnesses; a context manager."""

    def __init__(self, world: World) -> None:
        """Take the world whose audit it records; nothing is recorded yet."""
        self._audit, self._world, self._temporary = _Audit(world), world, TemporaryDirectory()
        self._folder = Path(self._temporary.name)
        self._key = Private.new(_ORIGIN, Kind.LOG)
        keys = {name: Private.new(f"example.org/{name}", Kind.WITNESS) for name in WITNESSES}
        self._witnesses = {name: Witness(key, {_ORIGIN: self._key.public}, self._folder / name) for name, key in keys.items()}
        lines = [f"log {self._key.public}", *(f"witness {name} {key.public}" for name, key in keys.items())]
        self._policy = policy.parse("\n".join([*lines, f"group most 2 {' '.join(WITNESSES)}", "quorum most"]))
        self._store = Store(self._folder / "log")
        self._writer = Writer(self._audit, self._audit, self._store)
        self._saw = 0
        self._note = ""
        self.signed: list[str] = []
        """The witnesses that signed when they were asked last."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._temporary.cleanup()

    def show(self, *, rewritten: bool) -> None:
        """Show the log to the witnesses: with what is new in it, or rewritten."""
        if rewritten:
            self._rewrite()
        else:
            self._keep()

    def _keep(self) -> None:
        """Take in what is new, and have it signed."""
        while self._writer.take():
            pass
        self._note = self._ask(self._store, self._writer.state)
        self._saw = self._writer.state.edge.size

    def _rewrite(self) -> None:
        """Ask the witnesses to sign a log in which whoever operates it has changed the first entry, with the log's own key and a proof as good as can be."""
        tiles = Tiles(self._store.folder, self._writer.state.edge.size)
        first, *rest = [tiles.entry(number) for number in range(tiles.size)]
        entries = [text(read(first) | {"agency": "nobody"}).encode(), *rest]
        other, (edge, files) = Store(self._folder / "other"), Edge().grow(entries)
        other.save(State(Edge(), {}), State(edge, {}), entries, files)
        self._ask(other, State(edge, {}))

    def _ask(self, store: Store, state: State) -> str:
        """The checkpoint of a log with the signatures of all witnesses that sign it."""
        head = Head(_ORIGIN, state.edge.size, state.edge.root)
        note = head.note.signed(self._key.sign(head.note))
        path = [encoded(one) for one in Tiles(store.folder, head.size).consistency(self._saw, head.size)]
        lines = {name: line for name, one in self._witnesses.items() if (line := _line(one, request(self._saw, path, note.whole)))}
        self.signed = list(lines)
        return Note(note.text, (*note.signatures, *(signature(line.rstrip("\n")) for line in lines.values()))).whole

    def proved(self, agency: str, told: Sequence[Release]) -> dict[str, str]:
        """By id what became of each release that an agency was told, as its bundle proves; raises NotProved, also where a changed one is taken for true."""
        return {one.id: self._proved(agency, one) for one in told}

    def _proved(self, agency: str, release: Release) -> str:
        found = written(bundle(Tiles(self._store.folder, self._writer.state.edge.size), self._store.about(release.id), self._note))
        proof = verify(found, self._policy)
        if same_release(proof, release.model_dump_json().encode()) != release.id or any(one["agency"] != agency for one in proof.entries.values()):
            raise NotProved(f"the bundle of {agency} is not about what it holds")
        if not release.retracted and _takes(proof, release.model_copy(update={"expires": release.expires + 1})):
            raise NotProved("a release that was changed is taken for the one that was given")
        return str(proof.entries[max(proof.entries)]["decision"])


def _takes(proof: Proved, changed: Release) -> bool:
    try:
        same_release(proof, changed.model_dump_json().encode())
    except NotProved:
        return False
    return True


def _line(witness: Witness, body: str) -> str | None:
    try:
        return witness.add(body, int(time.time()))
    except Refusal:
        return None


def compare(expect: Expect, log: Logged, cast: Cast, where: str) -> None:
    """Return when who signed, and what each agency proves, is what is expected; raises NotAsTold."""
    if expect.witnessed is not None and log.signed != expect.witnessed:
        raise NotAsTold(f"{where}: the log is signed by {log.signed}, and not by {expect.witnessed}")
    for agency, wanted in (expect.proved or {}).items():
        have = sorted(_lines(agency, log, cast))
        if have != sorted(wanted):
            raise NotAsTold(f"{where}: {agency} proves {have}, and not {wanted}")


def _lines(agency: str, log: Logged, cast: Cast) -> Iterable[str]:
    """What became last of what the agency was told about each person of the story, as `杨测试 released`."""
    one = next(one for one in cast.world.agencies if one.name == agency)
    told = [value for _, value in cast.world.messages(f"deliver.{agency}") if isinstance(value, Release)]
    bulletins = {release.id for release in told if release.bulletin}
    last = {(release.purpose, release.person): release for release in told if release.id not in bulletins}
    decided = log.proved(agency, list(last.values()))
    return (f"{name} {decided[release.id]}" for release in last.values() if (name := cast.whom(one, release)) != UNNAMED)
