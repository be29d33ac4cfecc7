"""Signatures inside facts: what is signed, what counts, and every way in which one that was copied or changed does not."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from schemas.avro import pack, unpack
from schemas.models.control import AreaProposal, Level, LevelApproval, LevelEnd, LevelProposal
from schemas.models.fact import Signed
from schemas.models.identity import Judgement, Verdict
from schemas.signing import KINDS, Signatures, said
from schemas.staff import Staff
from schemas.topics import written
from tests.office import BUS, OFFICE, member, signed
from tests.streams.trial import DAY, at

NOW = at("2020-01-20 08:00")
SIGNATURES = Signatures(OFFICE, BUS)
FLAWLESS = ""


def proposal(**changes: Any) -> LevelProposal:
    """A proposal that nobody signed yet."""
    content = {"at": NOW, "region": "530624", "level": Level.EMERGENCY, "legal_basis": "突发公共卫生事件应急条例, art. 27", "since": NOW, "until": NOW + 14 * DAY,
               "by": "OP-1", "reason": "outbreak"}  # fmt: skip
    return LevelProposal.of(causes=[], **(content | changes))


ONE = signed("level.proposal", proposal())
OTHER = signed("level.proposal", proposal(until=NOW + 20 * DAY))


def test_every_topic_of_signed_facts_says_who_signs() -> None:
    """The topics whose model can be signed are those that say which role signs, and the fields they name are there."""
    found = {name: topic.model for name, topic in written().items() if topic.model and issubclass(topic.model, Signed)}
    assert set(KINDS) == set(found)
    for name, kind in KINDS.items():
        assert {kind.by, *([kind.region] if kind.region else [])} <= set(found[name].model_fields)


def test_the_bytes() -> None:
    """What is signed is one form of bytes for ever: another would make all old signatures worthless."""
    short = LevelApproval.of(causes=["c"], at=5, region="53", proposal="p", by="OP-1")
    assert said("ns.", "level.approval", short) == (
        f'lianfang signed fact 1\nns.\nlevel.approval\nLevelApproval\n{{"at":5,"by":"OP-1","causes":["c"],"id":"{short.id}","proposal":"p","region":"53"}}'
    ).encode()


def test_a_signature_is_no_part_of_the_id_and_travels() -> None:
    """Signed or not a fact has its id; the signature counts after a way over the bus; what takes it back is signed anew."""
    assert ONE.id == proposal().id == ONE.identity()
    assert SIGNATURES.problem("level.proposal", unpack(LevelProposal, pack(ONE))) == FLAWLESS
    gone = ONE.taken_back()
    assert (gone.signature, "nobody signed" in SIGNATURES.problem("level.proposal", gone)) == ("", True)
    assert SIGNATURES.problem("level.proposal", signed("level.proposal", gone)) == FLAWLESS


def test_without_a_register_everything_counts() -> None:
    """For trying: there is nobody whose key could be asked for."""
    assert Signatures().problem("level.proposal", proposal()) == FLAWLESS


FIELDS = {"region": "530629", "level": Level.ALERT, "legal_basis": "突发公共卫生事件应急条例, art. 33", "since": NOW + 1, "until": NOW + 15 * DAY, "reason": "drill",
          "at": NOW + 1, "causes": ["c"], "retracted": True, "id": "0" * 32}  # fmt: skip


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_one_field_changed(name: str) -> None:
    """Whatever is changed, the signature is of something else; also under the id of the changed content."""
    changed = ONE.model_copy(update={name: FIELDS[name]})
    renamed = changed.model_copy(update={"id": changed.identity()})
    for one in [changed] if name == "id" else [changed, renamed]:
        assert "of something else" in SIGNATURES.problem("level.proposal", one)


def test_every_field_is_changed() -> None:
    """The fields that are changed above are all but those of the signer, which are below."""
    assert {*FIELDS, "by", "key", "signature"} == set(LevelProposal.model_fields)


FORGED: dict[str, tuple[Callable[[], Signed], str]] = {
    "unsigned": (proposal, "nobody signed"),
    "another-signs": (lambda: signed("level.proposal", proposal(), code="OP-2"), "not signed with a key that the register"),
    "another-name": (lambda: ONE.model_copy(update={"by": "OP-2"}), "not signed with a key that the register"),
    "unknown-name": (lambda: signed("level.proposal", proposal(by="OP-9")), "not signed with a key that the register"),
    "key-of-another": (lambda: ONE.model_copy(update={"key": signed("level.proposal", proposal(by="OP-2")).key}), "not signed with a key that the register"),
    "own-key-named-as-theirs": (lambda: signed("level.proposal", proposal(), code="OP-2").model_copy(update={"key": ONE.key}), "of something else"),
    "signature-of-another-fact": (lambda: proposal().model_copy(update={"key": OTHER.key, "signature": OTHER.signature}), "of something else"),
    "other-topic": (lambda: signed("area.proposal", proposal()), "of something else"),
    "other-bus": (lambda: signed("level.proposal", proposal(), bus="other."), "of something else"),
    "one-bit": (lambda: ONE.model_copy(update={"signature": _one_bit(ONE.signature)}), "of something else"),
    "cut": (lambda: ONE.model_copy(update={"signature": ONE.signature[:-8]}), "of something else"),
    "no-base64": (lambda: ONE.model_copy(update={"signature": "签名"}), "of something else"),
    "made-up-id": (lambda: signed("level.proposal", proposal().model_copy(update={"id": "0" * 32})), "its id is not"),
    "other-role": (lambda: signed("level.proposal", proposal(by="OP-STEWARD")), "has not the role officer"),
    "other-area": (lambda: signed("level.proposal", proposal(by="OP-COUNTY", region="5306")), "of another area"),
    "after-leaving": (lambda: signed("level.proposal", proposal(by="OP-LEFT")), "not in office"),
    "new-key-too-early": (lambda: signed("level.proposal", proposal(by="OP-NEW"), which=1), "not in office"),
    "taken-back-after-leaving": (lambda: signed("level.proposal", proposal(by="OP-LEFT").taken_back()), "not in office"),
    "old-key-too-late": (lambda: signed("level.proposal", proposal(by="OP-NEW", at=at("2020-02-01 00:00"))), "not in office"),
}


def _one_bit(signature: str) -> str:
    data = bytearray(base64.b64decode(signature))
    data[7] ^= 1
    return base64.b64encode(data).decode()


@pytest.mark.parametrize("how", sorted(FORGED))
def test_what_is_forged_does_not_count(how: str) -> None:
    """For the reason that is told, which names nobody."""
    made, says = FORGED[how]
    found = SIGNATURES.problem("level.proposal", made())
    assert says in found
    assert "OP-" not in found


@pytest.mark.parametrize(("topic", "fact"), [
    ("level.proposal", signed("level.proposal", proposal(by="OP-COUNTY", region="530624103"))),
    ("level.proposal", signed("level.proposal", proposal(by="OP-NEW", at=at("2020-01-31 23:59")))),
    ("level.proposal", signed("level.proposal", proposal(by="OP-NEW", at=at("2020-02-01 00:00")), which=1)),
    ("level.proposal", signed("level.proposal", proposal(by="OP-LEFT", at=at("2019-12-31 23:59")))),
    ("area.proposal", signed("area.proposal", AreaProposal.of(causes=[], at=NOW, region="MM", legal_basis="x", since=0, until=1, by="OP-COUNTY", reason="outbreak"))),
    ("level.end", signed("level.end", LevelEnd.of(causes=[], at=NOW, region="53", proposal="p", until=NOW, by="OP-OFFICER", reason="over"))),
    ("identity.decision", signed("identity.decision", Judgement.of(causes=[], at=NOW, a="a", b="b", verdict=Verdict.SAME, decider="OP-STEWARD", reason="x"))),
    ("level.proposal", signed("level.proposal", proposal(by="OP-NEW", at=at("2020-01-31 23:59")).taken_back(), which=1)),
], ids=["within-the-area", "last-day-of-the-old-key", "first-day-of-the-new-key", "last-day-in-office", "area-elsewhere", "end", "steward", "new-key-takes-back"])  # fmt: skip
def test_what_counts(topic: str, fact: Signed) -> None:
    """Signed by who had the role and the area on that day, whatever became of them since."""
    assert SIGNATURES.problem(topic, fact) == FLAWLESS


def test_a_register_that_only_moves_people_changes_nothing() -> None:
    """What somebody signed in office counts when they have left, and nothing of them when their last day is set before it."""
    for until, counts in (("2020-01-20", True), ("2020-01-19", False)):
        left = Signatures(Staff(staff={"OP-2": member("OP-2")}, former={"OP-1": [member("OP-1", until=until)]}), BUS)
        assert left.counts("level.proposal")(ONE) is counts
