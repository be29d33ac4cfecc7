"""The contact job on Quix Streams, run in an environment of its own: `peers.lock`.

Arguments: brokers, consumer group, topic of presences, of exposures, of pairs, folder of the state, guarantee, folder of the Avro schemas.

Both topics share one state through `concat`. Its own `join_interval` would be shorter, but it looks only back in time, and so misses what arrives in another
order than it happened. State is by message key, the place, and knows no ranges; so presences lie in buckets of five minutes and exposures in buckets of an
hour. Scans of a bucket arrive together, so that its writes fall into few checkpoints: this was faster than one entry for each scan with a counter.
"""

from __future__ import annotations

import json
import struct
import sys
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import fastavro
from quixstreams import Application, State  # type: ignore[import-not-found]  # in the other environment
from quixstreams.models import Deserializer, Serializer  # type: ignore[import-not-found]  # the same

_HEADER = 5
_SHORT, _LONG = 300_000, 3_600_000
"""Milliseconds of a bucket of presences, and of one of exposures."""
_PRESENCE, _EXPOSURE = struct.Struct(">q16s16s"), struct.Struct(">qq16s16s")
_COMMIT = timedelta(seconds=1)


class Facts(Deserializer):  # type: ignore[misc]  # untyped here
    """Avro behind the registry's header, as the kind and the fields that the job needs."""

    def __init__(self, schema: Path) -> None:
        """Take the file of the schema."""
        super().__init__()
        self._schema = fastavro.parse_schema(json.loads(schema.read_text()))
        self._exposure = schema.stem == "exposure"

    def __call__(self, value: bytes, ctx: Any) -> tuple[bool, int, int, bytes, bytes]:
        """Whether it is an exposure, begin, end, alias, id."""
        fact = fastavro.schemaless_reader(BytesIO(value[_HEADER:]), self._schema, None)
        assert isinstance(fact, dict)
        return self._exposure, fact["at"], fact["until"], bytes.fromhex(fact["alias"]), bytes.fromhex(fact["id"])


class Lines(Serializer):  # type: ignore[misc]  # untyped here
    """The second of a pair of alias and line."""

    def __call__(self, value: tuple[bytes, bytes], ctx: Any) -> bytes:
        """The line."""
        return value[1]


def step(fact: tuple[bool, int, int, bytes, bytes], state: State) -> list[tuple[bytes, bytes]]:
    """Keep a fact and find whom it meets: alias and line of each."""
    exposure, at, until, alias, name = fact
    return _expose(at, until, alias, name, state) if exposure else _appear(at, alias, name, state)


def _appear(at: int, alias: bytes, name: bytes, state: State) -> list[tuple[bytes, bytes]]:
    bucket = _key(b"p", at // _SHORT)
    state.set_bytes(bucket, state.get_bytes(bucket, b"") + _PRESENCE.pack(at, alias, name))
    rows = state.get_bytes(_key(b"e", at // _LONG), b"")
    return [
        _line(alias, exposure, name, at)
        for begin, end, other, exposure in _EXPOSURE.iter_unpack(rows) if begin <= at <= end and other != alias
    ]  # fmt: skip


def _expose(at: int, until: int, alias: bytes, name: bytes, state: State) -> list[tuple[bytes, bytes]]:
    for number in range(at // _LONG, until // _LONG + 1):
        bucket = _key(b"e", number)
        state.set_bytes(bucket, state.get_bytes(bucket, b"") + _EXPOSURE.pack(at, until, alias, name))
    found = []
    for number in range(at // _SHORT, until // _SHORT + 1):
        rows = state.get_bytes(_key(b"p", number), b"")
        found += [_line(other, name, presence, when) for when, other, presence in _PRESENCE.iter_unpack(rows) if at <= when <= until and other != alias]
    return found


def _key(kind: bytes, number: int) -> bytes:
    return kind + number.to_bytes(8, "big")


def _line(alias: bytes, exposure: bytes, presence: bytes, at: int) -> tuple[bytes, bytes]:
    return alias.hex().encode(), f"{exposure.hex()} {presence.hex()} {at} {at}".encode()


def main() -> None:
    """Run until told to end."""
    brokers, group, presence, exposure, output, state, guarantee, schemas = sys.argv[1:]
    app = Application(
        broker_address=brokers, consumer_group=group, auto_offset_reset="earliest", processing_guarantee=guarantee, commit_interval=_COMMIT.total_seconds(),
        state_dir=state, loglevel="WARNING", consumer_poll_timeout=0.1, producer_extra_config={"linger.ms": 20, "batch.size": 256 * 1024},
    )  # fmt: skip
    inputs = [app.topic(name, value_deserializer=Facts(Path(schemas) / f"{kind}.avsc")) for name, kind in ((presence, "presence"), (exposure, "exposure"))]
    pairs = app.topic(output, value_serializer=Lines())
    first, second = (app.dataframe(topic) for topic in inputs)
    first.concat(second).apply(step, stateful=True, expand=True).to_topic(pairs, key=lambda value: value[0])
    app.run()


if __name__ == "__main__":
    main()
