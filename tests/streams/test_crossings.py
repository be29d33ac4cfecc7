"""Crossings as pairs, and how those who cross are known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.models.case import Entry, LinkedCase, What
from streams import crossings
from streams.policy import load
from tests.oracle import crossings as oracle
from tests.oracle.cases import Content
from tests.streams.tasks.cases import COMMUNITY, NOON, line, told

POLICY = load()
_DAY = 24


def crossing(hours: float, direction: str, known: str, place: str = "PORT-RUILI") -> list[Entry]:
    """The lines of one crossing: which way, by which papers into the country, and what was written down."""
    lines = [line(What.STAY, hours, place, direction, region=COMMUNITY), line(What.IDENTIFIED, hours, place, known, region=COMMUNITY)]
    papers = known.split(" ", maxsplit=1)[0]
    return [*lines, line(What.ENTERED, hours, place, papers, region=COMMUNITY)] if direction == "in" and papers != "resident" else lines


def somebody(*of: list[Entry]) -> LinkedCase:
    """A person with these crossings."""
    lines = sorted((one for lines in of for one in lines), key=lambda one: (one.at, one.what, one.place or "", one.note))
    return told(*lines)


def moments(case: LinkedCase) -> list[oracle.Moments]:
    """When each stay began and ended, hours."""
    return [(_at(one.entry), _at(one.exit), one.again is not None) for one in crossings.pairs(case)]


def _at(entry: Entry | None) -> int | None:
    return None if entry is None else entry.at


def test_a_stay_is_an_entry_with_its_exit() -> None:
    """Whatever is missing is not made up: an exit without an entry, and an entry after another, are told as they are."""
    case = somebody(crossing(0, "out", "passport"), crossing(1, "in", "passport"), crossing(5, "in", "none"), crossing(9, "out", "none"), crossing(12, "in", "passport"))
    hour = 3_600_000
    assert moments(case) == [(None, NOON, False), (NOON + hour, None, True), (NOON + 5 * hour, NOON + 9 * hour, False), (NOON + 12 * hour, None, False)]


def test_at_the_moment_of_an_entry_an_exit_ends_it() -> None:
    """As the days of a stay count an exit from the moment of the entry on."""
    assert moments(somebody(crossing(1, "out", "passport"), crossing(1, "in", "passport", "PATH-533102-014"))) == [(NOON + 3_600_000, NOON + 3_600_000, False)]


def test_who_is_at_home_here_has_no_entry_that_is_missing() -> None:
    """A resident goes out first; and of an exit of before papers were told of nobody knows."""
    assert moments(somebody(crossing(0, "out", "resident document name"), crossing(2, "in", "resident document name"))) == []
    assert moments(told(line(What.STAY, 0, "PORT-RUILI", "out"))) == []


_HOURS = st.sampled_from((0, 0, 1, 2, 24, 25))
_CROSSINGS = st.lists(st.builds(crossing, _HOURS, st.sampled_from(("in", "out")), st.sampled_from(("passport", "none phone", "resident document")), st.sampled_from(("PORT-RUILI", "PATH-533102-014"))), max_size=7)


@given(_CROSSINGS)
def test_pairs_are_those_of_the_oracle(of: list[list[Entry]]) -> None:
    """Whatever crossed when, also two at one moment."""
    case = somebody(*of)
    lines: list[Content] = [one.model_dump(mode="json") for one in case.timeline]
    assert sorted(moments(case), key=lambda one: (one[0] is None, one[0] or 0, one[1] or 0)) == oracle.pairs(lines)


@pytest.mark.parametrize(("days", "asks"), [((0, 10, 20, 30), True), ((0, 10, 20, 31), False), ((0, 1, 2), False), ((0, 40, 50, 60, 70), True)])
def test_often_is_so_many_within_the_window(days: tuple[int, ...], asks: bool) -> None:
    """Four within thirty days, the thirtieth included; the crossing that makes it so many is the one that asks."""
    case = somebody(*[crossing(day * _DAY, "in", "border_certificate document") for day in days])
    found = crossings.often(case, POLICY)
    assert (found and found.at) == (NOON + days[-1] * _DAY * 3_600_000 if asks else None)


def test_a_name_or_a_household_says_who_it_is() -> None:
    """One crossing with a name is enough; so is a registration of the household."""
    unnamed = [crossing(day * _DAY, "in", "none phone") for day in range(5)]
    assert crossings.unnamed(somebody(*unnamed))
    assert crossings.often(somebody(*unnamed, crossing(1, "out", "none name phone")), POLICY) is None
    assert crossings.often(somebody(*unnamed, [line(What.RESIDENCE, 0, note="GW-1")]), POLICY) is None
    assert crossings.known_by(told(line(What.STAY, 0, "PORT-RUILI", "in"))) is None


def test_how_often_lately() -> None:
    """Within the window that ends with the last crossing, both ways."""
    assert crossings.lately(somebody(crossing(0, "in", "none"), crossing(20 * _DAY, "out", "none"), crossing(31 * _DAY, "in", "none")), POLICY) == 2
