"""Coarser forms: what each makes of a value, and that a release has them as its file asks for."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.agency import Want
from schemas.forms import DIMENSIONS, OF_FIELD, Form, finer, finest
from schemas.models.case import Meeting, What, Why
from schemas.models.fact import Millis
from schemas.models.release import Coarse
from schemas.vocabulary import vocabulary
from streams.routing.coarse import age, area, concerns, moment, place
from streams.routing.match import grounds
from streams.routing.project import forms_of, release
from tests.oracle.content import content
from tests.oracle.releases import releases
from tests.streams.routing.cases import ME, NOON, agency, case, concern, entry, sealed, want
from tests.streams.trial import DAY, KEYS, at

DAY_, WEEK = [Form.DAY], [Form.WEEK]


@pytest.mark.parametrize(("told", "forms", "said"), [
    ("2020-01-22 00:00", DAY_, "2020-01-22 00:00"), ("2020-01-22 23:59", DAY_, "2020-01-22 00:00"), ("2020-01-22 07:30", DAY_, "2020-01-22 00:00"),
    ("2020-01-22 12:00", WEEK, "2020-01-20 00:00"), ("2020-01-20 00:00", WEEK, "2020-01-20 00:00"), ("2020-01-19 23:59", WEEK, "2020-01-13 00:00"),
    ("2020-01-01 05:00", WEEK, "2019-12-30 00:00"), ("2020-01-22 12:34", [], "2020-01-22 12:34"), ("2020-01-22 12:34", [Form.COUNTY], "2020-01-22 12:34"),
])  # fmt: skip
def test_moments(told: str, forms: list[Form], said: str) -> None:
    """The beginning of the day or of the ISO week, in China and not in UTC; across the end of a year too."""
    assert moment(at(told), forms) == at(said)


@pytest.mark.parametrize(("code", "form", "said"), [
    ("530624100001003", Form.COMMUNITY, "530624100001"), ("530624100001003", Form.TOWNSHIP, "530624100"), ("530624100001003", Form.COUNTY, "530624"),
    ("530624100001003", Form.PREFECTURE, "5306"), ("530624100001003", Form.PROVINCE, "53"), ("5306", Form.COUNTY, "5306"), ("PORT-RUILI", Form.PROVINCE, "PORT-RUILI"),
])  # fmt: skip
def test_areas(code: str, form: Form, said: str) -> None:
    """The code down to the level; a shorter one, and the code of a facility, as it is."""
    assert (area(code, [form]), area(code, [])) == (said, code)


def test_concerns_are_said_once() -> None:
    """Regions that are one at their level are one line for each reason, sorted."""
    told = [concern("530624100002"), concern("530624100001"), concern("530624100001", Why.STAY)]
    assert concerns(told, [Form.COUNTY]) == [concern("530624"), concern("530624", Why.STAY)]


@pytest.mark.parametrize(("code", "said"), [("MKT-530624-01", "market"), ("HOSP-1", "hospital"), ("0" * 32, "other"), ("", "other"), ("某市场", "other")])
def test_places(code: str, said: str) -> None:
    """The kind by the letters of the code; whatever says no kind is another place, and never its own kind."""
    assert (place(code, [Form.PLACE_KIND]), place(code, DAY_)) == (said, code)


@pytest.mark.parametrize(("born", "form", "said"), [
    ("1980-01-22", Form.AGE_10, "40-49"), ("1980-01-23", Form.AGE_10, "30-39"), ("1980-01-23", Form.AGE_5, "35-39"), ("1980-01-22", Form.AGE_5, "40-44"),
    ("1980", Form.AGE_10, "30-49"), ("1978", Form.AGE_10, "40-49"), ("1980-01", Form.AGE_10, "30-49"), ("1980-02", Form.AGE_10, "30-39"),
    ("1979-02-04/1980-02-03", Form.AGE_5, "35-44"), ("1984-01-23/1985-01-22", Form.AGE_5, "35-39"), ("2020-01-22", Form.AGE_5, "0-4"),
    ("2021-05-05", Form.AGE_5, "0-4"), ("1930-01-22", Form.AGE_10, "90+"), ("1900-02-28", Form.AGE_5, "90+"), ("1930-01-23", Form.AGE_10, "80-89"),
    ("1930", Form.AGE_5, "85+"), ("1980-02-29", Form.AGE_5, "35-39"),
])  # fmt: skip
def test_ages(born: str, form: Form, said: str) -> None:
    """Completed years on the day in China; a part of a date and an interval give as wide a band as they leave open; from 90 on all are one."""
    late = at("2020-01-22 07:00")
    assert (age(born, [form], late), age(born, [], late)) == (said, born)


def test_every_kind_of_place_is_a_word() -> None:
    """No kind is the beginning of a code."""
    assert all(kind.isalpha() and kind.islower() for kind in vocabulary("places").values())


forms = st.builds(lambda every: [form for form in every if form], st.tuples(*(st.sampled_from([None, *each]) for each in DIMENSIONS.values())))


@given(st.lists(forms, min_size=1, max_size=4))
def test_the_finest_is_not_finer_than_any(stated: list[list[Form]]) -> None:
    """Asked for several times, a field leaves as fine as the finest in each dimension: finer than none of them is coarser, and never finer than all."""
    found = finest(stated)
    assert not any(finer(found, [form]) for form in set.intersection(*(set(one) for one in stated)))
    for forms_ in DIMENSIONS.values():
        mine = [next((form for form in one if form in forms_), None) for one in stated]
        assert next((form for form in found if form in forms_), None) == (None if None in mine else min((one for one in mine if one), key=forms_.index))


@pytest.mark.parametrize(("change", "says"), [
    ({"forms": {"names": ["day"]}}, "is not among the fields"), ({"forms": {"status": ["day"]}}, "it has no coarser form|has no day"),
    ({"forms": {"community": ["day"]}}, "community has no day; it has area"), ({"forms": {"at": ["day", "week"]}}, "one form of each dimension"),
    ({"forms": {"at": []}}, "one form of each dimension"),
])  # fmt: skip
def test_forms_that_mean_nothing_are_refused(change: dict[str, Any], says: str) -> None:
    """A form of a field that is not released, of another dimension, or two of one."""
    with pytest.raises(ValidationError, match=says):
        Want.model_validate(want(**change))


FULL = case(
    onset=NOON - DAY, clinic="CLIN-1", referred_to="HOSP-1", concerns=[concern("530624100001003"), concern("530624100001", Why.STAY)],
    timeline=[entry("CLIN-1", What.SEEN), entry("MKT-1", What.STAY)], community="530624100001003",
    contacts=[Meeting(person="2" * 32, first=NOON, last=NOON + 5, places=["MKT-1", "MKT-2"], depth=1)], sealed=[sealed(ME, born="1949-12-31", name="王芳")],
)  # fmt: skip
_COARSE: dict[str, st.SearchStrategy[list[Form]]] = {
    field: st.tuples(*(st.sampled_from([None, *DIMENSIONS[name]]) for name in names)).map(lambda every: [form for form in every if form]) for field, names in OF_FIELD.items()
}


def _want(stated: dict[str, list[Form]]) -> Want:
    return Want.model_validate(want(fields=[field for field in OF_FIELD if field not in ("at", "why")], forms={field: forms for field, forms in stated.items() if forms}))


@settings(deadline=None, max_examples=150)
@given(st.lists(st.fixed_dictionaries({}, optional=_COARSE).map(_want), min_size=1, max_size=2), st.integers(0, 40 * DAY))
def test_a_release_is_as_coarse_as_the_oracle_says(wants: list[Want], later: Millis) -> None:
    """Whatever forms its wants ask for: every field, the moment, the regions and the end of a release are what plain arithmetic makes of them."""
    of = agency().model_copy(update={"wants": wants})
    told = FULL.model_copy(update={"at": NOON + later, "onset": NOON - later})
    (ground,) = grounds(of, told)
    assert [content(release(of, told, ground, KEYS), KEYS)] == releases(of, content(told, KEYS), KEYS)


def test_a_release_says_its_forms() -> None:
    """Field by field, sorted; a retraction says none, and a want without forms none."""
    of = agency(wants=[want(fields=["since", "contacts"], forms={"since": ["day"], "contacts": ["week", "place_kind"], "at": ["week"]})])
    (ground,) = grounds(of, FULL)
    found = release(of, FULL, ground, KEYS)
    assert found.forms == [Coarse(field="at", form=Form.WEEK), Coarse(field="contacts", form=Form.WEEK), Coarse(field="contacts", form=Form.PLACE_KIND),
                           Coarse(field="since", form=Form.DAY)]  # fmt: skip
    assert (found.at, found.view.since) == (at("2020-01-20 00:00"), at("2020-01-20 00:00"))
    assert found.taken_back().forms == []
    assert forms_of([Want.model_validate(want())]) == {}
