"""What holds for every kind there is, whoever adds it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.identity.kinds import JOIN, KINDS, NOTHING, Kind

_WRITTEN = ("anna", "annna", "Ana-Maria O'Neil", "1980-01-02", "19800201", "1980-02", "a.lee@example.org", "ale@example.org", "王测试", "測試·李", "+8613800000001", "resident:1", "530624")
_TEXTS = st.one_of(st.sampled_from(_WRITTEN), st.text(max_size=12), st.text("ab -/:@0123", max_size=12))


def prepared(kind: Kind, one: str, other: str, third: str) -> Any:
    """What a kind makes of a text; kinds that are read of several fields get as many."""
    parts = {"swapped": 2, "in-email": 2}.get(kind.name, 1)
    return kind.prepare(JOIN.join(text.replace(JOIN, " ") for text in (one, other, third)[:parts]))


@pytest.mark.parametrize("name", KINDS)
@given(a=st.tuples(_TEXTS, _TEXTS, _TEXTS), b=st.tuples(_TEXTS, _TEXTS, _TEXTS))
def test_level_is_symmetric_and_there(name: str, a: tuple[str, str, str], b: tuple[str, str, str]) -> None:
    """Whatever the texts are, the kind gives one of its levels or nothing, the same both ways."""
    kind = KINDS[name]
    x, y = prepared(kind, *a), prepared(kind, *b)
    if x is None or y is None:
        return
    level = kind.level(x, y)
    assert type(level) is int
    assert level == NOTHING or 0 <= level < len(kind.levels)
    assert kind.level(y, x) == level


@pytest.mark.parametrize("name", KINDS)
@given(text=st.tuples(_TEXTS, _TEXTS, _TEXTS))
def test_keys_and_terms_are_texts(name: str, text: tuple[str, str, str]) -> None:
    """What is prepared can be hashed, and its term and its keys are texts."""
    kind = KINDS[name]
    value = prepared(kind, *text)
    if value is None:
        return
    assert hash(value) == hash(prepared(kind, *text))
    assert kind.term is None or isinstance(kind.term(value), str)
    for way in kind.keys.values():
        assert all(isinstance(key, str) and key for key in way(value))


@pytest.mark.parametrize("name", KINDS)
def test_last_level_is_different(name: str) -> None:
    """Every kind is known by its name, names each level once, and ends with `different`."""
    kind = KINDS[name]
    assert kind.name == name
    assert len(set(kind.levels)) == len(kind.levels)
    assert kind.levels[-1] == "different"
