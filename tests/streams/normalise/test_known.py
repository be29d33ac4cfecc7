"""A person as records name them, from memory and without."""

from __future__ import annotations

import pytest

from schemas.models.identity import Handle
from schemas.source import PersonMap
from schemas.tokens import Keys
from streams.normalise.known import LONGEST, Known, Reader, memory
from streams.normalise.understand import read
from tests.streams.trial import KEYS, at

WHERE = PersonMap(name="name", phone="phone", document="id_no", account="openid", account_in="scan-app", patient="patient_no", patient_of="facility")
AGED = PersonMap(phone="phone", age="age", born="born")
NUMBER = "11010519491231002X"
FIELDS = {"name": "王芳", "phone": "138 0000 0001", "openid": "ox-1", "id_no": NUMBER}


@pytest.fixture
def worked_out(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The texts of each person that was worked out, in order."""
    seen: list[tuple[str, ...]] = []
    known = Reader.known

    def watched(reader: Reader, texts: tuple[str, ...], day: str = "") -> Known:
        seen.append(texts)
        return known(reader, texts, day)

    monkeypatch.setattr(Reader, "known", watched)
    return seen


def test_what_is_known_of_a_person() -> None:
    """The token of the strongest handle, the others with their reasons, and a seal that opens with the first."""
    known = Reader(WHERE, KEYS)(FIELDS)
    tokens = read(FIELDS, WHERE).tokens(KEYS)
    assert known.alias == tokens["document"]
    assert known.further == (Handle(alias=tokens["account"], reason="same account"), Handle(alias=tokens["phone"], reason="same phone and name"))
    assert KEYS.open(known.alias, known.sealed) == known.identifiers == read(FIELDS, WHERE).identifiers


def test_nobody_is_sealed_for_nobody() -> None:
    """Who has no handle has no alias, and is sealed only where a record gives one."""
    assert Reader(WHERE, KEYS)({"name": "王芳"}) == Known("", (), "", b"", {"name": "王芳"}, [])


@pytest.mark.parametrize(
    ("fields", "only"),
    [
        (FIELDS, "resident"),
        ({"id_no": NUMBER}, "resident"),
        ({"openid": "ox-1", "name": "王芳", "phone": "13800000001"}, ""),
        ({"phone": "13800000001"}, ""),
        ({}, ""),
    ],
)
def test_of_what_nobody_has_two(fields: dict[str, str], only: str) -> None:
    """Only a resident number is of one person and the only one that the person has."""
    assert Reader(WHERE, KEYS)(fields).only == only


def test_nobody_has_one_passport_only() -> None:
    """Who has two passports is one person, so a passport is not such a number."""
    where = PersonMap(document="no", document_kind="kind", document_words={"passport": "passport", "resident": "resident"})
    assert Reader(where, KEYS)({"no": "E1234567", "kind": "passport"}).only == ""
    assert Reader(where, KEYS)({"no": NUMBER, "kind": "resident"}).only == "resident"


@pytest.mark.parametrize(("zone", "meant"), [("Asia/Shanghai", "1979-02-04/1980-02-03"), ("UTC", "1979-02-03/1980-02-02")])
def test_an_age_is_of_the_day_at_the_source(zone: str, meant: str) -> None:
    """The day of a record is that on the clocks of its source; on another day the same age is another person's, also from memory."""
    reader = Reader(AGED, KEYS, memory(), zone)
    assert reader({"phone": "13800000001", "age": "40"}, at("2020-02-03 00:30")).identifiers["born"] == meant
    assert reader({"phone": "13800000001", "age": "40"}, at("2021-02-03 12:00")).identifiers["born"] == "1980-02-04/1981-02-03"
    assert "born" not in reader({"phone": "13800000001", "age": "40"}).identifiers


def test_the_day_counts_only_for_ages_and_births(worked_out: list[tuple[str, ...]]) -> None:
    """Who gives neither is the same person on every day, and is worked out once."""
    reader = Reader(AGED, KEYS, memory())
    for day in ("2020-02-03", "2020-02-04"):
        reader({"phone": "13800000001"}, at(f"{day} 12:00"))
    assert len(worked_out) == 1
    for day in ("2020-02-03", "2020-02-04", "2020-02-04"):
        reader({"phone": "13800000001", "born": "1980"}, at(f"{day} 12:00"))
    assert len(worked_out) == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "李样本"},
        {"phone": "13800000002"},
        {"openid": "OX-1"},
        {"id_no": ""},
        {"patient_no": "P7", "facility": "C"},
        {"facility": "P7", "patient_no": "C"},
    ],
)
def test_who_is_kept_is_taken_for_nobody_else(changes: dict[str, str]) -> None:
    """With one field changed it is another person, whoever came before; and what is kept is what is worked out anew."""
    kept, fresh = Reader(WHERE, KEYS, memory()), Reader(WHERE, KEYS)
    for fields in (FIELDS, FIELDS | changes, FIELDS, FIELDS | changes):
        assert kept(fields) == fresh(fields)
    assert kept(FIELDS) != kept(FIELDS | changes)


def test_the_same_texts_in_two_sources() -> None:
    """One memory for sources with other maps or other keys: the same texts give each its own handles."""
    recall = memory()
    other = Keys(b"the secret of another bus, of no use either")
    readers = [Reader(WHERE, KEYS, recall), Reader(WHERE.model_copy(update={"account_in": "clock-in"}), KEYS, recall), Reader(WHERE, other, recall)]
    for _ in range(2):
        aliases = [reader({"openid": "ox-1"}).alias for reader in readers]
        assert aliases == [KEYS.token("account", "scan-app", "ox-1"), KEYS.token("account", "clock-in", "ox-1"), other.token("account", "scan-app", "ox-1")]


def test_a_memory_has_an_end(worked_out: list[tuple[str, ...]]) -> None:
    """It keeps the persons who came last, as many as it may, and no others."""
    reader = Reader(WHERE, KEYS, memory(2))
    for account in ("a", "b", "a", "b", "c", "c", "a"):
        assert reader({"openid": account}).alias == KEYS.token("account", "scan-app", account)
    assert ["".join(texts) for texts in worked_out] == ["a", "b", "c", "a"]


def test_long_texts_are_not_kept(worked_out: list[tuple[str, ...]]) -> None:
    """A person of more signs than are kept is worked out each time, with the same result."""
    reader = Reader(WHERE, KEYS, memory())
    for fields in ({"openid": "x" * LONGEST}, {"openid": "x" * LONGEST, "name": "王"}):
        assert reader(fields) == reader(fields)
    assert [len("".join(texts)) for texts in worked_out] == [LONGEST, LONGEST + 1, LONGEST + 1]
