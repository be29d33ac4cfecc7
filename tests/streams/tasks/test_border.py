"""Who stays in the country longer than the papers allow."""

from __future__ import annotations

import pytest

from schemas.models.case import What
from schemas.models.record import Remark
from schemas.models.task import Owner, Progress
from streams.policy import load
from tests.streams.tasks.cases import COMMUNITY, NOON, after, line, report, tasks, tick, told, trial
from tests.streams.trial import DAY, HOUR

CERTIFICATE = line(What.ENTERED, note="border_certificate", region=COMMUNITY)
IDENTIFIED = "border_certificate document name"
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


def test_the_border_agency_looks_too() -> None:
    """Of the county of the entry, from the same moment; its report ends its task and not the community's, whose report ends that alone. An exit ends both."""
    both = after(8 * 24, CERTIFICATE)
    inspect = both["inspect"]
    assert (inspect.owned_by, inspect.owner, inspect.responsible, inspect.region) == (Owner.BORDER, COMMUNITY[:6], COMMUNITY[:6], COMMUNITY[:6])
    assert (inspect.opened, inspect.due) == (both["overstay"].opened, NOON + 8 * DAY)
    found = after(8 * 24, CERTIFICATE, report(What.DONE, 7 * 24 + 2, "inspect at_home", "BP-1"))
    assert (found["inspect"].state, found["inspect"].by, found["overstay"].state) == (Progress.DONE, "BP-1", Progress.OVERDUE)
    found = after(8 * 24, CERTIFICATE, report(What.DONE, 7 * 24 + 2, "overstay at_home"))
    assert (found["inspect"].state, found["overstay"].state) == (Progress.OPEN, Progress.DONE)
    found = after(9 * 24, CERTIFICATE, line(What.STAY, 7 * 24 + 1, note="out"))
    assert {found[work].remark for work in ("inspect", "overstay")} == {Remark.MOVED_AWAY}


def test_the_county_is_that_of_the_port() -> None:
    """By the register; a record that says another, or a port that it does not know, changes nothing but that."""
    for place, region, county in (("PORT-WANDING", "532823", "533102"), ("PATH-532823-1", "533102", "532823"), ("PORT-1", "532823001", "532823")):
        found = after(8 * 24, line(What.ENTERED, 0, place, "border_certificate", region=region))["inspect"]
        assert (found.owner, found.region) == (county, county)


@pytest.mark.parametrize(("left", "asked"), [(6 * 24, False), (7 * 24 - 0.01, False), (7 * 24, False), (7 * 24 + 0.01, True), (8 * 24, True)])
def test_the_last_moment_is_in_time(left: float, asked: bool) -> None:
    """An exit a day before, just before, at the very moment, just after and a day after the stay is over."""
    assert [work in after(9 * 24, CERTIFICATE, line(What.STAY, left, note="out")) for work in ("overstay", "inspect")] == [asked, asked]


def test_what_the_border_agency_hands_over_stays_with_it() -> None:
    """Another of its staff has it then, and no grid worker."""
    found = after(8 * 24, CERTIFICATE, report(What.HANDED_OVER, 7 * 24 + 2, "inspect", "BP-2"))["inspect"]
    assert (found.owned_by, found.owner) == (Owner.BORDER, "BP-2")


def test_who_crosses_often_without_a_name_is_to_be_identified() -> None:
    """From the fourth crossing within thirty days on, by the county of that one; a name that becomes known takes it back."""
    crossed = [line(What.IDENTIFIED, day * 24, "PORT-RUILI", "border_certificate document", region="533102") for day in (0, 10, 20, 30)]
    assert "identify" not in after(31 * 24, *crossed[1:])
    found = after(31 * 24, *crossed)["identify"]
    assert (found.owned_by, found.owner, found.opened, found.due, found.reason) == (Owner.BORDER, "533102", NOON + 30 * DAY, NOON + 33 * DAY, What.IDENTIFIED)
    assert "identify" not in after(31 * 24, *crossed, line(What.IDENTIFIED, 31 * 24, "PORT-RUILI", IDENTIFIED, region="533102"))
    assert after(31 * 24, *crossed, report(What.DONE, 30 * 24 + 1, "identify", "BP-1"))["identify"].state is Progress.DONE


def test_whom_no_phone_reaches_is_seen_in_person() -> None:
    """Who came in last without one: a care visit is enough; a phone or the registration of a household takes it back, and going home ends it."""
    no_phone, phone = (line(What.IDENTIFIED, 0, note=note) for note in (IDENTIFIED, "border_certificate document phone"))
    found = after(1, CERTIFICATE, no_phone)["reach"]
    assert (found.opened, found.due, found.owner, found.state) == (NOON, NOON + DAY, "GW-1", Progress.OPEN)
    assert after(3, CERTIFICATE, no_phone, line(What.CARED, 2, note="at_home", other="GW-1"))["reach"].state is Progress.DONE
    assert after(3, CERTIFICATE, no_phone, line(What.STAY, 2, note="out"))["reach"].remark is Remark.MOVED_AWAY
    assert "reach" not in after(1, CERTIFICATE, phone)
    assert "reach" not in after(1, CERTIFICATE)
    assert "reach" not in after(1, CERTIFICATE, no_phone, line(What.RESIDENCE, 0, note="GW-1"))
    assert "reach" not in after(1, no_phone)


def test_time_alone_makes_the_task() -> None:
    """Nothing is told but the time, and then the task is there; an earlier tick changes nothing."""
    inside = trial()
    inside.give(told(CERTIFICATE))
    inside.give(tick(7 * 24))
    assert "overstay" not in tasks(inside)
    inside.give(tick(7 * 24 + 0.01), tick(1))
    assert tasks(inside)["overstay"].state is Progress.OPEN
