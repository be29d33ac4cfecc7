"""What counts on a topic of signed facts, for commands that read it."""

from __future__ import annotations

from typing import Any

import pytest

from connectors import registry
from deploy.agencies.approval import proposed
from deploy.cli.approve import read
from deploy.everywhere import counting
from deploy.linkage import standing
from schemas.models.control import AgencyApproval, AgencyProposal, ErasureApproval, ErasureProposal
from schemas.models.fact import Signed
from schemas.models.identity import Judgement, Verdict
from schemas.signing import Signatures
from tests.deploy.fakes import FakeReader, entry
from tests.office import BUS, OFFICE, signed

SIGNATURES = Signatures(OFFICE, BUS)
AGENCY = AgencyProposal.of(causes=[], at=5, agency="cdc", digest="0" * 64, content="{}", by="OP-1", reason="new")
ERASE = ErasureProposal.of(causes=[], at=5, person="a" * 32, aliases=["a" * 32], by="OP-1", reason="request")
FACTS: dict[str, Signed] = {
    "agency.proposal": AGENCY, "agency.approval": AgencyApproval.of(causes=[AGENCY.id], at=6, agency="cdc", proposal=AGENCY.id, digest="0" * 64, by="OP-2"),
    "erasure.proposal": ERASE,
    "erasure.approval": ErasureApproval.of(causes=[ERASE.id], at=6, proposal=ERASE.id, person=ERASE.person, aliases=ERASE.aliases, generations=[1], by="OP-2"),
}  # fmt: skip


@pytest.mark.parametrize("topic", sorted(FACTS))
def test_only_what_is_signed_counts(topic: str) -> None:
    """Of an unsigned fact, one that another signed and one that is signed as it should be, only the last is read; without a register all are."""
    plain = FACTS[topic]
    told = [plain, signed(topic, plain, code="OP-3"), signed(topic, plain)]
    reader: Any = FakeReader([entry(topic, one) for one in told])
    assert counting(reader, SIGNATURES, topic, type(plain)) == told[2:]
    assert counting(reader, Signatures(), topic, type(plain)) == told


def test_decisions_on_identity() -> None:
    """A forged decision and a forged retraction are not seen by commands either."""
    one = Judgement.of(causes=[], at=5, a="a" * 32, b="b" * 32, verdict=Verdict.SAME, decider="OP-STEWARD", reason="documents-seen")
    made = signed("identity.decision", one)
    other = one.model_copy(update={"verdict": Verdict.DIFFERENT})
    reader = FakeReader([entry("identity.decision", each) for each in (other, made, made.taken_back())])
    assert standing.decisions(reader, SIGNATURES) == {(one.a, one.b): [made]}


def test_an_agency_file_counts_when_two_people_signed() -> None:
    """Not when proposal and approval only name them."""
    agency = next(iter(registry.agencies().values()))
    proposal = proposed(agency, "OP-1", "new", 5)
    approval = AgencyApproval.of(causes=[proposal.id], at=6, agency=agency.name, proposal=proposal.id, digest=agency.digest, by="OP-2")
    for one, other, counts in ((proposal, approval, []), (signed("agency.proposal", proposal), approval, []),
                               (signed("agency.proposal", proposal), signed("agency.approval", approval), [agency.name])):  # fmt: skip
        reader: Any = FakeReader([entry("agency.proposal", one), entry("agency.approval", other)])
        assert list(read(reader, SIGNATURES).counts) == counts
