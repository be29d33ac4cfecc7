"""Two people let an agency file count, and nobody alone."""

from __future__ import annotations

import pytest

from deploy.agencies.approval import Approvals, NotApproved, approvals, approved, content_of, proposed, unapproved
from schemas.agency import Agency
from schemas.models.control import AgencyApproval, AgencyProposal
from tests.deploy.agencies.pieces import PURPOSE, agency

A, B, C = "OP-0001", "OP-0002", "OP-0003"
FIRST, SECOND = agency(), agency(purposes=[PURPOSE | {"expires_days": 60}])


def proposal(one: Agency, by: str = A, now: int = 1) -> AgencyProposal:
    """A proposal that no rule refuses."""
    return proposed(one, by, "new-agency", now)


def approval(one: AgencyProposal, by: str = B) -> AgencyApproval:
    """An approval as anybody could write it."""
    return AgencyApproval.of(causes=[one.id], at=2, agency=one.agency, proposal=one.id, digest=one.digest, by=by)


def counting(found: Approvals) -> str | None:
    """The digest that counts for the agency."""
    return found.counts[FIRST.name][0].digest if found.counts else None


def test_proposed_then_approved() -> None:
    """A proposal waits and counts for nothing; approved by another, it counts and waits no more. Its content is the agency."""
    one = proposal(FIRST)
    waits = approvals([one], [])
    assert (waits.waiting(), counting(waits)) == ([one], None)
    same, by_b = approved(waits, FIRST.digest[:12], B, 5)
    assert (same, by_b.proposal, by_b.digest, by_b.by, by_b.at) == (one, one.id, FIRST.digest, B, 5)
    counts = approvals([one], [by_b])
    assert (counts.waiting(), counting(counts)) == ([], FIRST.digest)
    assert content_of(one) == FIRST


@pytest.mark.parametrize(("digest", "by", "says"), [
    (FIRST.digest, A, "by another person"), (FIRST.digest[:11], B, "at least 12 digits"), ("0" * 12, B, "no proposals that wait begin with"),
])  # fmt: skip
def test_not_so(digest: str, by: str, says: str) -> None:
    """Not by who proposed it, not by too few digits, and not what nobody proposed."""
    with pytest.raises(NotApproved, match=says):
        approved(approvals([proposal(FIRST)], []), digest, by, 5)


def test_a_refused_file_is_neither_proposed_nor_approved() -> None:
    """A rule that refuses a file stops its proposal; and its approval, where an older program let it through."""
    refused = agency(kind="partner")
    with pytest.raises(NotApproved, match="name the person"):
        proposed(refused, A, "new-agency", 1)
    slipped = AgencyProposal.of(causes=[], at=1, agency=refused.name, digest=refused.digest, content=refused.content, by=A, reason="new-agency")
    with pytest.raises(NotApproved, match="name the person"):
        approved(approvals([slipped], []), refused.digest, B, 5)


def test_the_last_one_counts() -> None:
    """After a second file is approved the first counts no more, and what was approved before cannot be brought back without a new proposal."""
    one, two = proposal(FIRST), proposal(SECOND, now=2)
    both = [approval(one), approval(two)]
    assert counting(approvals([one, two], both)) == SECOND.digest
    assert counting(approvals([one, two], [*both, approval(one, C)])) == SECOND.digest
    with pytest.raises(NotApproved, match="an older one is to be proposed again"):
        approved(approvals([one, two], both), FIRST.digest, C, 5)
    again = proposal(FIRST, by=B, now=3)
    assert counting(approvals([one, two, again], [*both, approval(again, A)])) == FIRST.digest


def test_forged_facts_count_for_nothing() -> None:
    """Whatever was written to the topics around the commands: an approval by the proposer, of another digest, of nothing, or of other content."""
    one = proposal(FIRST)
    other = approval(one).model_copy(update={"digest": SECOND.digest})
    for bad in (approval(one, A), other, approval(one).model_copy(update={"proposal": "0" * 32})):
        assert counting(approvals([one], [bad])) is None
    for false in (one.model_copy(update={"content": SECOND.content}), one.model_copy(update={"content": "no agency"}), one.model_copy(update={"agency": "another"})):
        assert counting(approvals([false], [approval(false)])) is None


def test_what_is_taken_back() -> None:
    """A proposal that is taken back waits no more. When an approval is taken back no file counts, and none that was approved before: a second person is needed again."""
    one, two = proposal(FIRST), proposal(SECOND, now=2)
    assert approvals([one, one.taken_back()], []).waiting() == []
    both = [approval(one), approval(two)]
    stopped = approvals([one, two], [*both, both[1].taken_back()])
    assert (counting(stopped), stopped.waiting()) == (None, [])
    assert counting(approvals([one, two], [*both, both[1].taken_back(), approval(one, C)])) is None
    assert counting(approvals([one, two], [*both, both[0].taken_back()])) == SECOND.digest


def test_files_that_do_not_count() -> None:
    """An agency whose file was never approved, and one whose file is another than the approved, are told, with what was approved by whom."""
    counts = approvals([one := proposal(FIRST)], [approval(one)])
    assert unapproved([FIRST], counts) == []
    assert unapproved([FIRST], Approvals()) == ["some-agency: nobody approved any file of it"]
    assert unapproved([SECOND], counts) == [f"some-agency: the file is {SECOND.digest[:12]}, and {FIRST.digest[:12]} was approved by {B}"]
