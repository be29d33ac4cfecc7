"""Rows of somebody's being somewhere."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from schemas.models.fact import fact_id
from streams.held import Held, between, held, hold, key
from streams.rows import Table

TABLE = Table(7, "Anything.")
MOMENTS = st.integers(-(2**62), 2**62)
NAMES = st.text(max_size=40) | st.binary(min_size=16, max_size=16).map(bytes.hex)


@given(NAMES, NAMES, st.none() | st.text("0123456789", max_size=12), MOMENTS, st.integers(-10, 2**40), st.binary(max_size=60))
def test_comes_back(about: str, named: str, region: str | None, at: int, lasted: int, sealed: bytes) -> None:
    """What was held is what is read, tokens and other names, with and without region, length and seal."""
    row = key(TABLE.about(about), at, fact_id("x"))
    assert held(row, hold(named, region, lasted, sealed)) == Held(fact_id("x"), named, region, at, at + lasted, sealed)


def test_is_small() -> None:
    """A moment under a token, in a county, without identifiers: 41 bytes of key and 25 of value."""
    assert len(key(TABLE.about("MKT-1"), 0, fact_id("x"))) == 41
    assert len(hold(fact_id("someone"), "530624", 0, b"")) == 25


@given(MOMENTS, MOMENTS, MOMENTS)
def test_between_takes_both_ends(at: int, start: int, end: int) -> None:
    """The range is of those that began from the first moment to the last, both included."""
    first, last = between(TABLE, "MKT-1", start, end)
    assert (first <= key(TABLE.about("MKT-1"), at, fact_id("x")) < last) == (start <= at <= end)
