"""State of another version is migrated or refused, never misread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest

from schemas.models.movement import Exposure, Presence
from streams.memory import MemoryState
from streams.rows import Table
from streams.runtime.version import VERSION, OtherVersion, stamp, upgrade
from streams.stage import Message, Migration, Outcome, Stage, State, Verdict

A, B, C = (bytes([1]) + letter * 16 for letter in (b"a", b"b", b"c"))


def _step(message: Message, state: State) -> Outcome:
    return Outcome(Verdict.APPLIED)


def made(version: int, migrations: Mapping[int, Migration] | None = None) -> Stage:
    """A stage of a version, with ways from others."""
    return Stage("s", ("ledger",), (), _step, version=version, migrations=migrations or {})


def state(version: int | None, **rows: bytes) -> MemoryState:
    """A state that a stage of some version wrote; None wrote no version."""
    found = MemoryState()
    for letter, value in rows.items():
        found.put(bytes([1]) + letter.encode() * 16, value)
    if version is not None:
        found.put(VERSION, stamp(made(version)))
        found.put(b"\0ledger\0x", b"counts")
    return found


def upgraded(stage: Stage, found: MemoryState) -> dict[bytes, bytes | None]:
    """What has to be written."""
    return upgrade(stage, 0, found, found.scan(b"", b"\xff"))


def test_nothing_to_do() -> None:
    """No state, or one of this version, is taken as it is."""
    assert upgraded(made(3), state(None)) == {}
    assert upgraded(made(3), state(3, a=b"1")) == {}


@pytest.mark.parametrize("found", [state(None, a=b"1"), state(2, a=b"1"), state(4, a=b"1"), state(1, a=b"1")])
def test_refused(found: MemoryState) -> None:
    """Rows without a version, of a later one, and of one from which no way leads here are refused, with what to do."""
    with pytest.raises(OtherVersion, match=r"stage s on partition 0 .*LIANFANG_NAMESPACE"):
        upgraded(made(3, {1: _kept}), found)


def _kept(key: bytes, value: bytes) -> Iterable[tuple[bytes, bytes]]:
    yield key, value


def test_another_schema_is_another_form() -> None:
    """State whose rows hold values of another schema is refused although the stage forgot to say that its version changed."""
    before = replace(made(3), tables=(Table(1, "A row.", Presence),))
    now = replace(made(3), tables=(Table(1, "A row.", Exposure),))
    found = state(None, a=b"1")
    found.put(VERSION, stamp(before))
    assert upgraded(before, found) == {}
    with pytest.raises(OtherVersion, match="other schemas"):
        upgraded(now, found)


def test_migrated_step_by_step() -> None:
    """Rows go through every step; only what changes is written, and the counts of the runtime are not touched."""
    def louder(key: bytes, value: bytes) -> Iterable[tuple[bytes, bytes]]:
        yield key, value.upper()

    def longer(key: bytes, value: bytes) -> Iterable[tuple[bytes, bytes]]:
        if value != b"GONE":
            yield key, value + (b"!" if value != b"SAME" else b"")

    changes = upgraded(made(3, {1: louder, 2: longer}), state(1, a=b"x", b=b"gone", c=b"SAME"))
    assert changes == {A: b"X!", B: None, VERSION: stamp(made(3))}


def test_rows_may_change_places() -> None:
    """A row may take the key that another leaves."""
    def turned(key: bytes, value: bytes) -> Iterable[tuple[bytes, bytes]]:
        yield {A: B, B: C, C: A}[key], value

    changes = upgraded(made(2, {1: turned}), state(1, a=b"1", b=b"2", c=b"3"))
    assert changes == {A: b"3", B: b"1", C: b"2", VERSION: stamp(made(2))}
