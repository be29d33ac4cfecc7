"""Levels as people decide them: two persons, a known law, an end; told to every partition as one set."""

from __future__ import annotations

from typing import Any

import pytest

from deploy.everywhere import NotDecided
from deploy.levels import Decisions, approved, decisions, ended, proposed
from deploy.scenarios.play import renewed
from schemas.models.control import Level, LevelApproval, LevelEnd, LevelProposal
from streams.policy import load
from tests.streams.trial import DAY, HOUR, at

ALLOWED = load().levels
NOW = at("2020-01-20 08:00")


def proposal(**changes: Any) -> LevelProposal:
    """A sound proposal, changed."""
    content = {"at": NOW, "region": "530624", "level": Level.EMERGENCY, "legal_basis": "突发公共卫生事件应急条例, art. 27", "since": NOW, "until": NOW + 14 * DAY,
               "by": "OP-1", "reason": "outbreak"}  # fmt: skip
    return LevelProposal.of(causes=[], **(content | changes))


def decided(*told: LevelProposal | LevelApproval | LevelEnd) -> Decisions:
    """What is decided after these."""
    proposals = [one for one in told if isinstance(one, LevelProposal)]
    approvals = [one for one in told if isinstance(one, LevelApproval)]
    return decisions(proposals, approvals, [one for one in told if isinstance(one, LevelEnd)], ALLOWED)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"region": "53062"}, "division code"), ({"region": "530624000"}, "same as 530624"), ({"region": "00"}, "no province"), ({"level": Level.PEACE}, "peace needs no decision"),
        ({"legal_basis": "An order"}, "no known law"), ({"until": NOW}, "ends before"), ({"until": NOW + 31 * DAY}, "longer than the 30 days"),
        ({"since": NOW - 2 * DAY}, "more than a day ago"),
    ],
)  # fmt: skip
def test_what_is_too_wide_is_refused(changes: dict[str, Any], problem: str) -> None:
    """No region, peace, no known law, no time, a longer time than the policy's, and the past: each is refused with what to do."""
    with pytest.raises(NotDecided, match=problem):
        proposed(proposal(**changes), ALLOWED)


def test_two_persons_decide() -> None:
    """A proposal waits until somebody else approves it; the proposer's own approval, also one that was written past the command, counts nothing."""
    one = proposed(proposal(), ALLOWED)
    with pytest.raises(NotDecided, match="another person"):
        approved(decided(one), one.id, "OP-1", NOW)
    forged = LevelApproval.of(causes=[one.id], at=NOW, region=one.region, proposal=one.id, by="OP-1")
    assert decided(one, forged).declared == {}
    found = decided(one, approval := approved(decided(one), one.id[:8], "OP-2", NOW + HOUR))
    assert (found.waiting, [(fact.by, fact.approved_by, fact.at, fact.until) for fact in found.declared.values()]) == ([], [("OP-1", "OP-2", NOW, NOW + 14 * DAY)])
    assert decided(one, approval, approval.taken_back()).declared == {}
    assert decided(proposal(until=NOW + 300 * DAY), approval).declared == {}


def test_an_early_end() -> None:
    """Of several ends the earliest counts; an end after the end is refused."""
    one = proposal()
    told: list[LevelProposal | LevelApproval] = [one, approved(decided(one), one.id, "OP-2", NOW)]
    late, soon = (ended(decided(*told), one.id, NOW + days * DAY, "OP-3", "over", NOW) for days in (5, 3))
    for ends in ([late, soon], [soon, late]):
        assert [fact.until for fact in decided(*told, *ends).declared.values()] == [NOW + 3 * DAY]
    with pytest.raises(NotDecided, match="before that anyway"):
        ended(decided(*told), one.id, NOW + 15 * DAY, "OP-3", "over", NOW)
    with pytest.raises(NotDecided, match="at least 8 digits"):
        ended(decided(*told), "a", NOW, "OP-3", "over", NOW)


def test_renewed() -> None:
    """A long story is declared again whenever the longest time is over, without a gap."""
    facts = renewed("53", Level.EMERGENCY, NOW, NOW + 70 * DAY, load())
    assert [(fact.at - NOW, fact.until - NOW) for fact in facts] == [(0, 30 * DAY), (30 * DAY, 60 * DAY), (60 * DAY, 70 * DAY)]
