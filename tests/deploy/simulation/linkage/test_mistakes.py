"""The mistakes of those who write things down."""

from __future__ import annotations

from datetime import date

import pytest

from deploy.simulation.dice import Dice
from deploy.simulation.linkage import mistakes
from deploy.simulation.linkage.naming import names
from deploy.simulation.linkage.person import Name
from streams.identity.kinds import KINDS

NAME = Name("杨", "测试")
BURMESE = Name("", "昂钦", latin=(("aung", "oung"), ("khin", "kin")))


def _level(kind: str, a: str, b: str) -> str:
    one = KINDS[kind]
    return one.levels[one.level(one.prepare(a), one.prepare(b))]


@pytest.fixture
def dice() -> Dice:
    """Dice of a fixed seed."""
    return Dice(1, "mistakes")


def test_names(dice: Dice) -> None:
    """Each mistake in a name makes what linking calls by its name."""
    assert mistakes.traditional("张测试") == "張測試"
    assert mistakes.traditional("王一") is None
    other = mistakes.homophone(dice, Name("王", "国华"), names())
    assert other
    assert _level("chinese-name", "王国华", other.han) == "same sound"
    wrong = mistakes.character(dice, Name("王", "国华"), names())
    assert wrong
    assert sum(x != y for x, y in zip("王国华", wrong.han, strict=True)) == 1
    assert mistakes.short(dice, Name("买买提", "测试", dot=True)) in {"买买提", "测试"}
    assert mistakes.short(dice, Name("", "岩温罕")) == "温罕"
    assert mistakes.short(dice, NAME) is None
    assert "·" not in mistakes.no_dot(dice, Name("买买提", "测试", dot=True))


def test_latin_letters(dice: Dice) -> None:
    """A Chinese name by its pinyin in either order, and by ear no longer by it; a Burmese name in its other spelling."""
    assert {mistakes.latin(dice, NAME, by_ear=False) for _ in range(20)} == {"YANG CESHI", "Ceshi Yang"}
    assert all(mistakes.latin(dice, NAME, by_ear=True).lower() not in {"yang ceshi", "ceshi yang"} for _ in range(20))
    assert mistakes.foreign(dice, BURMESE, by_ear=False).lower() == "aung khin"
    assert all(mistakes.foreign(dice, BURMESE, by_ear=True).lower() != "aung khin" for _ in range(20))


def test_numbers(dice: Dice) -> None:
    """One digit wrong is exactly one, two swapped are neighbours that differ; equal digits cannot be swapped."""
    for _ in range(50):
        assert sum(x != y for x, y in zip("53062419800101987X", mistakes.digit(dice, "53062419800101987X"), strict=True)) == 1
        assert _level("phone", "13800000001", str(mistakes.transposed(dice, "13800000001"))) == "one digit"
    assert mistakes.transposed(dice, "1111") is None


def test_dates(dice: Dice) -> None:
    """Swapped day and month, and the lunar birthday written as solar, are what linking calls them; where it cannot happen there is none."""
    assert _level("born", "1980-03-05", str(mistakes.day_month(date(1980, 3, 5)))) == "swapped"
    assert mistakes.day_month(date(1980, 3, 15)) is None
    assert mistakes.day_month(date(1980, 3, 3)) is None
    assert mistakes.lunar(date(1980, 3, 5)) == "1980-01-19"
    assert _level("born", "1980-03-05", "1980-01-19") == "lunar"
    found = {mistakes.born_digit(dice, date(1980, 3, 5)) for _ in range(50)} - {None}
    assert found
    assert all(_level("born", "1980-03-05", str(one)) == "one digit" for one in found)


def test_addresses() -> None:
    """Other words for the same address are the same to linking."""
    for address in ("和平路12号3栋401室", "上寨3组12号"):
        other = mistakes.other_words(address)
        assert other != address
        assert _level("address", address, other) == "same"
