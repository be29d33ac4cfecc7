"""Raw messages sealed on their way to the bus, and opened for whoever has the vault."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.models.raw import Raw
from schemas.raws import ERASED, Raws, generations
from schemas.sealed import OtherKeys
from schemas.tokens import Keys

SECRET = bytes(range(32))
A, B = "a" * 32, "b" * 32
TEXT = st.text(st.characters(codec="utf-8"), max_size=8)


def raws(keys: Keys | None = None, persons: Sequence[str] = (A, B)) -> Raws:
    """What seals for these persons."""
    return Raws(keys or Keys(SECRET), lambda _: persons)


def raw(**more: Any) -> Raw:
    """A raw message."""
    content = {"source": "door", "record": "1" * 32, "version": 1, "digest": "2" * 32, "body": '{"name": "杨测试"}'.encode(), "received_at": 1_579_920_000_000}
    return Raw(**content | more)


@given(st.binary(max_size=40), st.none() | st.dictionaries(TEXT, TEXT, max_size=4), st.lists(TEXT, max_size=3))
def test_comes_back(body: bytes, fields: dict[str, str] | None, persons: list[str]) -> None:
    """Whatever bytes and columns, and whoever is in it: what is opened is what was closed, and what is closed is the same each time."""
    one, guard = raw(body=body, fields=fields), raws(persons=persons)
    closed = guard.closed(one)
    assert guard.opened(closed).model_copy(update={"under": []}) == one
    assert guard.closed(guard.opened(closed)) == closed


def test_nothing_is_in_clear() -> None:
    """Neither the body nor a cell is in the closed message, which says whose keys it is sealed under."""
    closed = raws().closed(raw(fields={"name": "杨测试"}))
    assert "杨测试".encode() not in closed.body
    assert (closed.fields, closed.under) == (None, [A, B])


def test_nobody_known_is_of_a_day() -> None:
    """Where nobody can be read the key is that of the source and the day on which it came; an impossible moment has a day too."""
    assert raws(persons=()).closed(raw()).under == ["door 2020-01-25"]
    assert raws(persons=()).closed(raw(received_at=2**62)).under == ["door 1970-01-01"]


@pytest.mark.parametrize("person", [A, B])
def test_erased_with_any_person(person: str) -> None:
    """When the key of any person in it is destroyed nothing of it can be opened, and it says so; written again it stays so."""
    keys = Keys(SECRET)
    guard = raws(keys)
    closed = guard.closed(raw(fields={"name": "杨测试"}))
    keys.vault.destroy(keys.vault.close([person]))
    opened = guard.opened(closed)
    assert (opened.body, opened.fields, opened.fault) == (b"", None, ERASED)
    assert guard.closed(opened) == opened
    assert guard.opened(guard.closed(raw())).fault is None


def test_generations() -> None:
    """An opened message says under which generation of each key it was sealed; after an erasure it is the next."""
    keys = Keys(SECRET)
    guard = raws(keys)
    keys.vault.destroy(keys.vault.close([B]))
    assert generations(guard.opened(guard.closed(raw()))) == {A: 1, B: 2}
    assert generations(raw()) == {}


@pytest.mark.parametrize("change", [
    {"source": "gate"}, {"record": "3" * 32}, {"version": 2}, {"retracts": True}, {"digest": "3" * 32}, {"fault": "broken"}, {"under": [B, A]}, {"under": [A]}, {"body": b""},
], ids=str)  # fmt: skip
def test_no_body_in_another_envelope(change: dict[str, Any]) -> None:
    """A body in the envelope of another record, version or source does not open, nor one under other persons' keys."""
    closed = raws().closed(raw())
    with pytest.raises(OtherKeys):
        raws().opened(closed.model_copy(update=change))
    with pytest.raises(OtherKeys):
        raws(Keys(SECRET[::-1])).opened(closed)


def test_what_was_never_sealed() -> None:
    """A message of before, or of a test, that names no keys is as it is."""
    assert raws().opened(raw()) == raw()


def test_one_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys of many messages are asked for at once."""
    keys, asked = Keys(SECRET), list[list[str]]()
    monkeypatch.setattr(keys.vault, "current", lambda subjects: asked.append(list(subjects)))
    raws(keys).foresee([raw(), raw(version=2)])
    assert asked == [[A, B, A, B]]


def test_one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys of many messages that will be opened are looked at together; those of one that nobody can open, or that is not sealed, are not needed."""
    keys, looked = Keys(SECRET), list[list[str]]()
    guard = raws(keys)
    closed = [guard.closed(raw(version=version)) for version in (1, 2)]
    monkeypatch.setattr(keys.vault, "look", lambda subjects: looked.append(list(subjects)))
    guard.expect([*closed, raw()])
    assert looked == [[A, B, A, B]]
