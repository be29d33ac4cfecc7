"""What care visits bring about: the check of the day is done, services are asked for and seen to, and why somebody was not there is asked."""

from __future__ import annotations

import pytest

from schemas.models.case import What
from schemas.models.isolation import Hold
from schemas.models.record import Remark, Service, Work
from schemas.models.task import Progress
from tests.streams.tasks.cases import NOON, POLICY, after, line, report
from tests.streams.tasks.test_community import RETURNED, apart, while_apart
from tests.streams.trial import DAY, HOUR

VISITED = line(What.CARED, 30, note="by_phone", other="GW-1")


def test_a_care_visit_is_the_check_of_its_day() -> None:
    """By whom, and how; of no other day; one that found nobody is none."""
    check = while_apart(31, apart(), VISITED)["check"]
    assert (check.state, check.by, check.remark, check.at) == (Progress.DONE, "GW-1", Remark.BY_PHONE, NOON + 30 * HOUR)
    assert while_apart(49, apart(), VISITED)["check"].state is Progress.OPEN
    assert while_apart(31, apart(), line(What.ABSENT, 30, other="GW-1"))["check"].state is Progress.OPEN


@pytest.mark.parametrize("service", Service)
def test_each_service_is_a_task_with_its_own_time(service: Service) -> None:
    """From when it was asked for, due by the policy, of the grid worker; done by a report on that service alone."""
    asked = line(What.ASKED, 30, note=service)
    task = while_apart(31, apart(), asked)[service]
    assert (task.owner, task.opened, task.due, task.reason) == ("GW-1", NOON + 30 * HOUR, NOON + 30 * HOUR + POLICY.tasks[Work(service)], What.ASKED)
    other = next(one for one in Service if one is not service)
    assert while_apart(33, apart(), asked, report(What.DONE, 32, other))[service].state is Progress.OPEN
    assert while_apart(33, apart(), asked, report(What.DONE, 32, service))[service].state is Progress.DONE


def test_what_is_asked_for_twice_is_one_task_until_it_is_done() -> None:
    """Asking again moves no due time; after it was done, it is another task."""
    first, second, done = line(What.ASKED, 30, note="food"), line(What.ASKED, 40, note="food"), report(What.DONE, 35, "food")
    assert while_apart(41, apart(), first, second)["food"].opened == NOON + 30 * HOUR
    again = while_apart(41, apart(), first, done, second)["food"]
    assert (again.opened, again.state) == (NOON + 40 * HOUR, Progress.OPEN)


def test_a_service_is_over_with_the_isolation() -> None:
    """Lifted, in care, or no isolation at all; what was asked for before or after it is no service of it."""
    asked = line(What.ASKED, 30, note="dialysis")
    lifted = while_apart(14 * 24, apart(Hold.LIFTED), asked)["dialysis"]
    assert (lifted.state, lifted.remark) == (Progress.NOT_APPLICABLE, Remark.LIFTED)
    assert while_apart(33, apart(), asked, line(What.ADMITTED, 32))["dialysis"].remark is Remark.IN_CARE
    assert "dialysis" not in after(31, RETURNED, asked)
    assert "dialysis" not in while_apart(31, apart(), line(What.ASKED, -1, note="dialysis"))
    assert "dialysis" not in while_apart(15 * 24, apart(Hold.LIFTED), line(What.ASKED, 14 * 24, note="dialysis"))


def test_who_was_told_and_is_not_there_is_asked_why() -> None:
    """Half a day after being told; a visit that reaches the person answers it, and who was told nothing need not be there."""
    absent = line(What.ABSENT, 30, other="GW-1")
    asked = while_apart(31, apart(told=NOON + HOUR), absent)["breach"]
    assert (asked.reason, asked.opened, asked.due) == (What.ABSENT, NOON + 30 * HOUR, NOON + 34 * HOUR)
    reached = line(What.CARED, 32, note="at_home", other="GW-2")
    answered = while_apart(33, apart(told=NOON + HOUR), absent, reached)["breach"]
    assert (answered.state, answered.by) == (Progress.DONE, "GW-2")
    assert while_apart(33, apart(told=NOON + HOUR), absent, report(What.DONE, 32, "breach at_home"))["breach"].state is Progress.DONE
    assert "breach" not in while_apart(31, apart(), absent)
    assert "breach" not in while_apart(31, apart(told=NOON + 20 * HOUR), absent)
    assert while_apart(14 * 24, apart(Hold.LIFTED, told=NOON), absent, DAYS_LATER)["breach"].state is Progress.NOT_APPLICABLE


DAYS_LATER = line(What.ABSENT, 5 * DAY / HOUR, other="GW-1")
