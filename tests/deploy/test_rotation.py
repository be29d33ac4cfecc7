"""Renewing the secret of tokens by two people: who may approve, what is carried of what people said, and whether two buses come to the same."""

from __future__ import annotations

from typing import cast

import pytest

from connectors.reader import Reader
from deploy.carrying import _decisions, _missing
from deploy.linkage.decide import decided, taken_back
from deploy.rotation import COPIED, LEFT, RENAMED, NotRenewed, Rotations, approved, differing, proposed, renamed, rotations
from schemas.models.control import Tick
from schemas.models.identity import Judgement, Link, Verdict
from schemas.models.rotation import RotationProposal
from schemas.tokens import Keys
from schemas.topics import written
from tests.deploy.fakes import FakeReader, entry

NOW = Keys((bytes(32), b"1" * 32))
A, B, C = "a" * 32, "b" * 32, "c" * 32
PROPOSAL = RotationProposal.of(causes=[], at=5, epoch=2, by="OP-1", reason="known")


def test_not_alone() -> None:
    """Who proposed it cannot approve it, and an approval by the same hand that is on the topic counts for nothing."""
    found = rotations([PROPOSAL], [])
    with pytest.raises(NotRenewed, match="another person"):
        approved(found, PROPOSAL, "OP-1", 6)
    approval = approved(found, PROPOSAL, "OP-2", 6)
    assert rotations([PROPOSAL], [approval.model_copy(update={"by": "OP-1"})]).approvals == {}
    assert rotations([], [approval]) == Rotations()
    both = rotations([PROPOSAL], [approval])
    assert (both.decided(2), both.decided(3)) == (True, False)
    assert approved(both, PROPOSAL, "OP-3", 9) == approval
    with pytest.raises(NotRenewed, match="carry"):
        proposed(both, 2, "OP-1", "known", 7)
    assert proposed(found, 2, "OP-1", "known", 5) == PROPOSAL


@pytest.mark.parametrize(("begins", "problem"), [("f" * 8, "no proposals"), (PROPOSAL.id[:7], "8 digits")])
def test_which_proposal(begins: str, problem: str) -> None:
    """One that is named by enough of its digits."""
    assert rotations([PROPOSAL], []).one(PROPOSAL.id[:8]) == PROPOSAL
    with pytest.raises(NotRenewed, match=problem):
        rotations([PROPOSAL], []).one(begins)


def test_of_every_topic_that_people_write_it_is_said_whether_it_is_carried() -> None:
    """A new one is copied, renamed, or left with a reason; what is copied names nobody."""
    said = {name for name, topic in written().items() if topic.writer in ("stewards", "clock", "workers")}
    assert said == {*COPIED, *RENAMED, *LEFT}
    assert {written()[name].privacy for name in COPIED} == {"none"}


def test_a_decision_is_renamed_and_sorted() -> None:
    """It says the same about the tokens of now, the smaller first, as if it had been made there."""
    for a, b in ((A, B), (A, C), (B, C)):
        (made,) = decided(a, b, Verdict.SAME, "OP-1", "called", 5, [])
        (there,) = decided(NOW.renewed(a), NOW.renewed(b), Verdict.SAME, "OP-1", "called", 5, [])
        assert renamed(made, NOW.renewed) == there
        assert renamed(made.taken_back(), NOW.renewed) == there.taken_back()


def test_decisions_are_completed_and_ended() -> None:
    """What stands is told once, also after it was undone there; what was undone here is undone there, by whomever; the second time nothing is to do."""
    made = [decided(*pair, Verdict.SAME, "OP-1", "called", 5, [])[0] for pair in ((A, B), (A, C), (B, C))]
    undone = taken_back([made[2]], "OP-2", "mistake")
    here = [*made, *undone]
    there = [renamed(made[2], NOW.renewed)]
    told = _told(here, there)
    assert {one.id for one in told} == {renamed(one, NOW.renewed).id for one in made}
    assert [one.id for one in told if one.retracted] == [there[0].id]
    assert _told(here, [*there, *told]) == []
    assert _told(here, [*there, *told, told[0].taken_back()]) == []


def _told(here: list[Judgement], there: list[Judgement]) -> list[Judgement]:
    one, other = (FakeReader([entry("identity.decision", made) for made in found]) for found in (here, there))
    return _decisions(cast("Reader", one), cast("Reader", other), NOW.renewed)


def test_what_names_nobody_is_copied_once() -> None:
    """To the same partition, in order; what is there already is not said again."""
    some = [entry("control.tick", Tick(at=at), partition=part, key="0-4095") for part in (0, 1) for at in (1, 2)]
    assert _missing(some, []) == some
    assert _missing(some, some[:3]) == some[3:]


def test_differing() -> None:
    """People are the same when their renamed aliases are, and what their cases say; whoever is on one bus alone differs."""
    here = [Link.of(causes=[], at=1, alias=alias, person=A, reasons=[], since=1) for alias in (A, B)]
    a, b, c = map(NOW.renewed, (A, B, C))
    same = [Link.of(causes=[], at=1, alias=alias, person=b, reasons=[], since=1) for alias in (a, b)]
    apart = [Link.of(causes=[], at=1, alias=alias, person=alias, reasons=[], since=1) for alias in (a, b)]
    more = [*same, Link.of(causes=[], at=1, alias=c, person=c, reasons=[], since=1)]
    assert [differing((here, []), (there, []), NOW.renewed) for there in (same, apart, more)] == [0, 3, 1]
