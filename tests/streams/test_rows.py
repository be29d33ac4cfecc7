"""Keys of rows: fixed width, and their bytes in the order of their moments."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.rows import PREFIX, Table, moment, name

TEXT = st.text(max_size=40)
TOKENS = st.binary(min_size=16, max_size=16).map(bytes.hex)
MOMENTS = st.integers(-(2**63), 2**63 - 1)
TABLE, OTHER = Table(1, "One."), Table(2, "Another.")


@given(MOMENTS, MOMENTS)
def test_order_of_bytes_is_order_of_moments(one: int, other: int) -> None:
    """Also before 1970: so a range of time is a range of rows."""
    assert (moment(one) < moment(other)) == (one < other)
    assert len(moment(one)) == 8


@pytest.mark.parametrize("at", [-(2**63) - 1, 2**63])
def test_moments_beyond_64_bits(at: int) -> None:
    """What no moment of the bus is, is an error and not another row."""
    with pytest.raises(OverflowError):
        moment(at)


@given(st.lists(TEXT, min_size=1, max_size=3), st.lists(TEXT, min_size=1, max_size=3))
def test_names_are_told_apart(one: list[str], other: list[str]) -> None:
    """Equal parts have equal bytes, and no two lists of parts the same, also when their texts joined are."""
    assert (name(*one) == name(*other)) == (one == other)
    assert len(name(*one)) == 16
    assert name("ab", "c") != name("a", "bc")


@given(TOKENS)
def test_tokens_are_kept_as_they_are(token: str) -> None:
    """A token can be read back from the key; in other letters it is another name."""
    assert name(token).hex() == token
    assert token.upper() == token or name(token.upper()) != name(token)


@settings(max_examples=200)
@given(TEXT, TEXT, MOMENTS, st.sampled_from([TABLE, OTHER]))
def test_under_is_all_about_something(about: str, other: str, at: int, table: Table) -> None:
    """The range holds every row of the table about this and no other, whatever follows the first seventeen bytes."""
    start, end = TABLE.under(about)
    assert len(start) == PREFIX
    for rest in (b"", moment(at), moment(at) + name(other), b"\xff" * 24):
        assert (start <= table.about(other) + rest < end) == (table is TABLE and other == about)
