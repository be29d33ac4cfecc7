"""An alert stands for each hour in which an official was refused too often."""

from __future__ import annotations

from schemas.models.case import Role
from schemas.models.measure import MeasureAlert, MeasureRefused, Refusal
from schemas.models.record import MeasureKind
from streams.measures import supervision
from streams.policy import Refusals
from tests.streams.measures.asked import NOON, POLICY
from tests.streams.trial import HOUR, MINUTE, Trial, outcomes, taken_back, values

_STAGE = supervision.stage(POLICY.model_copy(update={"refusals": Refusals(allowed=3)}))


def refused(number: int, official: str = "OP-1", after: int = 0) -> MeasureRefused:
    """One refusal, so many milliseconds after noon."""
    return MeasureRefused.of(causes=[str(number)], at=NOON + after, until=NOON + after + HOUR, official=official, kind=MeasureKind.RED_CODE, reason=Role.CASE,
                             why=Refusal.NO_EVIDENCE)  # fmt: skip


def test_the_one_that_is_too_many_raises_it() -> None:
    """Three are allowed; the fourth in the hour raises an alert that names the official and the four; more change nothing."""
    inside = Trial(_STAGE)
    four = [refused(number, after=number * MINUTE) for number in range(4)]
    assert inside.give(*four[:3], four[0]) == []
    (alert,) = values(inside.give(four[3]), MeasureAlert)
    assert (alert.official, alert.at, alert.allowed, alert.causes) == ("OP-1", NOON, 3, [one.id for one in four])
    assert inside.give(*(refused(number, after=59 * MINUTE) for number in range(10, 20))) == []


def test_others_and_other_hours_do_not_count() -> None:
    """Refusals of somebody else, or of the next hour, raise nothing."""
    inside = Trial(_STAGE)
    assert inside.give(*(refused(one, f"OP-{one % 2}", one % 3 * HOUR) for one in range(18))) == []
    assert len(values(inside.give(refused(99, "OP-1", 2 * HOUR)), MeasureAlert)) == 1


def test_it_falls_when_the_refusals_do() -> None:
    """When evidence came after all and the refusals are taken back, the alert goes, and nothing is left."""
    inside, four = Trial(_STAGE), [refused(number) for number in range(4)]
    inside.give(*four)
    inside.give(four[1].taken_back())
    assert inside.stands("measure.alert") == []
    inside.give(*taken_back(one for one in four if one is not four[1]))
    assert inside.rows() == []


def test_any_order_comes_to_the_same() -> None:
    """Refusals one by one or at once, from the first or from the last."""
    five = [refused(number, after=number) for number in range(5)]
    (found,) = outcomes(_STAGE, [five, five[::-1], [*five[2:], *five[:3]]], ("measure.alert",))
    assert len(found["measure.alert"]) == 1
