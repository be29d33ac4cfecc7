"""What a changed file would release more and less."""

from __future__ import annotations

import random
from typing import Any

import pytest

from deploy.agencies.diff import Direction, changes
from schemas.agency import Agency
from schemas.models.case import LinkedCase, Role, Status, Why
from schemas.privacy import Privacy
from streams.routing.match import grounds
from streams.routing.project import release
from tests.deploy.agencies.pieces import KEYS, PURPOSE, agency, case, want

JOINT = {"name": "chain", "legal_basis": "An invented law, art. 20"}
FIELDS = ["status", "community", "grid_worker", "names", "phones"]


def test_nothing_changes() -> None:
    """A file against itself, and against one that says the same in two wants, has no changes."""
    assert changes(agency(), agency()) == []
    assert changes(agency(), agency(wants=[want(fields=["status"]), want(fields=["names"])])) == []


def test_statuses_are_counted_as_routing_counts_them() -> None:
    """For contacts statuses make no difference; for cases all of them are one less than none named, which takes cases without a status too."""
    assert changes(agency(wants=[want(role="contact")]), agency(wants=[want(role="contact", statuses=["isolated"])])) == []
    found = changes(agency(), agency(wants=[want(statuses=[status.value for status in Status])]))
    assert {(one.direction, one.says.partition(", ")[2]) for one in found} == {(Direction.LESS, "of cases that are without a status")}


@pytest.mark.parametrize(("change", "direction", "says"), [
    ({"region": "5306"}, Direction.MORE, "people of all of 5306 instead of 530624100001 alone"),
    ({"region": "530624100001003"}, Direction.LESS, "people of 530624100001003 alone instead of all of 530624100001"),
    ({"region": "533102"}, Direction.MORE, "people whom 533102 concerns"),
    ({"region": None, "facility": "HOSP-530624-01"}, Direction.LESS, "people whom 530624100001 concerns"),
    ({"purposes": [PURPOSE | {"expires_days": 60}]}, Direction.MORE, "kept 60 days instead of 30"),
    ({"purposes": [PURPOSE | {"expires_days": 10}]}, Direction.LESS, "kept 10 days instead of 30"),
    ({"purposes": [PURPOSE | {"legal_basis": "Another law, art. 2"}]}, Direction.OTHER, "the Another law, art. 2 instead"),
    ({"wants": [want(forms={"at": ["week"]})]}, Direction.LESS, "at is released by week instead of by what it is"),
    ({"wants": [want(), want(fields=["status"], forms={"at": ["week"]}, finer={"at": "Because."})]}, Direction.OTHER, "other reasons are given for finer"),
    ({"purposes": [PURPOSE | {"joint": JOINT}]}, Direction.MORE, "can be joined with those of all who name the joint purpose chain"),
    ({"purposes": [PURPOSE, PURPOSE | {"name": "new"}]}, Direction.MORE, "a new purpose"),
    ({"wants": [want(fields=["status", "names", "phones"])]}, Direction.MORE, "telephone numbers 电话 is released by residence"),
    ({"wants": [want(fields=["status"])]}, Direction.LESS, "names 姓名 is released no more"),
    ({"wants": [want(why=["residence", "stay"])]}, Direction.MORE, "names 姓名 is also released by stay"),
    ({"wants": [want(statuses=["isolated"])]}, Direction.LESS, "is no longer released by residence, of cases that are"),
    ({"deliver": {"kind": "webhook", "url": "https://agency.example"}}, Direction.OTHER, "delivery to https://agency.example, signed with nothing"),
    ({"kind": "hospital"}, Direction.OTHER, "a hospital"),
    ({"says": "Another."}, Direction.OTHER, "in other words"),
    ({"wants": [want(needs={})]}, Direction.OTHER, "other reasons"),
])  # fmt: skip
def test_each_change_is_said(change: dict[str, Any], direction: Direction, says: str) -> None:
    """Each part of a file that is changed alone gives its change, and back the other way it is one the other way round."""
    found = changes(agency(), agency(**change))
    assert any(says in one.says for one in found if one.direction is direction)
    opposite = {Direction.MORE: Direction.LESS, Direction.LESS: Direction.MORE, Direction.OTHER: Direction.OTHER}[direction]
    assert opposite in {one.direction for one in changes(agency(**change), agency())}


def test_another_joint_purpose() -> None:
    """With others instead of some is more and less; under another law alone is neither."""
    old = agency(purposes=[PURPOSE | {"joint": JOINT}])
    assert {one.direction for one in changes(old, agency(purposes=[PURPOSE | {"joint": JOINT | {"name": "other"}}]))} == {Direction.MORE, Direction.LESS}
    (one,) = changes(old, agency(purposes=[PURPOSE | {"joint": JOINT | {"legal_basis": "Another law, art. 2"}}]))
    assert (one.direction, "Another law, art. 2 instead" in one.says) == (Direction.OTHER, True)


def test_the_strictest_class_comes_first() -> None:
    """Of what is released more, what names the person is told first; each field has its class."""
    found = changes(agency(wants=[want(fields=["grid_worker"])]), agency(wants=[want(fields=["grid_worker", "sex", "status", "phones"])]))
    assert [(one.field, one.privacy) for one in found] == [("phones", Privacy.IDENTIFYING), ("status", Privacy.SENSITIVE), ("sex", Privacy.QUASI)]


def test_no_release_changes_unsaid() -> None:
    """For many pairs of files and cases of every kind: whatever field routing itself releases under one and not under the other is among the changes, the right way."""
    dice = random.Random(8)
    cases = [case(roles=roles, status=status, why=why) for roles in ([Role.CASE], [Role.CONTACT], [Role.CASE, Role.CONTACT]) for status in (None, *Status) for why in Why]
    gained = 0
    for _ in range(60):
        old, new = _any(dice), _any(dice)
        said = {(one.direction, one.field) for one in changes(old, new)}
        for one in cases:
            before, after = _released(old, one), _released(new, one)
            assert all((Direction.MORE, field) in said for field in after - before)
            assert all((Direction.LESS, field) in said for field in before - after)
            gained += len(after - before)
    assert gained > 100


def _any(dice: random.Random) -> Agency:
    wants = [want(role=dice.choice(list(Role)), why=dice.sample(list(Why), dice.randint(1, 3)), fields=dice.sample(FIELDS, 3),
                  statuses=dice.choice([None, ["confirmed"], ["isolated", "recovered"]])) for _ in range(3)]  # fmt: skip
    return agency(wants=wants)


def _released(one: Agency, linked: LinkedCase) -> set[str]:
    found = [release(one, linked, ground, KEYS) for ground in grounds(one, linked)]
    return {field for each in found for field in each.view.model_fields_set}
