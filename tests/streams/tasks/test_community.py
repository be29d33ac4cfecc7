"""What a community has to do about who returned and who had contact."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.models.case import Entry, Fever, Role, What
from schemas.models.isolation import Hold, Isolation
from schemas.models.record import Remark
from schemas.models.task import Owner, Progress, Task
from tests.streams.tasks.cases import COMMUNITY, HOSPITAL, NOON, after, line, report, tasks, tick, told, trial
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


def apart(state: Hold = Hold.ISOLATING, **more: Any) -> Isolation:
    """The person isolates for fourteen days from noon on."""
    content = {"reason": Role.RETURNEE, "ground": What.RETURNED, "evidence": RETURNED.evidence, "until": NOON + 14 * DAY, "region": COMMUNITY} | more
    return Isolation.of(causes=[RETURNED.evidence], at=NOON, person=told(RETURNED).person, state=state, **content)


def while_apart(hours: float, one: Isolation, *lines: Entry, **more: Any) -> dict[str, Task]:
    """The tasks of somebody who returned and isolates, whichever the stage hears of first."""
    (first, second) = (trial(), trial())
    first.give(tick(hours), told(RETURNED, *lines, **more), one)
    second.give(one, told(RETURNED, *lines, **more), tick(hours))
    assert tasks(first) == tasks(second)
    return tasks(first)


def test_when_isolation_is_lifted_the_person_is_told_and_nothing_else() -> None:
    """The visit and the check are over, at that moment and by that; telling is due a day after it."""
    assert set(while_apart(13 * 24, apart())) == {"visit", "check"}
    found = while_apart(14 * 24, apart(Hold.LIFTED))
    assert {work: (one.state, one.remark) for work, one in found.items() if work != "lift"} == dict.fromkeys(
        ("visit", "check"), (Progress.NOT_APPLICABLE, Remark.LIFTED)
    )
    assert (found["lift"].owner, found["lift"].opened, found["lift"].due) == ("GW-1", NOON + 14 * DAY, NOON + 15 * DAY)
    assert while_apart(15 * 24 + 1, apart(Hold.LIFTED))["lift"].escalated_to == COMMUNITY
    assert while_apart(15 * 24, apart(Hold.LIFTED), report(What.DONE, 14 * 24 + 1, "lift by_phone"))["lift"].state is Progress.DONE


def test_who_was_elsewhere_is_asked_why() -> None:
    """From the last time on, until it is reported or the isolation is over; another breach after the report asks again."""
    asked = report(What.DONE, 30, "breach at_home")
    assert while_apart(26, apart(breached=NOON + DAY))["breach"].due == NOON + DAY + 4 * HOUR
    assert while_apart(31, apart(breached=NOON + DAY), asked)["breach"].state is Progress.DONE
    assert while_apart(50, apart(breached=NOON + 2 * DAY), asked)["breach"].state is Progress.OPEN
    assert while_apart(14 * 24, apart(Hold.LIFTED, breached=NOON + DAY))["breach"].remark is Remark.LIFTED


def test_who_falls_ill_while_apart_is_brought_to_a_clinic() -> None:
    """Until a clinic has seen the person; a symptom that the clinic itself tells of, or one from before, asks for nobody."""
    fever, visit = line(What.SYMPTOM, 24, note="fever"), line(What.SEEN, 26, HOSPITAL)
    bring = while_apart(25, apart(), fever)["bring"]
    assert (bring.owner, bring.due, bring.reason, bring.state) == ("GW-1", NOON + 26 * HOUR, What.SYMPTOM, Progress.OPEN)
    seen = while_apart(27, apart(), fever, visit)["bring"]
    assert (seen.state, seen.by) == (Progress.DONE, HOSPITAL)
    assert "bring" not in while_apart(27, apart(), line(What.SYMPTOM, 26, note="fever"), visit)
    assert "bring" not in while_apart(27, apart(), line(What.SYMPTOM, -1, note="fever"))


SIGNAL = Fever(since=NOON, last=NOON, signs=["fever"], weight=2, evidence=["symptom 0"])
SIGN = line(What.SYMPTOM, note="fever", region=COMMUNITY)


def test_a_fever_is_visited_within_half_a_day() -> None:
    """The grid worker has it, because of the first sign; without a signal a symptom asks for nothing."""
    visit = after(1, SIGN, fever=SIGNAL)["fever_visit"]
    assert (visit.owner, visit.reason, visit.due, visit.state) == ("GW-1", What.SYMPTOM, NOON + DAY // 2, Progress.OPEN)
    assert after(1, SIGN) == {}


def test_who_isolates_is_brought_to_a_clinic_instead() -> None:
    """Nobody is visited for a fever who is asked every day and brought, and not when the isolation is over either; for one after it, as anybody is."""
    assert set(while_apart(1, apart(), SIGN, fever=SIGNAL)) == {"visit", "check", "bring"}
    later, days = SIGNAL.model_copy(update={"since": NOON + 14 * DAY}), 14 * 24
    assert "fever_visit" in while_apart(days + 1, apart(Hold.LIFTED), line(What.SYMPTOM, days, note="fever"), fever=later)
    assert "fever_visit" not in while_apart(days + 1, apart(Hold.LIFTED), SIGN, fever=SIGNAL)


@pytest.mark.parametrize(("what", "place", "state"), [
    (What.REFERRED, "CLIN-1", Progress.DONE), (What.NEGATIVE, "LAB-1", Progress.DONE), (What.SEEN, "HOSP-1", Progress.DONE), (What.SEEN, "CLIN-1", Progress.OPEN),
    (What.ISOLATED, "HOTEL-1", Progress.NOT_APPLICABLE),
])  # fmt: skip
def test_who_is_looked_after_needs_no_visit(what: What, place: str, state: Progress) -> None:
    """A referral, a result, or being seen where tests are made ends it; a village clinic that only looked does not."""
    assert after(3, SIGN, line(what, 2, place, other="HOSP-1"), fever=SIGNAL)["fever_visit"].state is state
