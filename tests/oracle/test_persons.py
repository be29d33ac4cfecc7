"""The oracle and the path read the same of a person, of whom each has its own way."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.source import PersonMap
from streams.normalise.known import Reader
from streams.normalise.person import REASONS
from streams.normalise.understand import told
from tests.oracle import persons
from tests.oracle.persons import handles, somebody
from tests.properties.people import resident
from tests.streams.trial import KEYS, at

MAPS = tuple(
    PersonMap(
        name="name", phone="phone", document="no", document_kind=kind, document_words={"身份证": "resident", "护照": "passport", "无": "none"}, document_checked=checked,
        nationality=country, account="account", account_in="app", patient="patient", patient_of="clinic", sex="sex", born="born", age="age", home="home",
        address="address", household="household", household_in="village", alias="key",
    )
    for kind in (None, "kind")
    for country in (None, "country")
    for checked in (True, False)
)  # fmt: skip
RIGHT = resident("53062419800101001")
WRONG = RIGHT[:17] + "0123456789X"["0123456789X".index(RIGHT[17]) - 1]
SAID: dict[str, tuple[str, ...]] = {
    "name": ("杨测试", "Yang Ceshi", "···"), "phone": ("13800000001", "+86 138 0000 0001", "139"), "no": (RIGHT, WRONG, "AB 123456", "护照"),
    "kind": ("身份证", "护照", "无", "驾照"), "country": ("mm", "CN", "缅甸"), "account": ("a-1",), "patient": ("p1",), "clinic": ("C-1",),
    "sex": ("男", "F", "2", "未知", "成人"), "born": ("1980-01-01", "1980/1/1", "1980年1月", "1980", "2020-02-03", "2020-02-04", "2021", "1980-02-30"),
    "age": ("40", "40岁", "0", "8个月", "131", "老年"), "home": ("530624103000", "云南省", "990000"), "address": ("虚构村 3 组", "--"), "household": ("H-1", "Ｈ-1"),
    "key": ("0123456789abcdef" * 2, "0123456789ABCDEF" * 2, "0123"),
}  # fmt: skip
FIELDS = st.fixed_dictionaries({}, optional={name: st.sampled_from(said) for name, said in SAID.items()})
MOMENTS = st.sampled_from((None, at("2020-02-03 00:30"), at("2020-02-29 12:00"), at("2021-02-28 23:59")))


@settings(deadline=None, max_examples=1500)
@given(FIELDS, st.sampled_from(MAPS), MOMENTS, st.sampled_from(("Asia/Shanghai", "UTC")))
@example({"no": WRONG, "phone": "13800000001"}, MAPS[1], None, "UTC")
@example({"age": "40", "no": RIGHT}, MAPS[0], at("2021-02-28 23:59"), "Asia/Shanghai")
def test_both_read_the_same_person(fields: dict[str, Any], where: PersonMap, moment: int | None, zone: str) -> None:
    """Handles in their order, what is sealed, the resident number, who is nobody, and which fields are wrong: all are equal, whatever a record says."""
    path, oracle = Reader(where, KEYS, None, zone)(fields, moment), handles(fields, where, KEYS, "", moment, zone)
    assert sorted(reason.field for reason in path.reasons) == sorted(oracle.wrong)
    if not oracle.wrong:
        tokens = list(oracle.tokens.items())
        assert path.alias == (tokens[0][1] if tokens else "")
        assert [(one.alias, one.reason) for one in path.further] == [(token, persons.REASONS[kind]) for kind, token in tokens[1:]]
        assert (path.only == "resident") == oracle.resident
        assert path.identifiers == oracle.identifiers
        assert (bool(path.alias) or told(path.identifiers)) == somebody(oracle)


def test_both_have_the_same_kinds_of_handle() -> None:
    """The oracle's list of handles and their words is its own, and equal, in the same order."""
    assert list(persons.REASONS.items()) == list(REASONS.items())


@pytest.mark.parametrize("name", SAID)
def test_every_text_is_asked_for(name: str) -> None:
    """Each field of the test is read by some map, so that none is compared for nothing."""
    assert any(name in where.model_dump().values() for where in MAPS)
