"""Psychological screening is due where support can be had, and support is offered without a word of why."""

from __future__ import annotations

from schemas.models.case import What
from schemas.models.isolation import Hold, Isolation
from schemas.models.record import Remark, Work
from schemas.models.screening import Screened
from schemas.models.task import Progress, Task
from tests.streams.tasks.cases import NOON, POLICY, report, tasks, tick, told, trial
from tests.streams.tasks.test_community import RETURNED, apart
from tests.streams.trial import DAY, HOUR

RUILI = "533102001001"


def screened(hours: float, *, offer: bool) -> Screened:
    """A screening of the person, so many hours after noon."""
    return Screened.of(causes=[f"screening {hours}"], at=NOON + round(hours * HOUR), person=told(RETURNED).person, alias="a", offer=offer)


def after(hours: float, one: Isolation, *facts: Screened, reports: tuple[str, float] | None = None) -> dict[str, Task]:
    """The tasks when it is so late, whichever the stage hears of first."""
    lines = [report(What.DONE, reports[1], reports[0])] if reports else []
    first, second = trial(), trial()
    first.give(tick(hours), told(RETURNED, *lines), one, *facts)
    second.give(*facts, one, told(RETURNED, *lines), tick(hours))
    assert tasks(first) == tasks(second)
    return tasks(first)


def test_a_screening_is_due_at_the_start_and_every_week() -> None:
    """Where support can be had; done by a screening of that week, and over with the isolation; elsewhere none is due."""
    ruili = apart(region=RUILI)
    due = after(1, ruili)["screening"]
    assert (due.opened, due.due, due.owner) == (NOON, NOON + 2 * DAY, "GW-1")
    assert after(25, ruili, screened(24, offer=False))["screening"].state is Progress.DONE
    again = after(8 * 24, ruili, screened(24, offer=False))["screening"]
    assert (again.opened, again.state) == (NOON + 7 * DAY, Progress.OPEN)
    assert after(14 * 24, apart(Hold.LIFTED, region=RUILI))["screening"].remark is Remark.LIFTED
    assert "screening" not in after(1, apart())


def test_support_is_offered_and_nothing_says_why() -> None:
    """Within the same time for everybody, because of what the person is apart for; what does not ask for it brings nothing about."""
    support = after(25, apart(), screened(24, offer=True))["support"]
    assert (support.owner, support.opened, support.due, support.reason) == ("GW-1", NOON + DAY, NOON + DAY + POLICY.tasks[Work.SUPPORT], What.RETURNED)
    assert "support" not in after(25, apart(), screened(24, offer=False))
    assert "support" not in after(25, apart(), screened(-1, offer=True))


def test_an_offer_stays_until_it_is_made() -> None:
    """Not over with the isolation; once it is made, a later screening that asks for it again is another; taken back, it falls."""
    lifted = apart(Hold.LIFTED)
    assert after(14 * 24, lifted, screened(24, offer=True))["support"].state is Progress.OVERDUE
    assert after(31, apart(), screened(24, offer=True), reports=("support by_phone", 30))["support"].state is Progress.DONE
    again = after(50, apart(), screened(24, offer=True), screened(48, offer=True), reports=("support by_phone", 30))["support"]
    assert (again.opened, again.state) == (NOON + 2 * DAY, Progress.OPEN)
    inside = trial()
    one = screened(24, offer=True)
    inside.give(told(RETURNED), apart(), one, one.taken_back())
    assert "support" not in tasks(inside)
