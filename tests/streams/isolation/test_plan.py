"""What the plan asks for, and what officials add."""

from __future__ import annotations

from schemas.models.case import Role, Status, What
from schemas.models.isolation import Hold
from schemas.models.record import MeasureKind
from streams.isolation.orders import beyond, isolation, orders
from tests.streams.isolation.apart import FOURTEEN, MET, NOON, RETURNED, apart, asked, days, edition, line, policy, told
from tests.streams.trial import DAY

HOME, SITE = MeasureKind.ISOLATE_AT_HOME, MeasureKind.ISOLATE_CENTRALLY


def test_another_ground_prolongs_while_it_lasts_and_begins_anew_after() -> None:
    """From the first of them; the reason is that of what lasts longest."""
    both = apart(RETURNED, line(What.CONTACT, 3))
    assert days(both) == (0, 24)
    assert both is not None
    assert (both.reason, both.ground, both.site_until) == (Role.CONTACT, What.RETURNED, NOON + 17 * DAY)
    assert days(apart(RETURNED, line(What.RETURNED, 13.9))) == (0, 27.9)
    assert days(apart(RETURNED, line(What.RETURNED, 14))) == (14, 28)


def test_the_ill_the_dead_and_the_departed_are_not_isolated() -> None:
    """A patient is when discharged; who leaves the country is not looked for, and a return after that begins anew."""
    ill = (MET, line(What.POSITIVE, 2))
    assert apart(*ill, status=Status.IN_HOSPITAL, classification=Status.CONFIRMED) is None
    assert days(apart(*ill, line(What.RECOVERED, 9), status=Status.RECOVERED, classification=Status.CONFIRMED)) == (9, 23)
    assert days(apart(*ill, line(What.RULED_OUT, 3), status=Status.RULED_OUT, classification=None)) == (0, 21)
    assert apart(MET, line(What.DIED, 3), status=Status.DIED) is None
    out = line(What.STAY, 2, note="out")
    assert apart(RETURNED, out) is None
    assert days(apart(RETURNED, out, line(What.RETURNED, 3))) == (3, 17)
    assert days(apart(RETURNED, line(What.STAY, 14, note="out"))) == (0, 14)


def test_told() -> None:
    """When the first report says so; of a visit before, or another task, it does not."""
    said = [line(What.DONE, day, note=note) for day, note in ((-1, "visit"), (1, "check"), (2, "order at_home"), (3, "visit"))]
    one = apart(RETURNED, *said)
    assert one is not None
    assert one.told == NOON + 2 * DAY
    assert apart(RETURNED).told is None  # type: ignore[union-attr]


def test_an_order_adds_a_site_and_an_official_and_no_days() -> None:
    """It cannot outlast the plan; of two the last one's official answers."""
    case = told(RETURNED)
    found = orders(case, [asked(HOME, Role.RETURNEE, 1, 14), asked(HOME, Role.RETURNEE, 2, 3, official="CDC-1"), asked(reason=Role.RETURNEE)], FOURTEEN)
    one = isolation(case, found, NOON, FOURTEEN)
    assert one is not None
    assert (days(one), one.official, one.told, one.site_until) == ((0, 14), "CDC-1", NOON + DAY, None)
    met = told(line(What.CONTACT, -1))
    short = policy(edition(-100, contact=(0, 7)))
    site = isolation(met, orders(met, [asked(SITE, Role.CONTACT, 0, 3)], short), NOON, short)
    assert site is not None
    assert (days(site), site.site_until) == ((-1, 6), NOON + 3 * DAY)


def test_an_order_for_more_days_than_the_plan_is_seen() -> None:
    """From the day on which nothing else asks for it; it says who asked, and not on whom. A patient's order has no days of the plan."""
    short = policy(edition(-100, returnee=(0, 7)))
    case = told(line(What.RETURNED, -1))
    long = asked(HOME, Role.RETURNEE, 0, 13)
    (one,) = beyond(case, orders(case, [long, asked(HOME, Role.RETURNEE, 0, 6)], short), short)
    assert (one.at, one.until, one.official, case.person in one.model_dump_json()) == (NOON + 6 * DAY, NOON + 13 * DAY, "OP-410100-1", False)
    none = policy(edition(-100))
    assert [(one.at, one.until) for one in beyond(case, orders(case, [long], none), none)] == [(NOON, NOON + 13 * DAY)]
    ill = told(line(What.POSITIVE, -1))
    assert beyond(ill, orders(ill, [asked(HOME, Role.CASE, 0, 14)], none), none) == []


def test_an_order_alone() -> None:
    """A patient who is told to stay at home does so for as long as the order says; one for another reason is nothing without the plan."""
    ill = told(line(What.POSITIVE, -1))
    found = orders(ill, [asked(SITE, Role.CASE, 0, 5)], FOURTEEN)
    one = isolation(ill, found, NOON + 5 * DAY, FOURTEEN)
    assert one is not None
    assert (days(one), one.ground, one.edition, one.site_until, one.state) == ((0, 5), What.ISOLATED, "", NOON + 5 * DAY, Hold.LIFTED)
    none, case = policy(edition(-100)), told(RETURNED)
    assert isolation(case, orders(case, [asked(HOME, Role.RETURNEE, 1, 5)], none), NOON, none) is None
