"""A job as messages of the bus: facts in Avro behind the registry's header, and pairs out of what an implementation wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO

import fastavro

from schemas.avro import parsed
from schemas.codec import Codec
from schemas.models.movement import Contact, Exposure, Presence
from tests.bench.contact.answer import pair
from tests.bench.contact.job import Job

HEADER = 5
"""Bytes before the Avro body in Confluent wire format."""
_MASK = (1 << 128) - 1
_ODD = 0x9E3779B97F4A7C15F39CC0605CEDC835
_BACK = pow(_ODD, -1, 1 << 128)
_SCAN, _EXPOSURE, _PERSON, _RECORD = range(1, 5)
_KINDS = 8
_REGION = "530624"


def name(kind: int, number: int) -> str:
    """32 hexadecimal digits that look drawn, as all ids and aliases of the bus do, and from which `numbered` gets the number back."""
    return f"{(number * _KINDS + kind) * _ODD & _MASK:032x}"


def numbered(kind: int, text: str) -> int:
    """The number of a name; raises ValueError when it is no name of this kind."""
    number, found = divmod(int(text, 16) * _BACK & _MASK, _KINDS)
    if found != kind:
        raise ValueError("the name of another kind of thing")
    return number


def place(number: int) -> str:
    """The code of a place, which is the key of what happens there."""
    return f"MKT-{_REGION}-{number}"


def presences(job: Job, codec: Codec) -> Iterator[tuple[bytes, bytes]]:
    """Key and value of every scan, in order. The models are passed by: they would take most of the time, and `test_wire` holds the bytes against them."""
    header, schema = codec.prepare("presence", Presence), parsed(Presence)
    buffer = BytesIO()
    for number, (at, where, person) in enumerate(zip(job.at, job.place, job.person, strict=True)):
        code = place(where)
        buffer.seek(0)
        buffer.truncate()
        fastavro.schemaless_writer(buffer, schema, {
            "id": name(_SCAN, number), "retracted": False, "causes": [name(_RECORD, number)], "at": at, "alias": name(_PERSON, person), "place": code,
            "region": _REGION, "until": at, "sealed": b"",
        })  # fmt: skip
        yield code.encode(), header + buffer.getvalue()


def exposures(job: Job, codec: Codec, numbers: Iterable[int]) -> Iterator[tuple[bytes, bytes]]:
    """Key and value of some exposures."""
    for number in numbers:
        window = job.windows[number]
        alias, code = name(_PERSON, window.person), place(window.place)
        exposure = Exposure(
            id=name(_EXPOSURE, number), causes=[name(_RECORD, job.scans + number)], at=window.at, until=window.until, person=alias, alias=alias,
            place=code, region=_REGION, depth=1,
        )  # fmt: skip
        yield code.encode(), codec.encode("exposure", exposure)


def of_contact(value: bytes) -> int:
    """The pair of a contact that our stage wrote; raises ValueError for one that takes a contact back, which no job asks for."""
    contact = fastavro.schemaless_reader(BytesIO(value[HEADER:]), parsed(Contact), None)
    if not isinstance(contact, dict) or contact["retracted"]:
        raise ValueError("no contact that stands")
    exposure, scan = contact["causes"]
    return pair(numbered(_EXPOSURE, exposure), numbered(_SCAN, scan))


def of_line(value: bytes) -> int:
    """The pair of a line that another implementation wrote: id of the exposure, id of the presence, begin and end of the overlap."""
    exposure, scan, _, _ = value.decode().split()
    return pair(numbered(_EXPOSURE, exposure), numbered(_SCAN, scan))
