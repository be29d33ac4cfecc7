"""What is wrong with an agency beyond its form."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.registry import agencies
from deploy.agencies.check import alone, findings
from deploy.agencies.forms import allowed
from deploy.agencies.rules import RULES, Severity
from schemas.privacy import Privacy
from tests.deploy.agencies.pieces import NEEDS, PURPOSE, agency, told, want

JOINT = {"name": "chain", "legal_basis": "An invented law, art. 20"}
OTHER = PURPOSE | {"name": "other"}
WIDE = {"region": "53", "kind": "province-cdc"}
QUASI = want(fields=["status", "born", "sex", "community"], needs={"sensitive": "They are counted."})
CASES: list[tuple[str, dict[str, Any], str]] = [
    ("legal-basis", {"purposes": [PURPOSE | {"legal_basis": "Because we say so"}]}, "names no article"),
    ("finer", {"wants": [want(fields=["status", "onset"])]}, "onset is finer than day"),
    ("finer", {"kind": "partner", "wants": [want(fields=["born"], forms={"born": ["age_5"]})]}, "born is finer than age_10"),
    ("unused", {"wants": [want(finer={"status": "It is looked at."})]}, "finer.status"),
    ("joint-basis", {"purposes": [PURPOSE | {"joint": {"name": "chain", "legal_basis": "Because we say so"}}]}, "the joint purpose chain names no article"),
    ("division", {"region": "990000"}, "no province"),
    ("division", {"region": "530000"}, "the same as 53"),
    ("needs", {"wants": [want(needs={"sensitive": "They are cared for."})]}, "names are identifying"),
    ("needs", {"wants": [want(needs={"identifying": "They are called."})]}, "status are sensitive"),
    ("role", {"wants": [want(role="returnee", fields=["contacts", "names"])]}, "has no contacts"),
    ("partner", {"kind": "partner"}, "names name the person"),
    ("province-identifying", WIDE, "all of the province 53"),
    ("wide-identifying", {"region": "5306", "kind": "province-cdc"}, "all of the prefecture 5306"),
    ("wide-quasi", WIDE | {"wants": [QUASI]}, "born, community, sex"),
    ("twice", {"purposes": [PURPOSE, OTHER], "wants": [want(), want(purpose="other")]}, "exactly the same"),
    ("twice", {"purposes": [PURPOSE, PURPOSE]}, "stands twice"),
    ("within", {"purposes": [PURPOSE, OTHER], "wants": [want(), want(purpose="other", fields=["names"])]}, "what care gets"),
    ("around-statuses", {"wants": [want(statuses=["isolated"]), want(role="contact")]}, "some statuses"),
    ("around-statuses", {"wants": [want(role="contact")]}, "not there"),
    ("before-accepted", {"wants": [want(role="need", why=["offered", "accepted"], fields=["needs", "phones"])]}, "before the provider accepted"),
    ("kind", {"wants": [want(fields=["documents", "status"])]}, "documents are rarely"),
    ("unused", {"purposes": [PURPOSE, OTHER]}, "nothing is asked for"),
    ("unused", {"wants": [want(needs=NEEDS | {"coded": "They are looked up."})]}, "needs.coded"),
    ("long", {"purposes": [PURPOSE | {"expires_days": 181}]}, "181 days"),
    ("facility-region", {"facility": "HOSP-530624-01"}, "changes nothing"),
    ("delivery", {"deliver": {"kind": "webhook", "url": "http://agency.example", "token_file": "token"}}, "begins with http:"),
    ("delivery", {"deliver": {"kind": "webhook", "url": "https://agency.example"}}, "not set"),
    ("subscribed-area", {"region": None, "facility": "HOSP-1", "subscribes": [told("notice.public")]}, "name the divisions"),
    ("subscribed-area", {"subscribes": [told("dispatch")]}, "a facility is told of its own"),
    ("counts-elsewhere", {"subscribes": [told("signal", regions=["4301"])]}, "4301 is no part of 530624100001"),
    ("counts-elsewhere", {"subscribes": [told("signal", regions=["5306"], small_counts="They are weighed.")]}, "5306 is no part"),
    ("small-counts", {"wants": [want(statuses=["confirmed"])], "subscribes": [told("statistic", small_counts="They are weighed.")]}, "does not ask for every case"),
    ("nested-counts", {"purposes": [PURPOSE, OTHER], "subscribes": [told("statistic"), told("statistic", purpose="other", regions=["530624"])]}, "lies in 530624"),
]  # fmt: skip


def test_a_good_agency_has_no_findings() -> None:
    """Each rule below is broken by the change alone."""
    assert findings(agency()) == []


@pytest.mark.parametrize(("rule", "change", "says"), CASES, ids=[f"{rule}-{number}" for number, (rule, _, _) in enumerate(CASES)])
def test_each_rule_finds_what_is_against_it(rule: str, change: dict[str, Any], says: str) -> None:
    """The rule is named, with the place and what to do."""
    assert any(says in one.problem for one in findings(agency(**change)) if one.rule == rule)


def test_every_rule_is_tried() -> None:
    """No rule is there that no file can break; each says where it is from. The form of files is tried with the command, and what one file cannot show below."""
    assert {rule for rule, _, _ in CASES} == RULES.keys() - {"form", "joint-alone"}
    assert all(one.says and one.source for one in RULES.values())


def test_a_joint_purpose_of_one() -> None:
    """Nothing comes of it, and that is told; with a second agency it is not, and a retired one is none."""
    mine = agency(purposes=[PURPOSE | {"joint": JOINT}])
    other = mine.model_copy(update={"name": "other"})
    assert [(one.agency, one.rule, one.where) for one in alone([mine])] == [("some-agency", "joint-alone", "care")]
    assert alone([mine, other]) == []
    assert len(alone([mine, other.model_copy(update={"retired": True})])) == 1


def test_refusals_come_first() -> None:
    """What stops a file is told before what is doubtful."""
    found = findings(agency(purposes=[PURPOSE | {"expires_days": 400, "legal_basis": "Because we say so"}], kind="partner"))
    severities = [one.severity for one in found]
    assert severities == sorted(severities, key=lambda one: one is not Severity.REFUSED)
    assert set(severities) == set(Severity)


@pytest.mark.parametrize("name", agencies())
def test_shipped_agencies_are_not_refused(name: str) -> None:
    """Each shipped file passes, without a doubt about it."""
    assert findings(agencies()[name]) == []


@pytest.mark.parametrize(("change", "status", "community"), [
    ({}, [], []),
    ({"wants": [QUASI]}, ["day", "place_kind"], ["age_5"]),
    ({"wants": [QUASI], "region": "530624"}, ["day", "township", "place_kind"], ["township", "age_5"]),
    ({"wants": [QUASI], "region": "53"}, ["day", "county", "place_kind"], ["county", "age_5"]),
    ({"wants": [QUASI], "region": "5306", "kind": "partner"}, ["week", "place_kind"], ["age_10"]),
], ids=["names people", "community", "county", "province", "partner"])  # fmt: skip
def test_what_a_purpose_may_have(change: dict[str, Any], status: list[str], community: list[str]) -> None:
    """A purpose that names people all; one that names nobody what is enough for counting, in areas below its own; a partner less."""
    of = agency(**change)
    assert allowed(of, of.purposes[0]) == ({Privacy.SENSITIVE: status, Privacy.QUASI: community} if status else {})


def test_a_reason_for_a_finer_form() -> None:
    """It lets the field through as it is, and another field not; one that is coarse enough needs none."""
    named = {"at": ["day"], "why": ["community"]}
    wanted = want(fields=["status", "onset", "since"], forms=named | {"since": ["week"]}, finer={"onset": "Incubation is counted in hours."})
    assert [one for one in findings(agency(wants=[wanted])) if one.rule in ("finer", "unused") and "onset" in one.problem + one.where] == []
    (one,) = [one for one in findings(agency(wants=[wanted | {"forms": named}])) if one.rule == "finer"]
    assert "since is finer than day" in one.problem
