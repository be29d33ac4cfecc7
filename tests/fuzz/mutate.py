"""One input from a seed: a record of some source, spoiled, on its way over one of the wires."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tests.fuzz.hostile import hostile

Document = dict[str, Any]


class Wire(StrEnum):
    """How an input is sent."""

    LINES = "jsonl"
    ARRAY = "json"
    TABLE = "csv"
    POST = "http"


@dataclass(frozen=True, slots=True)
class Input:
    """What arrives: for which source, over which wire, the bytes, and for HTTP the headers."""

    source: str
    wire: Wire
    data: bytes
    headers: dict[str, str]


def made(seed: int, number: int, seeds: Sequence[tuple[str, Document]]) -> Input:
    """The input of a number; `seeds` are good records with the names of their sources."""
    dice = random.Random(f"{seed}/{number}")
    source, wire = dice.choice(seeds)[0], dice.choice(list(Wire))
    mine = [document for name, document in seeds if name == source]
    documents = [_spoiled(dice, deepcopy(dice.choice(mine)), mine) for _ in range(dice.choice((1, 1, 1, 2, 5)))]
    data = _table(dice, documents) if wire is Wire.TABLE else _json(dice, wire, documents)
    for _ in range(dice.choice((0, 0, 0, 0, 1, 3))):
        data = dice.choice(_BYTES)(dice, data)
    data = _recoded(dice, data)
    headers = {"Content-Type": dice.choice(("application/json",) * 6 + ("application/x-ndjson", "text/plain", "application/json; charset=gb18030"))}
    if dice.random() < 0.15:
        data = gzip.compress(data, 1, mtime=0)
        headers["Content-Encoding"] = dice.choice(("gzip", "gzip", "br"))
        if dice.random() < 0.4:
            data = dice.choice(_BYTES)(dice, data)
    return Input(source, wire, data, headers)


def _spoiled(dice: random.Random, document: Document, others: Sequence[Document]) -> Document:
    """A record with up to three fields changed."""
    for _ in range(dice.choice((0, 0, 1, 1, 1, 2))):
        inner = document
        while (deeper := [value for value in inner.values() if isinstance(value, dict) and value]) and dice.random() < 0.5:
            inner = dice.choice(deeper)
        name = dice.choice(list(inner)) if inner else "x"
        match dice.randrange(6):
            case 0:
                inner.pop(name, None)
            case 1:
                inner[str(hostile(dice))[:100]] = inner.get(name)
            case 2:
                other = dice.choice(others)
                inner[name] = deepcopy(other[dice.choice(list(other))])
            case 3 if isinstance(inner.get(name), str):
                inner[name] = dice.choice((str.upper, str.strip, lambda text: text * 2, lambda text: text[:-1], lambda text: f" {text}\u3000"))(inner[name])
            case _:
                inner[name] = hostile(dice)
    return document


def _json(dice: random.Random, wire: Wire, documents: list[Document]) -> bytes:
    ascii_ = dice.random() < 0.5
    texts = [json.dumps(one, ensure_ascii=ascii_, indent=dice.choice((None, None, 1))) for one in documents]
    if dice.random() < 0.05:
        texts = [text.replace("{", '{"twice": 1, "twice": 2, ', 1) for text in texts]
    lines = wire is Wire.LINES or dice.random() < 0.3
    text = "\n".join(texts) if lines else texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
    return text.encode("utf-8", "surrogatepass")


def _table(dice: random.Random, documents: list[Document]) -> bytes:
    names: list[str] = list(documents[0]) or ["x"]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=dice.choice(",;\t|"), quoting=dice.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)), lineterminator=dice.choice(("\r\n", "\n", "\r")))
    writer.writerow(names)
    writer.writerows([_cell(document.get(name)) for name in names] for document in documents)
    return out.getvalue().encode("utf-8", "surrogatepass")


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _recoded(dice: random.Random, data: bytes) -> bytes:
    """The same in another encoding, now and then."""
    if dice.random() < 0.85:
        return data
    text = data.decode("utf-8", "replace")
    return dice.choice((
        lambda: b"\xef\xbb\xbf" + data, lambda: text.encode("utf-16"), lambda: text.encode("gb18030", "replace"), lambda: text.encode("latin-1", "replace"),
        lambda: text.encode("utf-32"), lambda: b"\xff\xfe" + data,
    ))()  # fmt: skip


def _flip(dice: random.Random, data: bytes) -> bytes:
    at = dice.randrange(len(data) + 1)
    return data[:at] + bytes([dice.randrange(256)]) + data[at + 1 :]


def _cut(dice: random.Random, data: bytes) -> bytes:
    return data[: dice.randrange(len(data) + 1)]


def _put(dice: random.Random, data: bytes) -> bytes:
    at = dice.randrange(len(data) + 1)
    return data[:at] + dice.choice((b"\0", b"\xff", b'"', b"{", b"}", b"[", b"]", b",", b"\n", b"\r", b"\\", b"\\u", b"NaN", b"\xed\xa0\x80", b"'", b";")) + data[at:]


def _drop(dice: random.Random, data: bytes) -> bytes:
    at = dice.randrange(len(data) + 1)
    return data[:at] + data[at + dice.randint(1, 8) :]


def _twice(dice: random.Random, data: bytes) -> bytes:
    start = dice.randrange(len(data) + 1)
    return data[:start] + data[start : start + 200] * 2 + data[start + 200 :]


_BYTES: tuple[Callable[[random.Random, bytes], bytes], ...] = (_flip, _cut, _put, _drop, _twice)


def spoiled_bytes(dice: random.Random, data: bytes) -> bytes:
    """Some bytes with up to four places changed."""
    for _ in range(dice.randint(0, 4)):
        data = dice.choice(_BYTES)(dice, data)
    return data
