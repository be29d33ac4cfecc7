"""The person of a record: handles, what is sealed, and who is nobody."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.source import PersonMap
from streams.normalise.person import REASONS, Person
from streams.normalise.understand import read, told
from tests.streams.trial import KEYS

WHERE = PersonMap(name="name", phone="phone", document="id_no", account="openid", account_in="scan-app", patient="patient_no", patient_of="facility")
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


@pytest.mark.parametrize("fields", [{}, {"name": "王芳"}, {"facility": "CLIN-1"}, {"patient_no": "P7"}, {"id_no": ""}, {"name": "王芳", "patient_no": "P7"}])
def test_what_is_no_handle(fields: dict[str, str]) -> None:
    """A name alone, and a patient number without its facility (another has the same) tell nobody apart, and are not wrong."""
    found = read(fields, WHERE)
    assert not found.handles
    assert not found.reasons


@pytest.mark.parametrize("fields", [{"phone": "138 0000 0001"}, {"phone": "13800000001", "name": ""}, {"phone": "13800000001", "patient_no": "P7"}])
def test_whoever_answers_a_phone(fields: dict[str, str]) -> None:
    """A phone is a handle by itself where a record gives no other."""
    found = read(fields, WHERE)
    assert found.handles == {"number": ("+8613800000001",)}
    assert found.identifiers == {"phone": "+8613800000001"}


@pytest.mark.parametrize("fields", [{"name": "王芳"}, {"openid": "ox-1"}, {"id_no": NUMBER}, {"facility": "C", "patient_no": "P7"}])
def test_a_phone_beside_another_handle_joins_nobody(fields: dict[str, str]) -> None:
    """Who has a handle, be it the phone with a name, is not tied to everybody who answers that phone."""
    assert "number" not in read(fields | {"phone": "13800000001"}, WHERE).handles


def test_a_phone_alone_and_with_a_name_are_different_handles() -> None:
    """Two records with only the phone share an alias, which is not that of somebody with a name on it."""
    bare, again, named = (
        read(fields, WHERE).tokens(KEYS) for fields in ({"phone": "13800000001"}, {"phone": "+86 138 0000 0001"}, {"phone": "13800000001", "name": "王芳"})
    )
    assert bare == again
    assert set(bare.values()).isdisjoint(named.values())


def test_phone_handle_is_of_the_reading() -> None:
    """The phone with the name in Chinese, in letters, or in traditional characters is one handle; with another name it is another person's."""
    ways = [person(name=name, phone="13800000001").tokens(KEYS) for name in ("张长乐", "張長樂", "ZHANG CHANGLE")]
    assert ways[0] == ways[1] == ways[2]
    assert person(name="张长", phone="13800000001").tokens(KEYS) != ways[0]


@pytest.mark.parametrize(("field", "value"), [("name", "···"), ("name", "王" * 101), ("phone", "139"), ("id_no", "110105194912310021"), ("id_no", "护照 E123")])
def test_what_cannot_be_used_is_a_reason_at_its_field(field: str, value: str) -> None:
    """A name without letters, or a phone or number that none has, is refused at its field, and without the value."""
    found = read({"name": "王芳", "phone": "13800000001", "openid": "ox-1"} | {field: value}, WHERE)
    assert [reason.field for reason in found.reasons] == [field]
    assert value not in found.reasons[0].problem


@pytest.mark.parametrize("length", [1, 100])
def test_names_as_long_as_they_may_be(length: int) -> None:
    """A hundred signs are a name."""
    assert not person(name="王" * length, openid="ox-1").reasons


def test_published_case() -> None:
    """A published case is a handle of all its parts; one with a part missing is none."""
    where = PersonMap(case=["city", "number"])
    assert read({"city": "昭通", "number": "４"}, where).handles == {"case": ("昭通", "4")}
    assert not read({"city": "昭通", "number": ""}, where).handles


@pytest.mark.parametrize(
    ("identifiers", "somebody"),
    [
        ({}, False), ({"name": "王芳"}, False), ({"name": "王芳", "nationality": "MM"}, False), ({"sex": "male", "born": "1980", "region": "53"}, False),
        ({"household": "t"}, False), ({"household": "t", "region": "53", "address": "a"}, False), ({"name": "王芳", "sex": "female"}, True),
        ({"name": "王芳", "born": "1980"}, True), ({"name": "王芳", "region": "53"}, True), ({"name": "王芳", "address": "a"}, True), ({"name": "王芳", "household": "t"}, True),
        ({"household": "t", "sex": "male"}, True), ({"household": "t", "born": "1980"}, True), ({"document": "resident?:1"}, True), ({"name": "王芳", "document": "resident?:1"}, True),
    ],
)  # fmt: skip
def test_who_is_told_without_a_handle(identifiers: dict[str, str], *, somebody: bool) -> None:
    """A misread document, a name with something more, and a member of a household of whom something is known are somebody; all others are not."""
    assert told(identifiers) is somebody


@pytest.mark.parametrize("country", ["缅甸", "MMR", "M", "1M"])
def test_what_is_no_country(country: str) -> None:
    """A country that is not two letters is refused at its field: it would make another handle of the same document."""
    assert [reason.field for reason in read({"country": country}, PersonMap(nationality="country")).reasons] == ["country"]


def test_the_country_of_a_person() -> None:
    """A nationality is sealed, whatever document there is or is not."""
    assert read({"country": "ｍm"}, PersonMap(nationality="country")).identifiers == {"nationality": "MM"}


def test_every_kind_has_a_reason() -> None:
    """Each kind of handle has words for why two records that share it speak of one person, and no two have the same."""
    assert len(set(REASONS.values())) == len(REASONS) == 7
