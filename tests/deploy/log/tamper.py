"""Tampering at random with what the log gives away: bundles, and the whole folder. Judged by what was true before.

A tampering is *found* when `verify` refuses. It is *told* when what is proved is true and less than before (an entry was left out, a witness's signature cut off
while the others are enough): whoever reads the answer sees it. It is *missed* when something is proved that is not true, or the same as before.
"""

from __future__ import annotations

import json
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.log.bundle import bundle, written
from deploy.log.checkpoint import Head, read
from deploy.log.edge import Edge, bundled, unbundled
from deploy.log.entry import read as understood
from deploy.log.entry import text
from deploy.log.merkle import leaf
from deploy.log.note import Note, encoded
from deploy.log.tiles import Tiles
from deploy.log.verify import NotProved, Proved, folder, verify
from tests.deploy.log.pieces import LOG, WITNESSES, entries, policy, private, signed, stored

SIZE = 700
OLD = (1, 256, 300, 699)


@dataclass
class World:
    """An honest log, one that the log's owner forged afterwards, and the dice."""

    folder: Path
    dice: random.Random

    def __post_init__(self) -> None:
        """Make both logs, and the checkpoints that somebody kept."""
        self.true = entries(SIZE)
        stored(self.folder / "true", self.true, 256)
        self.tiles = Tiles(self.folder / "true", SIZE)
        self.forged = [*self.true[:200], *entries(SIZE, "forged")[200:]]
        stored(self.folder / "forged", self.forged, 256)
        self.kept = [signed(self.tiles, "county", size=size).whole for size in OLD]
        self.checkpoint = signed(self.tiles, *WITNESSES).whole

    def bundle(self) -> bytes:
        """A bundle with some entries, and growth since some checkpoints."""
        numbers = sorted(self.dice.sample(range(SIZE), self.dice.randint(1, 4)))
        return written(bundle(self.tiles, numbers, self.checkpoint, self.dice.sample(self.kept, self.dice.randint(1, 2))))


def verdict(world: World, before: Proved, data: bytes) -> str:
    """What became of a bundle that was tampered with."""
    try:
        after = verify(data, policy())
    except NotProved:
        return "found"
    return judged(world, before, after)


def judged(world: World, before: Proved, after: Proved) -> str:
    """Told, when all that is proved is true and it is less than before."""
    true = all(understood(world.true[number]) == said for number, said in after.entries.items()) and after.trusted.head == before.trusted.head
    true = true and after.trusted.witnesses.items() <= before.trusted.witnesses.items() and set(after.earlier) <= set(OLD)
    return "told" if true and after != before else "missed"


Tampering = Callable[[World, dict[str, Any]], Any]


def _entry(world: World, content: dict[str, Any]) -> None:
    """A field of an entry."""
    one = world.dice.choice(content["entries"])
    said = json.loads(one["entry"])
    name = world.dice.choice(sorted(said))
    said[name] = said[name] + world.dice.choice([-1, 1]) if isinstance(said[name], int) else world.dice.choice(["", said[name][1:], said[name] + "0", "daguan"])
    one["entry"] = text(said)


def _word(world: World, content: dict[str, Any]) -> None:
    """A word that is added to an entry, or taken from it."""
    one = world.dice.choice(content["entries"])
    said = json.loads(one["entry"])
    said.pop(world.dice.choice(sorted(said))) if world.dice.random() < 0.5 else said.update({"agency": "another", "purpose": "another"})
    one["entry"] = text(said)


def _index(world: World, content: dict[str, Any]) -> None:
    """The number of an entry."""
    one = world.dice.choice(content["entries"])
    lines = one["proof"].split("\n")
    right = int(lines[1].removeprefix("index "))
    lines[1] = f"index {world.dice.choice([n for n in (right - 1, right + 1, right ^ 256, world.dice.randrange(SIZE), SIZE) if n != right])}"
    one["proof"] = "\n".join(lines)


def _lines(world: World, content: dict[str, Any]) -> None:
    """The hashes of a proof: one changed, dropped, doubled, or two swapped."""
    earlier, one = world.dice.choice(content["earlier"]), world.dice.choice(content["entries"])
    head, _, rest = one["proof"].partition("\n\n")
    growth, first = world.dice.random() < 0.5, head.split("\n")[:2]
    path = earlier["path"] if growth else head.split("\n")[2:]
    at = world.dice.randrange(len(path) + 1)
    others = [line for line in (encoded(leaf(b"x")), *path) if line not in path[at : at + 1]]
    new = world.dice.choice([[*path[:at], world.dice.choice(others), *path[at + 1 :]], [*path, encoded(leaf(b"x"))], [encoded(leaf(b"x")), *path], [*path[:at], "", *path[at:]],
                             *([path[:-1], path[1:]] if path else []), *([path[::-1]] if path != path[::-1] else [])])  # fmt: skip
    if growth:
        earlier["path"] = new
    else:
        one["proof"] = "\n".join([*first, *new]) + "\n\n" + rest


def _swap(world: World, content: dict[str, Any]) -> None:
    """The order of entries, or the proof of one for another."""
    listed = content["entries"]
    if len(listed) > 1 and world.dice.random() < 0.5:
        listed.reverse()
        return
    one, number = world.dice.choice(listed), world.dice.randrange(SIZE)
    if one["entry"] == world.true[number].decode():
        number = (number + 1) % SIZE
    one["entry"] = world.true[number].decode()


def _drop(world: World, content: dict[str, Any]) -> None:
    """An entry, or the growth since a checkpoint, that is left out or comes twice."""
    listed = content[world.dice.choice(["entries", "earlier"])]
    at = world.dice.randrange(len(listed))
    if world.dice.random() < 0.5:
        listed.insert(at, listed[at])
    else:
        del listed[at]


def _replace(content: dict[str, Any], new: str) -> None:
    for one in content["entries"]:
        one["proof"] = one["proof"].replace(content["checkpoint"], new)
    content["checkpoint"] = new


def _head(world: World, content: dict[str, Any]) -> None:
    """The checkpoint says another origin, size or root; sometimes the log's owner signs that again, but no witness does."""
    head, note = read(content["checkpoint"])
    new = world.dice.choice([Head("example.org/other", head.size, head.root), Head(head.origin, head.size + world.dice.choice([-300, -1, 1]), head.root),
                             Head(head.origin, head.size, leaf(head.root))])  # fmt: skip
    signers = note.signatures if world.dice.random() < 0.5 else (LOG.sign(new.note), *note.signatures[1:])
    _replace(content, Note(new.note.text, signers).whole)


def _signers(world: World, content: dict[str, Any]) -> None:
    """Signatures that are cut off, changed, doubled, moved, taken from another checkpoint, or by a stranger under a known name."""
    note = read(content["checkpoint"])[1]
    lines = list(note.signatures)
    at = world.dice.randrange(len(lines))
    other = read(world.dice.choice(world.kept))[1].signatures
    stranger = private("stranger", LOG.kind if lines[at].name == LOG.name else WITNESSES["county"].kind)
    match world.dice.randrange(6):
        case 0:
            del lines[at]
        case 1:
            data = bytearray(lines[at].data)
            data[world.dice.randrange(len(data))] ^= 1 << world.dice.randrange(8)
            lines[at] = type(lines[at])(lines[at].name, lines[at].number, bytes(data))
        case 2:
            lines.insert(world.dice.randrange(len(lines)), lines[at])
        case 3:
            lines.reverse()
        case 4:
            lines[at] = other[min(at, 1)]
        case _:
            forged = stranger.sign(note, None if lines[at].name == LOG.name else 1_800_000_000)
            lines[at] = type(forged)(lines[at].name, world.dice.choice([lines[at].number, forged.number]), forged.data)
    _replace(content, Note(note.text, tuple(lines)).whole)


def _history(world: World, content: dict[str, Any]) -> None:
    """The log's owner writes history anew and signs it; the witnesses' signatures are those of the true one, or one witness is bribed."""
    tiles = Tiles(world.folder / "forged", SIZE)
    new = signed(tiles, *world.dice.choice([(), ("county",)]))
    content.update(bundle(tiles, sorted(world.dice.sample(range(200, SIZE), 2)), new.signed(*read(world.checkpoint)[1].signatures[1:]).whole, world.kept[:1]))


BUNDLE: tuple[Tampering, ...] = (_entry, _word, _index, _lines, _swap, _drop, _head, _signers, _history)


def bytewise(world: World, data: bytes) -> bytes:
    """Bytes that are changed, cut off, cut out, doubled, or put in."""
    at, end = sorted((world.dice.randrange(len(data)), world.dice.randrange(len(data) + 1)))
    match world.dice.randrange(6):
        case 0:
            return data[:at] + bytes([data[at] ^ 1 << world.dice.randrange(8)]) + data[at + 1 :]
        case 1:
            return data[:at]
        case 2:
            return data[:at] + data[max(end, at + 1) :]
        case 3:
            return data[:end] + data[at:end] + data[end:] if end > at else data + b"\n"
        case 4:
            return data[:at] + bytes([world.dice.randrange(256)]) + data[at:]
        case _:
            return data[:at] + data[at : at + 2][::-1] + data[at + 2 :] if data[at : at + 1] != data[at + 1 : at + 2] and at + 1 < len(data) else data[:-1]


def of_bundle(world: World) -> tuple[str, str]:
    """One tampering with a bundle: its name, and what became of it."""
    data = world.bundle()
    before = verify(data, policy())
    if world.dice.random() < 0.4:
        return "bytes of the bundle", verdict(world, before, bytewise(world, data))
    tampering, content = world.dice.choice(BUNDLE), json.loads(data)
    tampering(world, content)
    if written(content) == data:
        raise AssertionError(f"{tampering.__name__} changed nothing")
    return (tampering.__doc__ or "").rstrip("."), verdict(world, before, written(content))


def of_folder(world: World, copy: Path) -> tuple[str, str]:
    """One tampering with the whole folder: an entry changed, left out, slipped in or moved, the end cut off, the checkpoint exchanged, history written anew."""
    listed, what = list(world.true), world.dice.choice(["changed", "left out", "slipped in", "moved", "cut off", "an older checkpoint", "written anew"])
    at, other = world.dice.sample(range(SIZE), 2)
    note = world.checkpoint
    match what:
        case "changed":
            listed[at] = listed[at].replace(b"audit", b"bidet") if world.dice.random() < 0.5 else listed[other]
        case "left out":
            del listed[at]
        case "slipped in":
            listed.insert(at, listed[other])
        case "moved":
            listed[at], listed[other] = listed[other], listed[at]
        case "cut off":
            del listed[at:]
        case "an older checkpoint":
            note = signed(world.tiles, *WITNESSES, size=at or 1).whole
        case _:
            listed = world.forged
            note = signed(Tiles(world.folder / "forged", SIZE), *world.dice.choice([(), ("county",)])).whole
    _lay(copy, listed, note)
    try:
        folder(copy, policy(), [signed(world.tiles, "county").whole] if what == "an older checkpoint" else ())
    except NotProved:
        return f"folder: {what}", "found"
    return f"folder: {what}", "missed"


def _lay(copy: Path, listed: list[bytes], note: str) -> None:
    shutil.rmtree(copy, ignore_errors=True)
    for name, data in Edge().grow(listed)[1].items():
        if name.startswith("tile/entries/"):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes(data)
    (copy / "checkpoint").write_text(note, "utf-8")
    assert [one for path in sorted((copy / "tile/entries").glob("0*")) if path.is_file() for one in unbundled(path.read_bytes())] == listed[: len(listed) // 256 * 256]
    assert bundled(listed[:1])


def campaign(where: Path, count: int, seed: int) -> Iterator[tuple[str, str]]:
    """So many tamperings with a seed: of each its name, and what became of it."""
    world = World(where, random.Random(seed))
    for number in range(count):
        yield of_folder(world, where / "copy") if number % 10 == 0 else of_bundle(world)


def counted(found: Iterator[tuple[str, str]]) -> dict[str, Counter[str]]:
    """The verdicts of each kind of tampering."""
    table: dict[str, Counter[str]] = {}
    for name, what in found:
        table.setdefault(name, Counter())[what] += 1
    return table
