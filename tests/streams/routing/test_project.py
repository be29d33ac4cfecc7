"""The fields that leave, and no others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.models.case import Meeting, Role, Status, What
from schemas.models.release import View
from schemas.tokens import Keys
from streams.routing.codes import Codes
from streams.routing.match import grounds
from streams.routing.project import project, release, released
from tests.streams.routing.cases import COUNTY, ME, NOON, agency, case, concern, entry, sealed, want
from tests.streams.trial import DAY, KEYS

OTHER = "2" * 32
CODES = Codes(agency(), agency().purposes[0], KEYS)
OPENED = {"names", "phones", "documents", "born", "sex"}
CODED = {"timeline", "contacts", "contact_of"}
FIELDS = sorted(View.model_fields)
FULL = case(
    onset=NOON - DAY, grid_worker="GW-1", clinic="CLIN-1", referred_to="HOSP-1", responsible=COUNTY, timeline=[entry("CLIN-1", What.SEEN)],
    contacts=[Meeting(person=OTHER, first=NOON, last=NOON, places=["MKT-1"], depth=1)], contact_of=[Meeting(person=OTHER, first=NOON, last=NOON, places=[], depth=1)],
    sealed=[sealed(ME, name="王芳", phone="+8613800000001", document="resident:11010519491231002X", born="1949-12-31", sex="female"), sealed(OTHER, name="Wang Fang")],
)  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(st.sets(st.sampled_from(FIELDS)))
def test_no_field_leaves_that_was_not_named(fields: set[str]) -> None:
    """Whatever fields an agency names: the view has these, as the case has them, and nothing of any other, not even inside."""
    view = project(FULL, fields, CODES)
    assert released(view) == sorted(fields)
    assert {name: getattr(view, name) for name in fields - OPENED - CODED} == {name: getattr(FULL, name) for name in fields - OPENED - CODED}
    written = view.model_dump_json()
    secrets = {"names": "王芳", "phones": "13800000001", "documents": "11010519491231002X", "born": "1949-12-31", "sex": "female", "grid_worker": "GW-1", "onset": str(NOON - DAY)}
    assert {name for name, secret in secrets.items() if secret in written} == fields & secrets.keys()


def test_identifiers_are_opened_sorted_and_once() -> None:
    """What several aliases say of one thing is one list without repetition; a thing that no alias has is an empty list, not null, for the field was released."""
    twice = case(sealed=[sealed(ME, name="王芳"), sealed(OTHER, name="王芳", phone="+8613800000001"), sealed("3" * 32, name="Wang Fang")])
    view = project(twice, {"names", "phones", "documents"}, CODES)
    assert (view.names, view.phones, view.documents, view.born) == (["Wang Fang", "王芳"], ["+8613800000001"], [], None)


def test_identifiers_stay_sealed_unless_they_are_named() -> None:
    """Without a named identifier no seal is opened: keys that could not open them do no harm. With one, wrong keys are an error and never an empty field."""
    others = Keys(b"another secret that is of no use elsewhere")
    assert project(FULL, {"status", "timeline"}, replace(CODES, keys=others)).status is Status.CONFIRMED
    with pytest.raises(InvalidTag):
        project(FULL, {"names"}, replace(CODES, keys=others))


def test_a_release_says_why_for_what_and_how_long() -> None:
    """It names agency, person, roles, purpose, legal basis and concerns, is caused by the case, and expires the purpose's days after the case's latest event."""
    of = agency(wants=[want(fields=["status"]), want(role="contact", fields=["contact_of"])])
    told = case(roles=[Role.CASE, Role.CONTACT])
    (ground,) = grounds(of, told)
    found = release(of, told, ground, KEYS)
    assert (found.agency, found.person, found.roles, found.purpose, found.legal_basis) == ("county-cdc", CODES.person(ME), [Role.CASE, Role.CONTACT], "investigation", "Law, article 1")
    assert (found.at, found.expires, found.causes, found.why) == (NOON, NOON + 90 * DAY, [CODES.fact(told.id)], [concern(f"{COUNTY}100001")])
    assert released(found.view) == ["contact_of", "status"]


@pytest.mark.parametrize(("roles", "fields"), [([Role.CASE], ["status"]), ([Role.CONTACT], ["contact_of"]), ([Role.CASE, Role.CONTACT], ["contact_of", "status"])])
def test_fields_are_those_of_the_wants_that_apply(roles: list[Role], fields: list[str]) -> None:
    """A want whose role the person does not have releases none of its fields."""
    of = agency(wants=[want(fields=["status"]), want(role="contact", fields=["contact_of"])])
    told = case(roles=roles)
    assert released(release(of, told, grounds(of, told)[0], KEYS).view) == fields


@pytest.mark.parametrize("view", [View(), View(status=Status.DIED), View(names=[], onset=0)])
def test_released_names_what_is_not_null(view: View) -> None:
    """The names of the fields that a view carries, sorted; an empty list and the moment zero are carried."""
    content: dict[str, Any] = {name: value for name, value in view.model_dump().items() if value is not None}
    assert released(view) == sorted(content)
