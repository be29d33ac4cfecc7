"""Which linked cases concern an agency, for which purpose, and by what."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.models.case import LinkedCase, Role, Status, What, Why
from streams.routing.match import grounds
from tests.streams.routing.cases import COUNTY, HOSPITAL, agency, case, concern, entry, hospital, want


@pytest.mark.parametrize(
    ("region", "near"),
    [(COUNTY, True), (f"{COUNTY}100", True), (f"{COUNTY}100001003", True), ("5306", False), ("53", False), ("530625", False), ("5306240", True), ("420100", False)],
)
def test_a_region_lies_in_another(region: str, near: bool) -> None:
    """A case concerns an agency when its region is the agency's or lies in it; a larger region around it, such as the whole province, does not."""
    assert bool(grounds(agency(), case(concerns=[concern(region)]))) == near


@pytest.mark.parametrize(
    ("changes", "whys", "expected"),
    [
        ({"why": ["residence"]}, [Why.RESIDENCE], True), ({"why": ["residence"]}, [Why.STAY, Why.DETECTION], False), ({"why": ["stay", "detection"]}, [Why.DETECTION], True),
        ({"why": ["residence"]}, [], False),
    ],
)  # fmt: skip
def test_how_it_concerns_counts(changes: dict[str, Any], whys: list[Why], expected: bool) -> None:
    """A want applies only to the ways of concern that it names."""
    assert bool(grounds(agency(wants=[want(**changes)]), case(concerns=[concern(COUNTY, why) for why in whys]))) == expected


@pytest.mark.parametrize(
    ("changes", "told", "expected"),
    [
        ({}, {"roles": [Role.CASE]}, True), ({}, {"roles": [Role.CONTACT]}, False), ({"role": "contact"}, {"roles": [Role.CASE, Role.CONTACT]}, True),
        ({"statuses": ["confirmed"]}, {"status": Status.CONFIRMED}, True), ({"statuses": ["suspected"]}, {"status": Status.CONFIRMED}, False),
        ({"statuses": None}, {"status": Status.RULED_OUT}, True), ({"statuses": ["confirmed"]}, {"status": None}, False),
        ({"role": "contact", "statuses": ["confirmed"]}, {"roles": [Role.CONTACT], "status": None}, True),
    ],
)  # fmt: skip
def test_role_and_status(changes: dict[str, Any], told: dict[str, Any], expected: bool) -> None:
    """A want is of one role, and for the role case of the statuses that it names, if it names any; statuses do not matter for contacts and returnees."""
    assert bool(grounds(agency(wants=[want(**changes)]), case(**told))) == expected


def test_one_ground_for_each_purpose() -> None:
    """Wants of one purpose make one ground, with the concerns that any of them names; each purpose has its own, in the order of the file."""
    of = agency(
        purposes=[{"name": name, "legal_basis": "Law, article 1", "expires_days": 9} for name in ("care", "investigation", "research")],
        wants=[want(why=["stay"]), want(role="contact", why=["detection"]), want(purpose="care"), want(purpose="research", why=["detection"], role="returnee")],
    )
    concerns = [concern(COUNTY, Why.RESIDENCE), concern(f"{COUNTY}100", Why.STAY), concern(COUNTY, Why.DETECTION), concern("420100", Why.STAY)]
    care, investigation = grounds(of, case(roles=[Role.CASE, Role.CONTACT], concerns=concerns))
    assert (care.purpose.name, [one.role for one in care.wants], care.why) == ("care", [Role.CASE], [concerns[0]])
    assert (investigation.purpose.name, [one.role for one in investigation.wants]) == ("investigation", [Role.CASE, Role.CONTACT])
    assert investigation.why == [concerns[1], concerns[2]]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"timeline": [entry(HOSPITAL, What.SEEN)]}, Why.DETECTION), ({"timeline": [entry(HOSPITAL, What.ADMITTED)]}, Why.DETECTION),
        ({"timeline": [entry(HOSPITAL, What.POSITIVE)]}, Why.DETECTION), ({"timeline": [entry(HOSPITAL, What.STAY)]}, Why.DETECTION), ({"referred_to": HOSPITAL}, Why.STAY),
    ],
)  # fmt: skip
def test_a_facility_is_concerned_by_who_was_there(told: dict[str, Any], why: Why) -> None:
    """A hospital or port gets who was seen, found, admitted or passed there, and who was referred to it; not who lives around it."""
    (ground,) = grounds(hospital(), case(**told))
    assert ground.why == [concern(HOSPITAL, why)]


@pytest.mark.parametrize("told", [{}, {"timeline": [entry("HOSP-10")]}, {"timeline": [entry(HOSPITAL, What.SYMPTOM)]}, {"referred_to": "HOSP-2"}, {"concerns": [concern(COUNTY, Why.DETECTION)]}])
def test_a_facility_is_not_concerned_by_others(told: dict[str, Any]) -> None:
    """Another facility whose code begins alike, a symptom noted there, another referral or the county around it is no concern of a facility."""
    assert grounds(hospital(region=COUNTY), case(**told)) == []


def test_nothing_concerns_nobody() -> None:
    """A case without regions goes to no agency."""
    found: LinkedCase = case(concerns=[])
    assert grounds(agency(), found) == grounds(hospital(), found) == []
