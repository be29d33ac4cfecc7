"""What counts is told on `control.level` and `control.area`; what is forged has no effect, and is refused with its reason."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.models.control import AreaApproval, AreaProposal, Level, LevelApproval, LevelEnd, LevelInForce, LevelProposal, RiskArea
from schemas.models.fact import Signed
from schemas.models.raw import Reject
from schemas.signing import Signatures
from streams.decisions.stage import stage
from streams.policy import load
from streams.stage import Verdict
from tests.office import BUS, OFFICE, signed
from tests.streams.trial import DAY, HOUR, Trial, at, values

NOW = at("2020-01-20 08:00")
STAGE = stage(load(), Signatures(OFFICE, BUS))


def proposal(by: str = "OP-1", **changes: Any) -> LevelProposal:
    """A signed proposal."""
    content = {"at": NOW, "region": "530624", "level": Level.EMERGENCY, "legal_basis": "突发公共卫生事件应急条例, art. 27", "since": NOW, "until": NOW + 14 * DAY,
               "by": by, "reason": "outbreak"}  # fmt: skip
    return signed("level.proposal", LevelProposal.of(causes=[], **(content | changes)))


def approval(one: LevelProposal, by: str = "OP-2", **changes: Any) -> LevelApproval:
    """Its signed approval."""
    content = {"at": NOW + HOUR, "region": one.region, "proposal": one.id, "by": by}
    return signed("level.approval", LevelApproval.of(causes=[one.id], **(content | changes)))


def end(one: LevelProposal, days: int, by: str = "OP-3") -> LevelEnd:
    """Its signed end after so many days."""
    return signed("level.end", LevelEnd.of(causes=[one.id], at=NOW + DAY, region=one.region, proposal=one.id, until=NOW + days * DAY, by=by, reason="over"))


def test_two_who_sign_declare() -> None:
    """Nothing is told until the second person; then the level, ended early another in its place; what is taken back is over and cannot come again."""
    inside, one = Trial(STAGE), proposal()
    assert inside.give(one) == []
    (told,) = values(inside.give(second := approval(one)), LevelInForce)
    assert (told.region, told.level, told.at, told.until, told.by, told.approved_by) == ("530624", Level.EMERGENCY, NOW, NOW + 14 * DAY, "OP-1", "OP-2")
    old, new = values(inside.give(end(one, 5)), LevelInForce)
    assert (old.id, old.retracted, new.until) == (told.id, True, NOW + 5 * DAY)
    (gone,) = values(inside.give(signed("level.approval", second.taken_back())), LevelInForce)
    assert (gone.id, gone.retracted) == (new.id, True)
    assert inside.give(second, one) == []


def test_a_risk_area_is_declared_so_too() -> None:
    """By officers of any area, since it lies elsewhere."""
    content = {"at": NOW, "region": "4301", "legal_basis": "突发公共卫生事件应急条例, art. 33", "since": NOW - 9 * DAY, "until": NOW, "by": "OP-COUNTY", "reason": "outbreak"}
    one = signed("area.proposal", AreaProposal.of(causes=[], **content))
    second = signed("area.approval", AreaApproval.of(causes=[one.id], at=NOW, region="4301", proposal=one.id, by="OP-2"))
    (told,) = values(Trial(STAGE).give(one, second), RiskArea)
    assert (told.region, told.at, told.approved_by) == ("4301", NOW - 9 * DAY, "OP-2")


@pytest.mark.parametrize(("forged", "says"), [
    (proposal().model_copy(update={"signature": "", "key": ""}), "nobody signed"), (proposal().model_copy(update={"until": NOW + 20 * DAY}), "of something else"),
    (signed("level.approval", approval(proposal()), code="OP-1"), "register of staff"), (end(proposal(), 2).model_copy(update={"by": "OP-1"}), "register of staff"),
    (approval(proposal(), "OP-STEWARD"), "role officer"), (approval(proposal(region="53"), "OP-COUNTY"), "another area"), (proposal("OP-LEFT"), "not in office"),
    (proposal(legal_basis="An order"), "no known law"), (proposal(until=NOW + 31 * DAY), "longer than the 30 days"),
], ids=["unsigned", "changed", "anothers-approval", "anothers-end", "role", "area", "left", "law", "long"])  # fmt: skip
def test_what_is_forged_or_unsound_is_refused(forged: Signed, says: str) -> None:
    """One reject with the reason and the place, counted as rejected; what it would have done is not done, and the next sound fact is."""
    inside = Trial(STAGE)
    (reject,) = values(inside.give_each([forged]), Reject)
    assert inside.verdicts == [Verdict.REJECTED]
    assert (says in reject.reasons[0].problem, reject.source, reject.pointer.topic) == (True, reject.pointer.topic, reject.pointer.topic)
    assert inside.rows() == []
    one = proposal()
    assert len(values(inside.give(one, approval(one)), LevelInForce)) == 1


@pytest.mark.parametrize("second", [approval(proposal(), "OP-1"), approval(proposal(), region="530629"), approval(proposal(), proposal="0" * 32)],
                         ids=["alone", "elsewhere", "of-nothing"])  # fmt: skip
def test_an_approval_that_is_none(second: LevelApproval) -> None:
    """By who proposed it, with the area of another division, or of no proposal: it is well signed, and nothing follows."""
    inside = Trial(STAGE)
    assert values(inside.give(proposal(), second), LevelInForce) == []


def test_without_a_register_what_nobody_signed_counts() -> None:
    """For trying: two names are enough, and the rules hold all the same."""
    inside = Trial(stage(load(), Signatures()))
    one = proposal().model_copy(update={"signature": "", "key": ""})
    assert len(values(inside.give(one, approval(one).model_copy(update={"signature": ""})), LevelInForce)) == 1
    assert len(values(inside.give(proposal(legal_basis="An order")), Reject)) == 1
