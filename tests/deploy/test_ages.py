"""Cases by bands of ages and report, and what of them is shown."""

from __future__ import annotations

from deploy.ages import ALL, by_report, shown
from schemas.models.case import LinkedCase, What
from tests.streams.statistics.test_stage import FOUND, suspect
from tests.streams.tasks.cases import line

FEW = ((2, 0, "0-9"), (30, 0, "30-39"), (9, 7, "0-9"), (20, 7, "30-39"), (8, 14, "0-9"), (40, 14, "30-39"))
"""How many, days after that Monday, and of which band: two children in the first week."""


def cases(*groups: tuple[int, int, str]) -> tuple[LinkedCase, ...]:
    """So many suspected so many days after Monday, 20 January 2020, of a band of ages."""
    return tuple(
        suspect(f"{group} {number}", timeline=[line(What.AGED, 24 * day, note=band), line(What.SUSPECTED, 24 * day, region="530602")])
        for group, (count, day, band) in enumerate(groups) for number in range(count)
    )  # fmt: skip


def test_each_case_is_in_the_row_of_its_report() -> None:
    """By day, and by the Monday of its week; who told no age is unknown, whose record was taken back and who is elsewhere is not counted."""
    known = [*cases((2, 0, "0-9"), (1, 6, "0-9"), (3, 7, "80+")), suspect("x", timeline=[FOUND])]
    assert by_report(known, "5306", "day") == {
        ("2020-01-20", "0-9"): 2, ("2020-01-26", "0-9"): 1, ("2020-01-27", "80+"): 3, ("2020-01-20", "unknown"): 1, (ALL, "0-9"): 3, (ALL, "80+"): 3, (ALL, "unknown"): 1,
    }  # fmt: skip
    assert by_report(known, "53", "week")["2020-01-20", "0-9"] == 3
    assert by_report(known, "5301", "week") == by_report([one.taken_back() for one in known], "53", "week") == {}


def test_a_small_count_is_in_no_row_and_follows_from_none() -> None:
    """Two children in a week are left out, with more of their week and of their band, so that the sums of both do not tell of them; what is far from them is shown."""
    known = cases(*FEW, (50, 0, "40-49"), (60, 7, "40-49"), (70, 14, "40-49"))
    found = shown(known, "5306", "week", 5)
    gaps = {place for place, count in found.items() if count is None}
    assert ("2020-01-20", "0-9") in gaps
    assert all(sum(place[axis] == gap[axis] for place in gaps) > 1 for gap in gaps for axis in (0, 1))
    assert {place: found[place] for place in ((ALL, "0-9"), (ALL, "30-39"), (ALL, "40-49"), ("2020-01-27", "40-49"))} == {
        (ALL, "0-9"): 19, (ALL, "30-39"): 90, (ALL, "40-49"): 180, ("2020-01-27", "40-49"): 60,
    }  # fmt: skip


def test_where_everything_would_follow_nothing_is_shown() -> None:
    """One week: each count is its band's sum, and one that is small has been left out there with another."""
    found = shown(cases((2, 0, "0-9"), (30, 0, "30-39"), (40, 0, "40-49")), "5306", "week", 5)
    assert {count for (_, band), count in found.items() if band != "40-49"} == {None}
    assert found[ALL, "40-49"] == 40
