"""From which moment on no decision allows a closure."""

from __future__ import annotations

import pytest

from schemas.models.control import Level, LevelInForce, RiskArea
from schemas.models.rights import Baseless, ClosureReport
from streams.policy import load
from streams.rights.closures import alert, uncovered
from tests.streams.trial import DAY

POLICY = load()
AT = 1580688000000
SHUT = ClosureReport.of(causes=[], at=AT, source="x", record="1" * 32, alias="2" * 32, area="530624100001", until=AT + 10 * DAY, by="GW-1")
_SAME = {"legal_basis": "An invented law", "by": "OP-1", "approved_by": "OP-2"}


def level(start: int, end: int, region: str = "530624", which: Level = Level.EMERGENCY) -> LevelInForce:
    """A level from a day to another."""
    return LevelInForce.of(causes=[], at=AT + start * DAY, until=AT + end * DAY, region=region, level=which, **_SAME)


def area(start: int, end: int, region: str = "530624100001") -> RiskArea:
    """A risk area from a day to another."""
    return RiskArea.of(causes=[], at=AT + start * DAY, until=AT + end * DAY, region=region, **_SAME)


@pytest.mark.parametrize(("levels", "areas", "day"), [
    ([], [], 0), ([level(0, 10)], [], None), ([level(-1, 11)], [], None), ([level(1, 11)], [], 0), ([level(0, 9)], [], 9), ([level(0, 4)], [area(4, 10)], None),
    ([level(0, 4)], [area(5, 10)], 4), ([level(5, 10), level(0, 6)], [], None), ([level(0, 10, which=Level.ALERT)], [], 0), ([level(0, 10, "530602")], [], 0),
    ([level(0, 10, "530624100001003")], [], 0), ([], [area(0, 10, "53062410")], None), ([level(0, 8), level(1, 2)], [], 8),
])  # fmt: skip
def test_what_no_decision_covers(levels: list[LevelInForce], areas: list[RiskArea], day: int | None) -> None:
    """Decisions cover it together, of the whole area or more, and without a gap."""
    assert uncovered(SHUT, levels, areas, POLICY) == (None if day is None else AT + day * DAY)


def test_what_is_to_come_is_told_when_it_has_come() -> None:
    """A decision that ends on the ninth day is enough until then."""
    assert alert(SHUT, [level(0, 9)], [], AT + 9 * DAY - 1, POLICY) is None
    found = alert(SHUT, [level(0, 9)], [], AT + 9 * DAY, POLICY)
    assert found
    assert (found.at, found.why) == (AT + 9 * DAY, Baseless.DECISION_OVER)
    begun = alert(SHUT, [], [], 0, POLICY)
    assert begun
    assert (begun.at, begun.why) == (AT, Baseless.NEVER_DECIDED)
