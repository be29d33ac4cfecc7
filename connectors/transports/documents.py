"""JSON in its usual wrappings: an array, objects one after the other, one object a line."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from connectors.envelope import Item
from connectors.transports.text import encoding, opened

_SIGNS = re.compile(rb'["\\\[\]{},]|[^\s"\\\[\]{},]+')
_CHUNK = 1 << 20
_LONGEST = 1 << 24


def objects(path: Path) -> Iterator[Item]:
    """One item for each object, its body the bytes as they stand (in UTF-8). What does not parse is passed on: the envelope says what is wrong."""
    charset = encoding(path)
    with opened(path) as found:
        file = found if charset.startswith("utf-8") else io.BytesIO(found.read().decode(charset, "replace").encode())
        if charset == "utf-8-sig":
            file.read(3)
        begun = file.tell()
        start = file.read(_CHUNK).lstrip()[:1]
        file.seek(begun)
        yield from array(file, file.read(_CHUNK).lstrip()[1:]) if start == b"[" else _lines(file)


def _lines(file: BinaryIO) -> Iterator[Item]:
    """Objects one a line, or written over several lines: a line that begins with a bracket begins an object, so a broken one spoils only itself."""
    waiting = b""
    for line in file:
        if waiting and (line.startswith(b"{") or _closed(waiting) or len(waiting) > _LONGEST):
            yield Item(waiting.strip())
            waiting = b""
        waiting += line if waiting or line.strip() else b""
        if waiting and not waiting.lstrip().startswith(b"{"):
            yield Item(waiting.strip())
            waiting = b""
    if waiting.strip():
        yield Item(waiting.strip())


def _closed(data: bytes) -> bool:
    """Whether all brackets outside of strings close."""
    bare = re.sub(rb'"(?:\\.|[^"\\])*"', b"", data)
    return bare.count(b"{") + bare.count(b"[") <= bare.count(b"}") + bare.count(b"]")


def array(file: BinaryIO, data: bytes) -> Iterator[Item]:
    """The elements of an array whose opening bracket is read; `data` is what follows it, and the file what follows that."""
    depth, quoted, escaped, start, at = 0, False, False, 0, 0
    while True:
        match = _SIGNS.search(data, at)
        if match is None or match.end() == len(data):
            more = file.read(_CHUNK)
            if more:
                data, start, at = data[start:] + more, 0, (at if match is None else match.start()) - start
                continue
        if match is None:
            if data[start:].strip():
                yield Item(data[start:].strip(), fault="the array is not closed")
            return
        sign, at = match[0], match.end()
        if escaped:
            escaped = False
            at = match.start() + 1
        elif quoted:
            escaped, quoted = sign == b"\\", sign != b'"'
        elif sign == b'"':
            quoted = True
        elif sign in (b"{", b"["):
            depth += 1
        elif depth and sign in (b"}", b"]"):
            depth -= 1
        elif not depth and sign in (b",", b"]"):
            element = data[start : match.start()].strip()
            if element or sign == b",":
                yield Item(element) if element else Item(b"", fault="nothing between two commas")
            start = at
            if sign == b"]":
                if data[at:].strip() or file.read(_CHUNK).strip():
                    yield Item(data[at:].strip(), fault="something follows the array")
                return
