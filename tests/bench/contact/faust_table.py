"""The contact job on Faust as its manual shows: an agent that takes one event after the other, tables, `topic.send`.

Arguments: brokers, app id, topic of presences, of exposures, of pairs, folder of Faust's data.

A table's value is written to its changelog whole at every change, so presences lie in lists by place and five minutes, exposures by place and hour.
Tables are kept in memory, which is Faust's default and its fastest.
"""

from __future__ import annotations

import sys
from io import BytesIO
from typing import Any

import fastavro
import faust

from schemas.avro import parsed
from schemas.models.movement import Exposure, Presence

_HEADER = 5
_SHORT, _LONG = 300_000, 3_600_000
"""Milliseconds of a bucket of presences, and of one of exposures."""


def make(brokers: str, name: str, presence: str, exposure: str, output: str, folder: str) -> faust.App:
    """The app."""
    app = faust.App(name, broker=f"kafka://{brokers}", datadir=folder, topic_partitions=4, broker_commit_interval=1.0, web_enabled=False)
    inputs = app.topic(presence, exposure, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")
    pairs = app.topic(output, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")
    presences = app.Table("presences", default=list)
    exposures = app.Table("exposures", default=list)

    async def contacts(stream: Any) -> None:
        async for event in stream.events():
            place, expose = event.key.decode(), event.message.topic == exposure
            fact = _read(event.value, Exposure if expose else Presence)
            for alias, line in (_expose if expose else _appear)(fact, place, presences, exposures):
                await pairs.send(key=alias, value=line)

    app.agent(inputs)(contacts)
    return app


def _read(value: bytes, model: type[Exposure | Presence]) -> dict[str, Any]:
    fact = fastavro.schemaless_reader(BytesIO(value[_HEADER:]), parsed(model), None)
    assert isinstance(fact, dict)
    return fact


def _appear(fact: dict[str, Any], place: str, presences: Any, exposures: Any) -> list[tuple[bytes, bytes]]:
    at, alias, name = fact["at"], fact["alias"], fact["id"]
    bucket = f"{place} {at // _SHORT}"
    presences[bucket] = [*presences[bucket], [at, alias, name]]
    rows = exposures[f"{place} {at // _LONG}"]
    return [_line(alias, exposure, name, at) for begin, end, other, exposure in rows if begin <= at <= end and other != alias]


def _expose(fact: dict[str, Any], place: str, presences: Any, exposures: Any) -> list[tuple[bytes, bytes]]:
    at, until, alias, name = fact["at"], fact["until"], fact["alias"], fact["id"]
    for number in range(at // _LONG, until // _LONG + 1):
        bucket = f"{place} {number}"
        exposures[bucket] = [*exposures[bucket], [at, until, alias, name]]
    found = []
    for number in range(at // _SHORT, until // _SHORT + 1):
        rows = presences[f"{place} {number}"]
        found += [_line(other, name, presence, when) for when, other, presence in rows if at <= when <= until and other != alias]
    return found


def _line(alias: str, exposure: str, presence: str, at: int) -> tuple[bytes, bytes]:
    return alias.encode(), f"{exposure} {presence} {at} {at}".encode()


if __name__ == "__main__":
    faust.Worker(make(*sys.argv[1:]), loglevel="warn").execute_from_commandline()
