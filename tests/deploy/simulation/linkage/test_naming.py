"""Names and their frequencies."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from deploy.simulation.dice import Dice
from deploy.simulation.linkage.naming import CountedNames, Weighed, names, sounds
from deploy.simulation.linkage.rates import counties, name_list, rates

_FILES = {
    "familyname.csv": "surname,n.1930_2008\n王,90\n测,10\n",
    "givenname.csv": "character,n.male,n.female,name.ppm,n.1930_1959,n.1960_1969,n.1970_1979,n.1980_1989,n.1990_1999,n.2000_2008\n"
    "样,100,0,5,10,10,10,10,10,10\n本,100,100,9,10,10,10,10,10,10\n羊,0,100,1,10,10,10,10,10,10\n",
    "top1000name.prov.csv": "name,n.male,n.female\n样样,50,0\n本,0,25\n",
    "population.csv": "item,n\nmale,100\nfemale,100\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Invented files in the form of ChineseNames."""
    for name, text in _FILES.items():
        (tmp_path / name).write_text("\ufeff" + text, "utf-8")
    return tmp_path


def test_weights_are_frequencies() -> None:
    """What weighs three times as much is drawn about three times as often, what weighs nothing never."""
    dice, weighed = Dice(1, "weights"), Weighed({"a": 3, "b": 1, "c": 0})
    counts = Counter(weighed.draw(dice) for _ in range(4000))
    assert set(counts) == {"a", "b"}
    assert 0.7 < counts["a"] / 4000 < 0.8


def test_shipped_surnames_are_as_frequent_as_published() -> None:
    """Of a thousand people 72.5 are called 王; the shares make a thousand, and every number states its source."""
    dice, shipped = Dice(1, "surnames"), names()
    found = Counter(shipped.surname(dice) for _ in range(20_000))
    assert abs(found["王"] / 20_000 - 0.0725) < 0.006
    lists = name_list()
    assert abs(sum(lists.surnames.values()) + lists.frequent_share + lists.rare_share - 1000) < 0.5
    assert all(rate.source for rate in (*rates().people.values(), *rates().errors.values()))
    assert len(counties()) == len(set(counties())) == 129


def test_given_names_follow_sex_and_time() -> None:
    """What women born in 1950 are called is not what boys of 2010 are."""
    dice, shipped = Dice(1, "given"), names()
    old = Counter(sign for _ in range(2000) for sign in shipped.given(dice, "female", 1950))
    young = Counter(sign for _ in range(2000) for sign in shipped.given(dice, "male", 2010))
    assert not {sign for sign, _ in old.most_common(10)} & {sign for sign, _ in young.most_common(10)}


def test_counted_names_have_the_frequencies_of_the_files(folder: Path) -> None:
    """The frequent names by their counts for each sex, the others from signs of that sex, none of them a frequent one."""
    dice, counted = Dice(1, "counted"), CountedNames(folder)
    male = Counter(counted.given(dice, "male", 1985) for _ in range(4000))
    assert 0.45 < male["样样"] / 4000 < 0.55
    assert "羊" not in "".join(male)
    female = Counter(counted.given(dice, "female", 1985) for _ in range(4000))
    assert 0.2 < female["本"] / 4000 < 0.3
    assert set(female) == {"本", "本本", "本羊", "羊本", "羊羊"}
    assert counted.alike("样") == ("羊",)
    assert counted.sign(dice) in "样本羊"
    assert counted.surname(dice) in {"王", "测"}


def test_sounds_have_no_tones() -> None:
    """测 and 侧 sound alike."""
    assert sounds("测试") == sounds("侧示") == ("ce", "shi")
