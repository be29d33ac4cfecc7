"""What an agency gets, in sentences; and which of it applies to a case."""

from __future__ import annotations

import random
from itertools import product

import pytest

from connectors.registry import agencies
from deploy.agencies.explain import applied, explained
from schemas.agency import Agency
from schemas.models.case import Role, Status, Why
from schemas.privacy import fields
from streams.routing.match import grounds
from tests.deploy.agencies.pieces import NEEDS, PURPOSE, agency, case, want


@pytest.mark.parametrize("name", agencies())
def test_everything_of_a_file_is_said_in_both_languages(name: str) -> None:
    """Each field, reason, law and number of days of a shipped agency is in its sentences; the Chinese ones are Chinese."""
    one = agencies()[name]
    found = explained(one)
    zh, en = "".join(each.zh for each in found), "".join(each.en for each in found)
    assert all(fields()[field].zh in zh and fields()[field].en in en for each in one.wants for field in each.fields)
    assert all(why.rstrip(".") in zh and why.rstrip(".") in en for each in one.wants for why in each.needs.values())
    assert all(purpose.legal_basis in text and f"{purpose.expires_days}" in text for purpose in one.purposes for text in (zh, en))
    assert (one.facility or one.region or "") in zh
    assert not any(each.zh.isascii() for each in found)


def test_the_sentence_of_a_want() -> None:
    """Who, how the region must concern them, with which status, and what of each class for which reason."""
    one = agency(wants=[want(statuses=["isolated"], why=["residence", "stay"])])
    (_, _, purpose, _, sentence) = explained(one)
    assert purpose.en == "For care, under the An invented law, art. 1; copies are deleted 30 days after the latest event of the case."
    assert sentence.en == ("Of cases (isolated), where somebody lives or stayed in it, it gets identifying: names (because: They are called); "
                           "sensitive: status of the case (because: They are cared for).")  # fmt: skip
    assert sentence.zh == "对在该区划居住、停留的病例（状态为隔离），提供 直接标识：姓名（理由：They are called）；敏感：病例状态（理由：They are cared for）。"


def test_who_can_join_copies() -> None:
    """Nobody, unless others name the joint purpose too; they are named, with the law."""
    joint = agency(purposes=[PURPOSE | {"joint": {"name": "chain", "legal_basis": "An invented law, art. 20"}}])
    other = joint.model_copy(update={"name": "other"})
    assert "no other agency can join its copies" in explained(agency(), [other])[3].en
    assert explained(joint)[3].en.endswith("joined with those of nobody yet.")
    assert explained(joint, [joint, other, agency()])[3].en == (
        "Its codes of people are those of the joint purpose chain, under the An invented law, art. 20: its copies can be joined with those of other."
    )


@pytest.mark.parametrize(("change", "says"), [
    ({"wants": [want(role="contact")]}, "the person is no contact, but case"),
    ({"region": "533102"}, "nothing of the case is in 533102"),
    ({"wants": [want(why=["stay"])]}, "concerns 530624100001 by residence, and only stay counts"),
    ({"wants": [want(statuses=["isolated"])]}, "the status is confirmed, and only isolated counts"),
])  # fmt: skip
def test_why_not(change: dict[str, object], says: str) -> None:
    """What is missing is said, and nothing else."""
    (one,) = applied(agency(**change), case())
    assert not one.applies
    assert len(one.because) == 1
    assert says in one.because[0]


def test_why() -> None:
    """What applies says by which role and which concern."""
    (one,) = applied(agency(), case())
    assert (one.applies, one.because) == (True, ["a case whom 530624100001 concerns by residence"])


def test_reasons_agree_with_routing() -> None:
    """For agencies and cases of many kinds, something is missing exactly when routing's own match finds that the want does not apply."""
    dice, seen = random.Random(8), set()
    for roles, status, region, why in product(([Role.CASE], [Role.CONTACT], [Role.CASE, Role.CONTACT], [Role.RETURNEE]), (None, *Status), ("530624100001", "533102"), Why):
        one: Agency = agency(wants=[want(role=dice.choice(list(Role)), why=dice.sample(list(Why), 2), statuses=dice.choice([None, ["confirmed", "isolated"]]), needs=NEEDS)])
        linked = case(roles=list(roles), status=status, region=region, why=why)
        (found,) = applied(one, linked)
        assert found.applies == bool(grounds(one, linked))
        assert found.applies == found.because[0].startswith("a ")
        seen.add(found.applies)
    assert seen == {True, False}
