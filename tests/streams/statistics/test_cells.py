"""What a linked case counts as, and where."""

from __future__ import annotations

import itertools

import pytest

from schemas.models.case import LinkedCase, Role, Status, What
from schemas.models.fact import Fact
from schemas.models.statistic import Measure
from streams.statistics.cells import counted, in_regions
from tests.streams.tasks.cases import COMMUNITY, NOON, line, told

ILL = (line(What.SYMPTOM, -30, note="fever"), line(What.ONSET, -30), line(What.SUSPECTED, 0, region="530602"), line(What.POSITIVE, 14))


def cells(case: LinkedCase) -> set[str]:
    """The cells of a case as `measure value day`."""
    return {f"{cell.measure} {cell.value} {cell.day}".strip() for cell in counted(case).cells}


def ill(**more: object) -> LinkedCase:
    """Somebody who is a confirmed case since 14 hours after noon, which is the next day in China."""
    return told(*ILL, **{"roles": [Role.CASE], "status": Status.CONFIRMED, "classification": Status.CONFIRMED, "since": NOON + 50_400_000, "onset": ILL[0].at} | more)


def test_days_are_those_of_china() -> None:
    """Onset, report, result and symptom each count on their day in China, and the case under its status, role and classification."""
    assert cells(ill()) == {
        "status confirmed", "classification confirmed", "role case", "age unknown", "onset confirmed 2020-01-19", "report confirmed 2020-01-20",
        "result confirmed 2020-01-21", "symptom fever 2020-01-19",
    }  # fmt: skip


@pytest.mark.parametrize(("told_of", "band"), [
    ((), "unknown"),
    (((0, "30-39"),), "30-39"),
    (((0, "30-39"), (5, "40-49"), (9, "40-49")), "40-49"),
    (((0, "30-39"), (5, "30-39"), (9, "40-49")), "30-39"),
    (((0, "30-39"), (5, "40-49")), "40-49"),
    (((0, "40-49"), (5, "30-39")), "30-39"),
    (((0, "30-39"), (0, "40-49")), "40-49"),
])  # fmt: skip
def test_the_band_that_most_records_tell(told_of: tuple[tuple[int, str], ...], band: str) -> None:
    """Of several that which most tell, then the one told last, then the last by its word; its first line is among the causes."""
    lines = [line(What.AGED, hours, note=word).model_copy(update={"evidence": f"{word} {hours}"}) for hours, word in told_of]
    for order in itertools.permutations(lines):
        one = counted(ill(timeline=sorted([*ILL, *order], key=lambda entry: entry.at)))
        assert [cell.value for cell in one.cells if cell.measure is Measure.AGE] == [band]
        assert [cause for cause in one.causes if cause in {entry.evidence for entry in lines}] == [f"{band} {hours}" for hours, word in told_of if word == band][:1]


def test_who_is_no_case_is_in_no_band() -> None:
    """Of a contact the age is not counted."""
    contact = told(line(What.CONTACT, 0), line(What.AGED, 5, note="30-39"), roles=[Role.CONTACT], status=None, classification=None, since=None, onset=None)
    assert Measure.AGE not in {cell.measure for cell in counted(contact).cells}


def test_who_is_no_case_has_no_days() -> None:
    """Of who was ruled out neither onset nor report nor result counts."""
    assert cells(ill(status=Status.RULED_OUT, classification=None)) == {"status ruled_out", "role case", "symptom fever 2020-01-19"}


def test_a_second_illness_is_reported_on_its_own_day() -> None:
    """What was found before a ruling-out that another finding followed does not count."""
    again = told(line(What.SUSPECTED, -72), line(What.RULED_OUT, -48), line(What.CONFIRMED, 0), roles=[Role.CASE], status=Status.CONFIRMED,
                 classification=Status.CONFIRMED, since=NOON)  # fmt: skip
    assert "report confirmed 2020-01-20" in cells(again)


@pytest.mark.parametrize(("lines", "more", "outcome"), [
    ((), {}, "open"),
    ((line(What.NEGATIVE, 5),), {}, "negative"),
    ((line(What.NEGATIVE, -5),), {}, "open"),
    ((line(What.SUSPECTED, 5),), {"status": Status.SUSPECTED, "classification": Status.SUSPECTED}, "case"),
    ((), {"status": Status.RULED_OUT}, "ruled_out"),
])  # fmt: skip
def test_what_became_of_a_contact(lines: tuple[object, ...], more: dict[str, object], outcome: str) -> None:
    """A negative specimen counts when it was taken after the contact."""
    case = told(line(What.CONTACT, 0), *lines, roles=[Role.CONTACT], **{"status": None, "classification": None, "since": None, "onset": None} | more)  # type: ignore[arg-type]
    assert f"contact {outcome}" in cells(case)


@pytest.mark.parametrize(("more", "regions"), [
    ({}, ["53", "5306", "530624", "530624100", "530624100001"]),
    ({"community": f"{COMMUNITY}003"}, ["53", "5306", "530624", "530624100", "530624100001"]),
    ({"community": None}, ["53", "5306", "530602"]),
    ({"community": None, "timeline": [line(What.SUSPECTED)]}, ["unknown"]),
])  # fmt: skip
def test_people_count_where_they_live(more: dict[str, object], regions: list[str]) -> None:
    """In each division down to the community, of a grid cell too; else where they were found; else nowhere that is known."""
    assert [one.region for one in in_regions(counted(ill(**more)))] == regions


def test_what_says_nothing_new_counts_the_same() -> None:
    """A case to which something is added that is not counted gives the same fact."""
    more = ill(timeline=[*ILL, line(What.SEEN, 20, "CLIN-1")])
    assert isinstance(more, Fact)
    assert more.id != ill().id
    assert counted(more) == counted(ill())
