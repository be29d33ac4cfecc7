"""The form in which the rows of a stage are written: what has another form is migrated or refused, never misread."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import blake2b

from schemas.avro import plain, schema_of
from streams.stage import Rows, Stage

VERSION = b"\0version"
"""Row that holds the form of all others: that of the runtime's own rows and keys in a byte, the version in two, a digest of the schemas in its rows."""
_RUNTIME = 2


class OtherVersion(Exception):
    """The state is of a version that this one can neither read nor migrate; the message says what to do."""


def stamp(stage: Stage) -> bytes:
    """The value of the row for a stage as it is now."""
    return bytes((_RUNTIME,)) + stage.version.to_bytes(2, "big") + _schemas(stage)


def _schemas(stage: Stage) -> bytes:
    """Eight bytes that change when a schema in some row does, so that a change without a new version of the stage is refused too."""
    text = json.dumps([[table.number, *(plain(schema_of(model)) for model in table.models)] for table in stage.tables], sort_keys=True)
    return blake2b(text.encode(), digest_size=8).digest()


def upgrade(stage: Stage, partition: int, store: Rows, rows: Iterator[tuple[bytes, bytes]]) -> dict[bytes, bytes | None]:
    """What has to be written so that a recovered state has the form of the stage; nothing when it has it already, or when there is no state yet.

    `rows` are all rows of the state, which are read only when they are migrated. Raises OtherVersion.
    """
    found = store.get(VERSION)
    if found == stamp(stage):
        return {}
    if found is None:
        if next(rows, None) is None:
            return {}
        raise OtherVersion(_advice(stage, partition, "an unknown version"))
    old = int.from_bytes(found[1:3], "big")
    if found[0] != _RUNTIME or old >= stage.version or any(step not in stage.migrations for step in range(old, stage.version)):
        raise OtherVersion(_advice(stage, partition, f"version {found[0]}.{old} with other schemas" if old == stage.version else f"version {found[0]}.{old}"))
    return {**_migrated(stage, old, rows), VERSION: stamp(stage)}


def _migrated(stage: Stage, old: int, rows: Iterator[tuple[bytes, bytes]]) -> dict[bytes, bytes | None]:
    """The rows that change, as they are after all migrations from a version on; keys that are no more come first, since another row may take one."""
    gone: dict[bytes, bytes | None] = {}
    come: dict[bytes, bytes | None] = {}
    for key, value in rows:
        if key[0]:
            now = [(key, value)]
            for step in range(old, stage.version):
                now = [new for row in now for new in stage.migrations[step](*row)]
            if now != [(key, value)]:
                gone[key] = None
                come.update(now)
    return gone | come


def _advice(stage: Stage, partition: int, what: str) -> str:
    return (
        f"the state of stage {stage.name} on partition {partition} is of {what}, and this program writes {_RUNTIME}.{stage.version}: "
        "run the program that wrote it, or read everything again on a bus of its own (LIANFANG_NAMESPACE), which comes to the same facts"
    )
