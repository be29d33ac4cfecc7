"""What a community has to do about who returned and who had contact."""

from __future__ import annotations

import pytest

from schemas.models.case import Entry, What
from schemas.models.record import Remark
from schemas.models.task import Owner, Progress
from tests.streams.tasks.cases import COMMUNITY, NOON, after, line, report
from tests.streams.trial import DAY, HOUR

RETURNED = line(What.RETURNED, region=COMMUNITY)


def test_who_returned_is_visited_within_a_day() -> None:
    """The grid worker of the household has the visit, due a day after the return, because of the return."""
    visit = after(1, RETURNED)["visit"]
    assert (visit.owner, visit.owned_by, visit.responsible, visit.reason) == ("GW-1", Owner.GRID_WORKER, "GW-1", What.RETURNED)
    assert (visit.opened, visit.due, visit.state, visit.at) == (NOON, NOON + DAY, Progress.OPEN, NOON)


def test_without_a_registration_the_community_of_arrival_has_it() -> None:
    """Nobody is registered: the community where the person arrived has the task; where that is not known, nobody has, and it stands all the same."""
    visit = after(1, RETURNED, community=None, grid_worker=None)["visit"]
    assert (visit.owner, visit.owned_by, visit.region) == (COMMUNITY, Owner.COMMUNITY, COMMUNITY)
    assert after(1, line(What.RETURNED), community=None, grid_worker=None)["visit"].owner == ""


@pytest.mark.parametrize(("hours", "state", "to"), [
    (24, Progress.OPEN, None), (24.01, Progress.OVERDUE, COMMUNITY), (36, Progress.OVERDUE, COMMUNITY), (36.01, Progress.OVERDUE, COMMUNITY[:9]), (48.01, Progress.OVERDUE, COMMUNITY[:6]),
])  # fmt: skip
def test_what_is_late_goes_up_the_tree(hours: float, state: Progress, to: str | None) -> None:
    """At the moment when it is due a task is not late; after it, it is the community's, after half a day more the township's, then the county's."""
    visit = after(hours, RETURNED)["visit"]
    assert (visit.state, visit.escalated_to) == (state, to)


def test_a_report_ends_it() -> None:
    """Done, by whom and how; one about another kind of task, or from before the return, ends nothing."""
    visit = after(99, RETURNED, report(What.DONE, 2, "visit at_home"))["visit"]
    assert (visit.state, visit.by, visit.remark, visit.at) == (Progress.DONE, "GW-1", Remark.AT_HOME, NOON + 2 * HOUR)
    assert after(1, RETURNED, report(What.DONE, 2, "check"), report(What.DONE, -1, "visit"))["visit"].state is Progress.OPEN
    assert after(1, RETURNED, report(What.NOT_APPLICABLE, 2, "visit wrong_person"))["visit"].state is Progress.NOT_APPLICABLE


def test_the_last_report_before_the_end_counts() -> None:
    """Accepted, handed over to another, or refused, which gives it to the community; who then accepts has it."""
    accepted, handed, refused = report(What.ACCEPTED, 1, "visit"), report(What.HANDED_OVER, 2, "visit", "GW-2"), report(What.REFUSED, 3, "visit not_ours", "GW-2")
    assert after(1, RETURNED, accepted)["visit"].state is Progress.ACCEPTED
    visit = after(1, RETURNED, accepted, handed)["visit"]
    assert (visit.state, visit.owner, visit.responsible) == (Progress.OPEN, "GW-2", "GW-2")
    visit = after(1, RETURNED, accepted, handed, refused)["visit"]
    assert (visit.owner, visit.owned_by, visit.remark) == (COMMUNITY, Owner.COMMUNITY, Remark.NOT_OURS)
    assert after(99, RETURNED, accepted)["visit"].state is Progress.OVERDUE


def test_responsibility_follows_the_registration() -> None:
    """Whoever looks after the household as it is registered now has the task, whatever was agreed before; what was done stays done."""
    moved = line(What.RESIDENCE, 3, note="GW-9")
    visit = after(1, RETURNED, report(What.HANDED_OVER, 2, "visit", "GW-2"), moved, grid_worker="GW-9")["visit"]
    assert (visit.owner, visit.state) == ("GW-9", Progress.OPEN)
    assert after(1, RETURNED, report(What.DONE, 2, "visit"), moved, grid_worker="GW-9")["visit"].state is Progress.DONE


@pytest.mark.parametrize("what", [What.ADMITTED, What.ISOLATED, What.DIED])
def test_care_elsewhere_ends_what_is_to_be_done_at_home(what: What) -> None:
    """Who is in hospital is not visited, and not asked every day after that."""
    found = after(24 * 9, RETURNED, line(what, 30, "HOSP-1"))
    assert {one.state for one in found.values()} == {Progress.NOT_APPLICABLE}
    assert found["check"].remark is Remark.IN_CARE
    assert found["check"].opened == NOON + DAY


@pytest.mark.parametrize(("hours", "day"), [(0, 1), (48, 1), (48.01, 2), (24 * 14, 13), (24 * 40, 13)])
def test_a_check_is_that_of_the_day(hours: float, day: int) -> None:
    """From the second day on there is one task each day under one name, until the days of observation are over; the last one stays until it is done."""
    check = after(hours, RETURNED)["check"]
    assert (check.opened, check.due) == (NOON + day * DAY, NOON + (day + 1) * DAY)
    assert check.task == after(0, RETURNED)["check"].task


def test_a_check_of_one_day_is_not_that_of_another() -> None:
    """Yesterday's report does not end today's check."""
    done = report(What.DONE, 30, "check by_phone")
    assert after(47, RETURNED, done)["check"].state is Progress.DONE
    assert after(49, RETURNED, done)["check"].state is Progress.OPEN


def test_contacts_are_told_to_stay_apart() -> None:
    """From the first contact of the last episode on; who returned too is asked once a day, not twice."""
    found = after(0, line(What.CONTACT, 3), line(What.CONTACT, 30), RETURNED)
    assert (found["order"].opened, found["order"].due) == (NOON + 3 * HOUR, NOON + 15 * HOUR)
    assert sorted(found) == ["check", "order", "visit"]


def test_a_return_long_after_is_another() -> None:
    """Two returns within the days of observation are one visit; one much later is a new one."""
    near, far = line(What.RETURNED, 24 * 14), line(What.RETURNED, 24 * 29)
    assert after(0, RETURNED, near)["visit"].opened == NOON
    assert after(0, RETURNED, near, far)["visit"].opened == far.at


def _border(direction: str, hours: float) -> Entry:
    return line(What.STAY, hours, "PORT-RUILI", direction)


def test_who_left_the_country_is_not_asked_for() -> None:
    """An exit ends visit and check, also one that is heard of before the first check was due; an entry ends nothing, nor an exit before the return."""
    for hours in (2, 30):
        gone = after(99, RETURNED, _border("out", hours))
        assert {one.state for one in gone.values()} == {Progress.NOT_APPLICABLE}
        assert {(one.by, one.remark) for one in gone.values()} == {("PORT-RUILI", Remark.MOVED_AWAY)}
    assert gone["check"].due == NOON + 2 * DAY
    for stays in (_border("in", 2), _border("out", -1)):
        assert after(1, RETURNED, stays)["visit"].state is Progress.OPEN


def test_who_comes_again_is_another_return() -> None:
    """After an exit a return begins anew, however soon; without an exit between them two returns are one."""
    again = line(What.RETURNED, 30, region=COMMUNITY)
    assert after(31, RETURNED, _border("out", 2), again)["visit"].opened == NOON + 30 * HOUR
    assert after(31, RETURNED, again)["visit"].opened == NOON
