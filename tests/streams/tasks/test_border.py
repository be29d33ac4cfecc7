"""Who stays in the country longer than the papers allow."""

from __future__ import annotations

import pytest

from schemas.models.case import What
from schemas.models.record import Remark
from schemas.models.task import Progress
from streams.policy import load
from tests.streams.tasks.cases import COMMUNITY, NOON, after, line, report, tasks, tick, told, trial
from tests.streams.trial import DAY, HOUR

CERTIFICATE = line(What.ENTERED, note="border_certificate", region=COMMUNITY)
_ALLOWED = load().stays


@pytest.mark.parametrize("papers", _ALLOWED)
def test_it_is_nobodys_task_before_the_stay_is_over(papers: str) -> None:
    """At the moment at which it is, nobody has anything to see to; after it, there is a task from then on, due half a day later."""
    hours = _ALLOWED[papers] / HOUR  # type: ignore[index] # a word is a key of its enum
    entered = line(What.ENTERED, note=papers, region=COMMUNITY)
    assert "overstay" not in after(hours, entered)
    task = after(hours + 0.01, entered)["overstay"]
    assert (task.opened, task.due, task.state, task.owner) == (NOON + hours * HOUR, NOON + (hours + 12) * HOUR, Progress.OPEN, "GW-1")


def test_who_is_out_in_time_is_not_looked_for() -> None:
    """An exit up to the last moment, also one that becomes known when there was a task already, leaves nothing; one after it ends the task."""
    out = [line(What.STAY, hours, note="out") for hours in (7 * 24, 7 * 24 + 1)]
    assert "overstay" not in after(9 * 24, CERTIFICATE, out[0])
    late = after(9 * 24, CERTIFICATE, out[1])["overstay"]
    assert (late.state, late.remark, late.at) == (Progress.NOT_APPLICABLE, Remark.MOVED_AWAY, NOON + 7 * DAY + HOUR)
    assert after(9 * 24, CERTIFICATE, report(What.DONE, 8 * 24, "overstay at_home"))["overstay"].state is Progress.DONE


def test_coming_in_again_is_another_stay() -> None:
    """Of two entries without an exit between, the later one counts; what was before is not made up."""
    again = line(What.ENTERED, 5 * 24, note="border_certificate", region=COMMUNITY)
    assert "overstay" not in after(12 * 24, CERTIFICATE, again)
    assert after(12 * 24 + 1, CERTIFICATE, again)["overstay"].opened == NOON + 12 * DAY


def test_time_alone_makes_the_task() -> None:
    """Nothing is told but the time, and then the task is there; an earlier tick changes nothing."""
    inside = trial()
    inside.give(told(CERTIFICATE))
    inside.give(tick(7 * 24))
    assert "overstay" not in tasks(inside)
    inside.give(tick(7 * 24 + 0.01), tick(1))
    assert tasks(inside)["overstay"].state is Progress.OPEN
