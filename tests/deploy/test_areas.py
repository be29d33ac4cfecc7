"""Risk areas as people decide them: two persons, a known law, an end."""

from __future__ import annotations

from typing import Any

import pytest

from deploy.areas import Decisions, approved, decisions, declared, ended
from deploy.everywhere import NotDecided
from schemas.models.control import AreaApproval, AreaEnd, AreaProposal
from streams.policy import load
from tests.streams.trial import DAY, HOUR, at

LONGEST = load().longest_area
NOW = at("2020-01-20 08:00")


def proposal(**changes: Any) -> AreaProposal:
    """A sound proposal, changed."""
    content = {"at": NOW, "region": "4301", "legal_basis": "突发公共卫生事件应急条例, art. 33", "since": NOW - 10 * DAY, "until": NOW + 14 * DAY, "by": "OP-1",
               "reason": "outbreak"}  # fmt: skip
    return AreaProposal.of(causes=[], **(content | changes))


def decided(*told: AreaProposal | AreaApproval | AreaEnd) -> Decisions:
    """What is decided after these."""
    return decisions([one for one in told if isinstance(one, AreaProposal)], [one for one in told if isinstance(one, AreaApproval)],
                     [one for one in told if isinstance(one, AreaEnd)], LONGEST)  # fmt: skip


@pytest.mark.parametrize(("changes", "problem"), [
    ({"region": "43010"}, "two capital letters"), ({"region": "430100"}, "same as 4301"), ({"region": "mm"}, "two capital letters"), ({"region": "CN"}, "all of the country"),
    ({"legal_basis": "An order"}, "no known law"), ({"until": NOW - 10 * DAY}, "ends before"), ({"until": NOW + 81 * DAY}, "longer than the 90 days")],
    ids=["digits", "zeros", "letters", "everywhere", "law", "time", "longest"])  # fmt: skip
def test_what_is_too_wide_is_refused(changes: dict[str, Any], problem: str) -> None:
    """No division, all of the country, no known law, no time, a longer time than the policy's: each is refused with what to do."""
    with pytest.raises(NotDecided, match=problem):
        declared(proposal(**changes), LONGEST)


@pytest.mark.parametrize("region", ["43", "4301", "430104", "MM"])
def test_two_persons_decide(region: str) -> None:
    """A proposal waits until somebody else approves it; the proposer's own approval, also one that was written past the command, counts nothing."""
    one = declared(proposal(region=region), LONGEST)
    with pytest.raises(NotDecided, match="another person"):
        approved(decided(one), one.id, "OP-1", NOW)
    forged = AreaApproval.of(causes=[one.id], at=NOW, region=region, proposal=one.id, by="OP-1")
    assert decided(one, forged).declared == {}
    found = decided(one, approval := approved(decided(one), one.id[:8], "OP-2", NOW + HOUR))
    assert [(fact.by, fact.approved_by, fact.at, fact.until) for fact in found.declared.values()] == [("OP-1", "OP-2", NOW - 10 * DAY, NOW + 14 * DAY)]
    assert decided(one, approval, approval.taken_back()).declared == {}


def test_ends() -> None:
    """Of several ends the earliest counts; an area that never was one has no time; an end after the end is refused."""
    one = proposal()
    told: list[AreaProposal | AreaApproval] = [one, approved(decided(one), one.id, "OP-2", NOW)]
    late, soon, never = (ended(decided(*told), one.id, None if days is None else NOW + days * DAY, "OP-3", "over", NOW) for days in (5, 3, None))
    for ends, until in (([late, soon], NOW + 3 * DAY), ([soon, late], NOW + 3 * DAY), ([never, late], one.since)):
        assert [fact.until for fact in decided(*told, *ends).declared.values()] == [until]
    with pytest.raises(NotDecided, match="before that anyway"):
        ended(decided(*told), one.id, NOW + 15 * DAY, "OP-3", "over", NOW)
    with pytest.raises(NotDecided, match="lianfang areas list"):
        ended(decided(*told), "a", NOW, "OP-3", "over", NOW)
