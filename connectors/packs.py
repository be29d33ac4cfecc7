"""Small files of a clinic without a connection: records in numbered pieces, each of which is taken by itself.

A piece is a line with what it is, then so many bytes: JSON Lines, packed with gzip, sealed under the clinic's key (AES-256-GCM, `schemas.vault.box`).
Pieces may lie in one file or in many, in any order, with other bytes between: who reads looks for the beginning of each. A piece is whole when its bytes
are all there and have the digest (SHA-256) that its line says; of a broken one nothing is taken, for half a record could be another's.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from pydantic import Field, ValidationError

from schemas.models.fact import Model
from schemas.vault.box import Box

MARK = b"LIANFANG-PIECE/1 "
_LINE = re.compile(re.escape(MARK) + rb"(\{[^\n]{1,2000}\})\n")
_LARGEST = 16 * 2**20
"""Bytes of a piece that are unpacked: more would be a bomb."""


class Head(Model):
    """What a piece says of itself; it names nobody."""

    clinic: str = Field(description="Place code of the clinic.")
    what: str = Field(description="Name of the source of its records, or `answers`.")
    pack: str = Field(description="First 16 digits of the SHA-256 of all records of the pack.")
    piece: int = Field(ge=1, description="Number of the piece, from 1.")
    of: int = Field(ge=1, description="How many pieces the pack has.")
    records: int = Field(ge=0, description="Records in it.")
    bytes: int = Field(ge=0, description="Bytes that follow the line.")
    digest: str = Field(description="SHA-256 of those bytes, in hexadecimal digits.")
    sealed: bool = Field(description="Whether they are sealed under the clinic's key.")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece that was found, with its records; with none, and why, when it is not whole or cannot be opened."""

    head: Head
    records: tuple[dict[str, Any], ...] = ()
    broken: str = ""


def pack(clinic: str, what: str, records: Sequence[Mapping[str, Any]], size: int, key: bytes | None) -> list[bytes]:
    """The pieces of these records, each of about `size` bytes or one record. Equal records give equal bytes. Raises ValueError for a key of a wrong length."""
    lines = [json.dumps(record, ensure_ascii=False, sort_keys=True).encode() + b"\n" for record in records]
    name, groups = sha256(b"".join(lines)).hexdigest()[:16], list(_groups(lines, size))
    return [_piece(clinic, what, name, number, len(groups), group, key) for number, group in enumerate(groups, 1)]


def pieces(data: bytes, key: Mapping[str, bytes]) -> Iterator[Piece]:
    """Every piece of which the line is in some bytes; `key` gives the key of each clinic."""
    for match in _LINE.finditer(data):
        try:
            head = Head.model_validate_json(match[1])
        except ValidationError:
            continue
        body = data[match.end() : match.end() + head.bytes]
        if len(body) < head.bytes or sha256(body).hexdigest() != head.digest:
            yield Piece(head, broken="cut off or changed: copy it again")
            continue
        try:
            records = tuple(json.loads(line) for line in _plain(head, body, key).splitlines())
            if len(records) != head.records or not all(isinstance(one, dict) for one in records):
                raise ValueError("it does not hold what its line says")
        except (InvalidTag, KeyError):
            yield Piece(head, broken="not sealed under the key of this clinic: the register names its file")
        except (ValueError, zlib.error, EOFError, OSError):
            yield Piece(head, broken="not what it says it is: pack it again")
        else:
            yield Piece(head, records)


def _groups(lines: list[bytes], size: int) -> Iterator[list[bytes]]:
    """As many lines as pack into the size, and one at least."""
    at = 0
    while at < len(lines):
        rest = range(1, len(lines) - at + 1)
        fitting = bisect_right(rest, size, key=lambda many: len(gzip.compress(b"".join(lines[at : at + many]), mtime=0)), hi=min(len(rest), size))
        count = max(1, fitting)
        yield lines[at : at + count]
        at += count


def _piece(clinic: str, what: str, name: str, number: int, of: int, lines: Iterable[bytes], key: bytes | None) -> bytes:
    found = list(lines)
    body = gzip.compress(b"".join(found), mtime=0)
    if key is not None:
        body = Box(key).seal(body, _bound(clinic, what, name, number, of))
    head = Head(clinic=clinic, what=what, pack=name, piece=number, of=of, records=len(found), bytes=len(body), digest=sha256(body).hexdigest(),
                sealed=key is not None)  # fmt: skip
    return MARK + head.model_dump_json().encode() + b"\n" + body + b"\n"


def _plain(head: Head, body: bytes, keys: Mapping[str, bytes]) -> bytes:
    if head.sealed:
        body = Box(keys[head.clinic]).open(body, _bound(head.clinic, head.what, head.pack, head.piece, head.of))
    elif head.clinic in keys:
        raise InvalidTag  # who has a key seals: an open piece may be anybody's
    found = zlib.decompressobj(wbits=31)
    plain = found.decompress(body, _LARGEST)
    if not found.eof:
        raise ValueError("it is too large, or ends early")
    return plain


def _bound(clinic: str, what: str, name: str, number: int, of: int) -> bytes:
    return f"{clinic}\n{what}\n{name}\n{number}\n{of}".encode()
