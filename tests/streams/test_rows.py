"""Keys of rows: their bytes are in the order of their parts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.rows import row, under

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=6)
MOMENTS = st.integers(-(2**63), 2**63 - 1)
Key = tuple[str, str, int, str]
KEYS = st.tuples(TEXT, TEXT, MOMENTS, TEXT)


@settings(deadline=None, max_examples=200)
@given(KEYS, KEYS)
def test_order_of_bytes_is_order_of_parts(one: Key, other: Key) -> None:
    """Text by its UTF-8, moments as numbers, also before 1970: so a range of time is a range of rows."""
    assert (row(*one) < row(*other)) == (_plain(one) < _plain(other))
    assert (row(*one) == row(*other)) == (one == other)


def _plain(key: Key) -> tuple[bytes, bytes, int, bytes]:
    kind, alias, moment, name = key
    return kind.encode(), alias.encode(), moment, name.encode()


PARTS = st.tuples(st.text("ab", max_size=2), st.text("ab", max_size=2), TEXT)


@settings(deadline=None, max_examples=200)
@given(PARTS, PARTS, st.integers(1, 3), MOMENTS)
def test_under_is_all_that_begins_with_the_parts(one: tuple[str, ...], other: tuple[str, ...], number: int, moment: int) -> None:
    """The range holds the keys whose first parts are these and no others; a part that only begins alike is another."""
    start, end = under(*one[:number])
    assert start <= row(*one, moment, "x") < end
    assert (start <= row(*other, moment) < end) == (other[:number] == one[:number])


def test_a_part_that_begins_alike() -> None:
    """MKT-1 is not MKT-10, and two parts are not one."""
    start, end = under("here", "MKT-1")
    assert not start <= row("here", "MKT-10", 0) < end
    assert row("a", "bc") != row("ab", "c")


@pytest.mark.parametrize("moment", [-(2**63) - 1, 2**63])
def test_moments_beyond_64_bits(moment: int) -> None:
    """What no moment of the bus is, is an error and not another row."""
    with pytest.raises(OverflowError):
        row("here", moment)
