"""The handles of a person, what is sealed, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.source import PersonMap
from streams.normalise.person import REASONS, Person, read
from tests.streams.trial import KEYS

WHERE = PersonMap(name="name", phone="phone", document="id_no", account="openid", account_in="scan-app", patient="patient_no", patient_of="facility")
FOREIGN = PersonMap(
    name="name", document="number", document_kind="kind", nationality="country",
    document_words={"passport": "passport", "护照": "passport", "border-certificate": "border-certificate", "resident": "resident", "none": "none", "": "none"},
)  # fmt: skip
NUMBER = "11010519491231002X"


def person(where: PersonMap = WHERE, **fields: Any) -> Person:
    """A person of some fields."""
    return read(fields, where)


def test_all_handles_strongest_first() -> None:
    """A record that names all handles gives all, in the order of strength, whatever their order in the record."""
    found = person(name="王芳", phone="138 0000 0001", openid="ox-1", patient_no="p7", facility="clin-1", id_no=NUMBER.lower())
    assert found.handles == {
        "document": ("resident", "CN", NUMBER), "account": ("scan-app", "ox-1"), "patient": ("CLIN-1", "P7"), "phone": ("+8613800000001", "wangfang"),
    }  # fmt: skip
    assert list(found.tokens(KEYS)) == ["document", "account", "patient", "phone"]
    assert not found.reasons


def test_what_is_sealed() -> None:
    """Name, phone and document are sealed as they can be used, with the birth date and sex that a resident number implies; handles of systems are not."""
    found = person(name="  王　芳 ", phone="0086 138 0000 0001", openid="ox-1", id_no=NUMBER)
    assert found.identifiers == {"name": "王 芳", "phone": "+8613800000001", "document": f"resident:{NUMBER}", "born": "1949-12-31", "sex": "female"}


@pytest.mark.parametrize("fields", [{}, {"name": "王芳"}, {"phone": "13800000001"}, {"name": "", "phone": "13800000001"}, {"facility": "CLIN-1"}, {"patient_no": "P7"}, {"id_no": ""}])
def test_what_is_no_handle(fields: dict[str, str]) -> None:
    """A name alone, a phone alone (phones are shared), and a patient number without its facility (another has the same) tell nobody apart, and are not wrong."""
    found = read(fields, WHERE)
    assert not found.handles
    assert not found.reasons


def test_phone_handle_is_of_the_reading() -> None:
    """The phone with the name in Chinese, in letters, or in traditional characters is one handle; with another name it is another person's."""
    ways = [person(name=name, phone="13800000001").tokens(KEYS) for name in ("张长乐", "張長樂", "ZHANG CHANGLE")]
    assert ways[0] == ways[1] == ways[2]
    assert person(name="张长", phone="13800000001").tokens(KEYS) != ways[0]


@pytest.mark.parametrize(
    ("field", "value"), [("name", "···"), ("name", "王" * 101), ("phone", "139"), ("id_no", "110105194912310021"), ("id_no", "护照 E123")]
)
def test_what_cannot_be_used_is_a_reason_at_its_field(field: str, value: str) -> None:
    """A name without letters, or a phone or number that none has, is refused at its field, and without the value."""
    found = read({"name": "王芳", "phone": "13800000001", "openid": "ox-1"} | {field: value}, WHERE)
    assert [reason.field for reason in found.reasons] == [field]
    assert value not in found.reasons[0].problem


@pytest.mark.parametrize("number", ["12/OUKAMA(N)123456", "12/oukama (n) 123456", "12-OUKAMA-N-123456", "１２/OUKAMA(N)123456", "12OUKAMAN123456"])
def test_foreign_numbers_in_one_form(number: str) -> None:
    """Signs, spaces and capitals of a foreign document do not count."""
    found = person(FOREIGN, kind="border-certificate", number=number, country="mm")
    assert found.handles == {"document": ("border-certificate", "MM", "12OUKAMAN123456")}
    assert found.identifiers == {"document": "border-certificate:12OUKAMAN123456"}


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


@pytest.mark.parametrize("length", [1, 100])
def test_names_as_long_as_they_may_be(length: int) -> None:
    """A hundred signs are a name."""
    assert not person(name="王" * length, openid="ox-1").reasons


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


def test_published_case() -> None:
    """A published case is a handle of all its parts; one with a part missing is none."""
    where = PersonMap(case=["city", "number"])
    assert read({"city": "昭通", "number": "４"}, where).handles == {"case": ("昭通", "4")}
    assert not read({"city": "昭通", "number": ""}, where).handles


def test_every_kind_has_a_reason() -> None:
    """Each kind of handle has words for why two records that share it speak of one person, and no two have the same."""
    assert len(set(REASONS.values())) == len(REASONS) == 5
