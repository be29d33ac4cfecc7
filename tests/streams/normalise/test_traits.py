"""What a record says of a person that is no handle."""

from __future__ import annotations

import pytest

from schemas.source import SEXES, PersonMap
from streams.normalise.understand import read
from tests.streams.trial import KEYS

WHERE = PersonMap(sex="sex", born="born", age="age", home="home", address="address", household="household", household_in="village")
ALL = {"sex": "女", "born": "1980/1/1", "home": "530624103000", "address": " 虚构村　３ 组", "household": "H-12"}
DAY = "2020-02-03"


def test_everything_that_a_record_says() -> None:
    """Each field in its normal form, under the name that it has where people are compared; no handle follows from any."""
    found = read(ALL, WHERE, DAY)
    assert found.identified(KEYS) == {
        "sex": "female", "born": "1980-01-01", "region": "530624103", "address": "虚构村3组", "household": KEYS.token("household", "village", "H-12"),
    }  # fmt: skip
    assert not found.handles
    assert not found.reasons


def test_nothing_said() -> None:
    """Empty fields say nothing and are not wrong."""
    assert read(dict.fromkeys(ALL, ""), WHERE, DAY).identified(KEYS) == read({}, WHERE, DAY).identified(KEYS) == {}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sex", "成人"),
        ("born", "1980-02-30"),
        ("born", "2020-02-04"),
        ("age", "131"),
        ("home", "990000"),
        ("address", "--"),
        ("address", "村" * 201),
        ("household", "H" * 201),
    ],
)
def test_what_cannot_be_used_is_a_reason_at_its_field(field: str, value: str) -> None:
    """A value that cannot be used refuses the record at its field, and is not repeated."""
    (reason,) = read(ALL | {field: value}, WHERE, DAY).reasons
    assert reason.field == field
    assert value not in reason.problem


def test_an_age_at_the_day_of_the_record() -> None:
    """An age is the dates of birth that it leaves; a date of birth beside it says more, and on a day that is not known it says nothing."""
    assert read({"age": "40"}, WHERE, DAY).identifiers == {"born": "1979-02-04/1980-02-03"}
    assert read({"age": "40", "born": "1979"}, WHERE, DAY).identifiers == {"born": "1979"}
    assert read({"age": "40"}, WHERE).identifiers == {}
    assert [reason.field for reason in read({"age": "老年"}, WHERE).reasons] == ["age"]


@pytest.mark.parametrize(("written", "meant"), [("男", "male"), ("女性", "female"), ("Male", "male"), ("F", "female"), ("1", "male"), ("２", "female")])
def test_sexes(written: str, meant: str) -> None:
    """Words, letters and the digits of GB/T 2261.1, in any case and width."""
    assert read({"sex": written}, WHERE).identifiers == {"sex": meant}


@pytest.mark.parametrize("written", [word for word, sex in SEXES.items() if not sex])
def test_sexes_that_are_not_known(written: str) -> None:
    """A word for a sex that is not known says nothing, and is not wrong."""
    found = read({"sex": written}, WHERE)
    assert not found.identifiers
    assert not found.reasons


def test_a_source_with_words_of_its_own() -> None:
    """A source may write the sexes in its own words, and then no others."""
    where = WHERE.model_copy(update={"sex_words": {"ka": "female", "-": ""}})
    assert read({"sex": "KA"}, where).identifiers == {"sex": "female"}
    assert not read({"sex": "-"}, where).identifiers
    assert read({"sex": "男"}, where).reasons


def test_numbers_of_households_are_told_apart() -> None:
    """The same number in another numbering is another household; its width does not count."""
    here, wide, there = (
        read({"household": number}, WHERE.model_copy(update={"household_in": where})).identified(KEYS)["household"]
        for number, where in (("H-1", "village"), ("Ｈ-1", "village"), ("H-1", "township"))
    )
    assert here == wide != there
