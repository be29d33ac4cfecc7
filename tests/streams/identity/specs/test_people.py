"""What the shipped spec and model for people make of two profiles. All people are invented."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from streams.identity.compare import Comparer
from streams.identity.keys import Blocking
from streams.identity.model import check, shipped
from streams.identity.score import Scorer
from streams.identity.spec import shipped as shipped_spec
from streams.normalise.resident import check_digit

SPEC, MODEL = shipped_spec("people"), shipped("people")
COMPARE, SCORE, BLOCKING = Comparer(SPEC), Scorer(SPEC, MODEL), Blocking(SPEC)
Says = Mapping[str, str]

NAME = {"name": "杨测试"}
PHONE = {"phone": "+8613800000001"}
BORN = {"born": "1980-03-05"}
AGE = {"born": "1979-07-02/1980-07-01"}
HOME = {"region": "530624100201"}
HOUSEHOLD = {"household": "h1"}
MALE, FEMALE = {"sex": "male"}, {"sex": "female"}


def _number(first: str) -> dict[str, str]:
    return {"document": f"resident:{first}{check_digit(first)}"}


NUMBER, OTHER_NUMBER = _number("53062419800305997"), _number("53062419800305995")
MISREAD = {"document": NUMBER["document"].replace("resident", "resident?").replace("1980", "1990")}


def grade(a: Says, b: Says) -> str:
    """What `pairs` makes of two profiles with one value in each field: link, review, or no; no, too, when no blocking key brings them together."""
    one, other = (COMPARE.prepare({field: [value] for field, value in says.items()}) for says in (a, b))
    if not {*BLOCKING.keys(one)} & {*BLOCKING.keys(other)}:
        return "no"
    weight = SCORE.score(one, other)
    if weight < SPEC.review * 1000:
        return "no"
    return "link" if weight >= SPEC.link * 1000 and not COMPARE.contradiction(COMPARE.levels(one, other)) else "review"


def test_model_is_for_the_spec() -> None:
    """The model has the fields and levels of the spec; no phone, document, household or birth date is told in it as a frequent term."""
    check(MODEL, SPEC)
    assert {name for name, field in MODEL.fields.items() if field.terms} == {"name", "sex", "nationality"}


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (NAME | PHONE | BORN, NAME | PHONE | AGE),
        (NAME | BORN | MALE | HOME, {"name": "楊測試"} | BORN | MALE | HOME),
        (NAME | BORN | MALE | HOME, {"name": "杨侧试"} | BORN | MALE | HOME),
        (NAME | BORN | MALE | PHONE, {"name": "YANG CESHI"} | BORN | MALE | PHONE),
        (NAME | BORN | MALE | HOME, NAME | {"born": "1980-05-03"} | MALE | HOME),
        (NAME | BORN | MALE | HOME, NAME | {"born": "1980-01-19"} | MALE | HOME),
        (NAME | BORN | MALE | HOME, NAME | {"born": "1980"} | MALE | HOME),
        (NAME | NUMBER | BORN | MALE, NAME | MISREAD),
        ({"name": "买买提·测试"} | BORN | PHONE, {"name": "测试"} | BORN | PHONE),
        ({"name": "Aung Khin Test", "nationality": "MM"} | BORN | PHONE, {"name": "Oung Kin Test", "nationality": "MM"} | BORN | PHONE),
    ],
)
def test_errors_that_are_got_past(a: Says, b: Says) -> None:
    """Each usual error in one field is linked when others say enough."""
    assert grade(a, b) == grade(b, a) == "link"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (PHONE, PHONE | NAME),
        (PHONE, PHONE),
        (NAME | AGE | MALE, NAME | AGE | MALE),
        (NAME | AGE, NAME | BORN | MALE),
        (NAME, NAME | HOME),
        ({"name": "王小样"} | PHONE, NAME | PHONE | HOME),
        (HOUSEHOLD | MALE, HOUSEHOLD | NAME | MALE),
        (HOUSEHOLD | AGE | MALE, HOUSEHOLD | AGE | MALE),
        ({"name": "Aung Khin", "nationality": "MM"}, {"name": "Oung Kin", "nationality": "MM"}),
        ({"name": "Aung Khin", "nationality": "MM"} | PHONE, {"name": "Oung Kin", "nationality": "MM"} | PHONE),
        ({"name": "昂钦"} | PHONE | MALE, {"name": "Aung Khin"} | PHONE | MALE),
    ],
)
def test_weak_evidence_never_links(a: Says, b: Says) -> None:
    """Only a phone; only a name and an age; a child with a carer's phone; a household known by its number; two spellings and no document: a steward at most."""
    assert grade(a, b) in {"review", "no"}
    assert grade(a, b) == grade(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (NAME | PHONE | BORN | MALE | HOUSEHOLD | HOME, {"name": "杨测验"} | PHONE | BORN | MALE | HOUSEHOLD | HOME),
        (NAME | NUMBER | BORN | MALE | PHONE | HOME, NAME | OTHER_NUMBER | BORN | MALE | PHONE | HOME),
        (NAME | PHONE | BORN | MALE | HOUSEHOLD | HOME, {"name": "杨样本"} | PHONE | {"born": "2010-11-21"} | MALE | HOUSEHOLD | HOME),
        (NAME | PHONE | BORN | MALE | HOUSEHOLD | HOME, {"name": "李样本"} | PHONE | {"born": "1981-11-21"} | FEMALE | HOUSEHOLD | HOME),
        (NAME | BORN | MALE, NAME | {"born": "1991-11-21"} | MALE),
    ],
)
def test_people_who_are_alike_are_not_linked(a: Says, b: Says) -> None:
    """Twins, two valid numbers, father and son, husband and wife, and namesakes are two people, whatever they share."""
    assert grade(a, b) in {"review", "no"}


def test_a_rare_name_counts_more() -> None:
    """The same birth date and county link two of a rare name more surely than two of a frequent one."""
    weights = []
    for name in ("王芳", "佴犇骉"):
        one = COMPARE.prepare({"name": [name], **{field: [value] for field, value in (BORN | FEMALE | HOME).items()}})
        weights.append(SCORE.score(one, one))
    assert weights[0] < weights[1] - 2000


def test_a_document_says_what_it_implies_once() -> None:
    """With one resident number, birth date and sex add nothing."""
    bare, full = (COMPARE.prepare({field: [value] for field, value in says.items()}) for says in (NUMBER, NUMBER | BORN | MALE))
    assert SCORE.score(bare, bare) == SCORE.score(full, full)


def test_a_home_is_one_piece_of_evidence() -> None:
    """With one phone, the same household, address and community add nothing."""
    home = HOUSEHOLD | HOME | {"address": "和平路12号3栋401室"}
    bare, full = (COMPARE.prepare({field: [value] for field, value in says.items()}) for says in (NAME | PHONE, NAME | PHONE | home))
    assert SCORE.score(bare, bare) == SCORE.score(full, full)
