"""A link as the stage `links` keeps it: bytes that are equal when the links are, so that what has not changed is neither made nor unpacked."""

from __future__ import annotations

import struct
from collections.abc import Iterable

from schemas.models.fact import digest_of, fact_id
from schemas.models.identity import TIMELESS, Link
from schemas.trusted import construct
from streams.rows import name

_HEAD = struct.Struct(">16sH")


def packed(person: str, causes: Iterable[str], reasons: Iterable[str]) -> bytes:
    """A link to a person."""
    ids = [name(cause) for cause in causes]
    return b"".join((_HEAD.pack(name(person), len(ids)), *ids, "\n".join(reasons).encode()))


def person_in(data: bytes) -> str:
    """The person of a link."""
    return data[:16].hex()


def link(alias: str, data: bytes) -> Link:
    """The link of an alias; its id is of the alias and all that the link says."""
    person, count = _HEAD.unpack_from(data)
    end = _HEAD.size + 16 * count
    causes = [data[place : place + 16].hex() for place in range(_HEAD.size, end, 16)]
    own = fact_id("link", alias, digest_of(data))
    reasons = data[end:].decode().split("\n")
    fields = {"id": own, "retracted": False, "causes": causes, "at": TIMELESS, "alias": alias, "person": person.hex(), "reasons": reasons, "since": TIMELESS}
    return construct(Link, fields, set(fields))
