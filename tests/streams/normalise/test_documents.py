"""Documents: which are handles, which were misread, and what a resident number implies."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.source import PersonMap
from streams.normalise.person import Person
from streams.normalise.understand import read
from tests.streams.trial import KEYS

WHERE = PersonMap(document="id_no", sex="sex", born="born", age="age")
TYPED = WHERE.model_copy(update={"document_checked": False})
FOREIGN = PersonMap(
    name="name", document="number", document_kind="kind", nationality="country",
    document_words={"passport": "passport", "护照": "passport", "border-certificate": "border-certificate", "resident": "resident", "none": "none", "": "none"},
)  # fmt: skip
NUMBER, WRONG = "11010519491231002X", "110105194912310021"


def person(where: PersonMap = WHERE, **fields: Any) -> Person:
    """A person of some fields."""
    return read(fields, where)


@pytest.mark.parametrize("number", ["12/OUKAMA(N)123456", "12/oukama (n) 123456", "12-OUKAMA-N-123456", "１２/OUKAMA(N)123456", "12OUKAMAN123456"])
def test_foreign_numbers_in_one_form(number: str) -> None:
    """Signs, spaces and capitals of a foreign document do not count."""
    found = person(FOREIGN, kind="border-certificate", number=number, country="mm")
    assert found.handles == {"document": ("border-certificate", "MM", "12OUKAMAN123456")}
    assert found.identifiers == {"document": "border-certificate:12OUKAMAN123456", "nationality": "MM"}


@pytest.mark.parametrize("number", ["E12", "E" * 21, "မြန်မာ 123456", "E123456!"])
def test_no_foreign_number(number: str) -> None:
    """Too short, too long, or in another script: refused at its field."""
    found = person(FOREIGN, kind="passport", number=number, country="MM")
    assert [reason.field for reason in found.reasons] == ["number"]


def test_kinds_and_countries_keep_documents_apart() -> None:
    """The same number in another kind of document or of another country is another handle; the source's words for a kind are one."""
    tokens = [person(FOREIGN, kind=kind, number="AB123456", country=country).tokens(KEYS)["document"] for kind, country in (
        ("passport", "MM"), ("护照", "mm"), ("PASSPORT", "ＭＭ"), ("border-certificate", "MM"), ("passport", "LA"))]  # fmt: skip
    assert tokens[0] == tokens[1] == tokens[2]
    assert len(set(tokens)) == 3


def test_a_source_without_countries() -> None:
    """Foreign documents of a source that names no countries are kept as China's, so that they are the same among themselves; an empty country is none."""
    where = FOREIGN.model_copy(update={"nationality": None})
    assert person(where, kind="passport", number="AB123456", country="MM").handles == {"document": ("passport", "CN", "AB123456")}
    assert person(FOREIGN, kind="passport", number="AB123456").handles == {"document": ("passport", "", "AB123456")}


def test_a_resident_number_is_the_same_from_every_source() -> None:
    """A source that names kinds of documents and one that has only resident numbers give one handle; of no country but China."""
    there = person(FOREIGN, kind="resident", number=NUMBER, country="MM").tokens(KEYS)
    assert there == person(id_no=NUMBER).tokens(KEYS)


@pytest.mark.parametrize("kind", ["driving licence", "Passport!"])
def test_unknown_kind_of_document(kind: str) -> None:
    """A kind that the source does not name is refused with those that it does, and the number is not taken for a resident's."""
    found = person(FOREIGN, kind=kind, number=NUMBER, country="MM")
    assert [reason.field for reason in found.reasons] == ["kind"]
    assert "护照" in found.reasons[0].problem
    assert kind not in found.reasons[0].problem
    assert not found.handles


@pytest.mark.parametrize("kind", ["none", ""])
def test_no_document(kind: str) -> None:
    """Who has no document gives none, whatever stands in the field of the number."""
    assert person(FOREIGN, kind=kind, number="---") == Person()


@pytest.mark.parametrize("written", [WRONG, "110105 19491231 0021", "１10105194912310021", "11010519491231020x"])
def test_a_number_that_somebody_mistyped(written: str) -> None:
    """Where people type numbers, one whose check digit does not fit is no handle and no mistake of the record: it is kept as it was typed, and implies nothing."""
    found = person(TYPED, id_no=written)
    assert not found.handles
    assert not found.reasons
    (document,) = found.identifiers.values()
    assert document.startswith("resident?:110105194912310")
    assert len(document) == len("resident?:") + 18


def test_a_right_number_that_somebody_typed() -> None:
    """A number that fits is a handle from a source that does not check too, and the same as everywhere."""
    assert person(TYPED, id_no=NUMBER) == person(id_no=NUMBER)


@pytest.mark.parametrize("written", ["11010519491231", "护照 E123", "1101051949123100211", "999999194912310025"])
def test_what_is_no_misread_number(written: str) -> None:
    """Another form than that of a number is refused wherever it was typed, and so is a number that fits and can be nobody's."""
    assert [reason.field for reason in person(TYPED, id_no=written).reasons] == ["id_no"]


def test_a_checked_number_that_does_not_fit() -> None:
    """By default, a check digit that does not fit refuses the record."""
    found = person(id_no=WRONG)
    assert [reason.field for reason in found.reasons] == ["id_no"]
    assert not found.identifiers


def test_what_a_number_implies_and_a_record_says() -> None:
    """A number implies birth and sex; what the record says of them stands instead of it, but an age does not, which says less."""
    assert person(id_no=NUMBER).identifiers == {"document": f"resident:{NUMBER}", "born": "1949-12-31", "sex": "female"}
    said = read({"id_no": NUMBER, "sex": "男", "born": "1950", "age": "70"}, WHERE, "2020-01-01").identifiers
    assert said == {"document": f"resident:{NUMBER}", "born": "1950", "sex": "male"}
    assert read({"id_no": NUMBER, "age": "20", "sex": "未知"}, WHERE, "2020-01-01").identifiers == person(id_no=NUMBER).identifiers
