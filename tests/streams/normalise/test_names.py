"""One name written in many ways is one reading, and other names are other readings."""

from __future__ import annotations

import unicodedata
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypinyin import lazy_pinyin
from pypinyin.constants import PHRASES_DICT

from schemas.models.fact import digest_of
from schemas.vocabulary import vocabulary
from streams.normalise.names import is_simplified, normal, reading, spelled

SAME = {
    "wangfang": ["王芳", "王 芳", "王　芳", "王\u200b芳", "Wang Fang", "WANG,FANG", "wang-fang", "WangFang", "Ｗａｎｇ　Ｆａｎｇ", "Wáng Fāng", "Wang  Fang."],
    "lyuyangben": ["吕样本", "呂樣本", "Lü Yangben", "LYU YANGBEN", "lv yangben", "Lǚ Yàngběn", "LU\u0308 YANGBEN"],
    "wanglue": ["王略", "WANG LUE", "wang lve", "Wáng Lüè", "WANG LYUE"],
    "zhangchangle": ["张长乐", "張長樂", "张长樂", "Zhang Changle"],
    "wangchongyang": ["王重阳", "王重陽", "WANG CHONGYANG"],
    "zhangqian": ["张乾", "張乾", "Zhang Qian"],
    "shanceshi": ["单测试", "單測試", "Shan Ceshi"],
    "yuchiceshi": ["尉迟测试", "尉遲測試", "Yuchi Ceshi"],
    "nguyenyuanduc": ["Nguyễn Văn Đức", "NGUYEN VAN DUC", "Nguyen van Duc", "Nguyê\u0303n Va\u0306n Đức"],
    "uaungsample": ["U Aung Sample", "U AUNG SAMPLE", "u-aung sample"],
    "oneillsoeren": ["O'Neill Søren", "ONEILL SOEREN", "O’Neill, Søren"],
    "maimaiticeshi": ["买买提测试", "買買提·測試"],
}
DOTS = "·•・･‧∙⋅᛫●.．﹒。-—"


@pytest.mark.parametrize(("wanted", "written"), [(wanted, written) for wanted, names in SAME.items() for written in names])
def test_one_name_is_one_reading(wanted: str, written: str) -> None:
    """Spaces, width, case, accents, dots, traditional characters and the spellings of ü do not make another person of the owner of a phone."""
    assert reading(written) == wanted


@pytest.mark.parametrize("dot", DOTS)
def test_any_dot_is_the_dot(dot: str) -> None:
    """The dot in long minority names is one sign in the normal form, whichever sign was typed for it, once or twice, with spaces or not."""
    assert normal(f"买买提{dot}测试") == normal(f"买买提 {dot}{dot} 测试") == "买买提·测试"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("王芳", "王放晴"), ("吕样本", "陆样本"), ("LYU QIANG", "LU QIANG"), ("ສົມພອນ", "ສົມພັນ"), ("မင်း", "မောင်"), ("နီ", "နု"), ("กานต์", "กันต์"),
        ("김철수", "김철호"), ("Иванов", "Иванова"), ("Aung Sample", "Aung Samples"), ("かき", "かぎ"),
    ],
)  # fmt: skip
def test_other_names_are_other_readings(one: str, other: str) -> None:
    """What tells names apart stays: the vowel signs of Lao, Burmese and Thai, voiced kana, and ü and u."""
    assert reading(one) != reading(other)


@pytest.mark.parametrize("name", ["ສົມພອນ", "အောင်ဆန်း", "สมชาย", "김철수", "Иванов", "かき", "अर्जुन"])
def test_every_script_has_a_reading(name: str) -> None:
    """A name in a script that is not ours is kept with all its letters, so that a phone with it is a handle of that person alone."""
    assert unicodedata.normalize("NFC", name).casefold() == reading(name) == normal(name)


@pytest.mark.parametrize("name", ["", " ", "·", "...", "--", "!?", "（）", "\u200b"])
def test_signs_are_no_name(name: str) -> None:
    """Nothing but spaces and signs has an empty normal form and reading."""
    assert normal(name) == reading(name) == ""


@pytest.mark.parametrize(("surname", "said"), vocabulary("surnames").items())
def test_surnames_are_read_as_surnames(surname: str, said: str) -> None:
    """Every surname of the vocabulary is read its way at the beginning of a name, also in traditional characters, and as usual elsewhere."""
    assert reading(f"{surname}测试") == f"{said}ceshi"
    assert reading(f"王{surname}") == "".join(lazy_pinyin(f"王{surname}"))


@pytest.mark.parametrize(("surname", "said"), vocabulary("surnames").items())
def test_no_surname_is_superfluous(surname: str, said: str) -> None:
    """The vocabulary holds only what would be read otherwise without it, in toneless pinyin."""
    assert said.isascii()
    assert said.islower()
    assert "".join(lazy_pinyin(surname)) != said or surname[0] in vocabulary("surnames")


def test_a_sign_that_is_also_a_surname_alone() -> None:
    """Two signs that could be a compound surname are a surname and a given name: there must be a given name."""
    assert reading("乐正") == "yuezheng"
    assert reading("查干") == "zhagan"
    assert reading("查干测") == "chagance"


def test_dai_surname_of_yunnan() -> None:
    """召 is read zhao, as the Dai of Yunnan say it."""
    assert reading("召样本") == "zhaoyangben"


def _signs(codec: str, rows: range) -> str:
    """All characters in some rows of a double-byte character set."""
    cells = (bytes((high, low)) for high in rows for low in (*range(0x40, 0x7F), *range(0xA1, 0xFF)))
    return "".join(sign for cell in cells if not (sign := cell.decode(codec, "ignore")).isascii())


def test_readings_do_not_drift() -> None:
    """The reading of every character of GB 2312 and of the 5,401 usual ones of Big5 is what it was when handles were first made of it.

    A new pypinyin or OpenCC that reads one otherwise changes the handles of people: then records must be replayed, or the old reading kept in surnames.yaml or names.py.
    """
    simplified, traditional = _signs("gb2312", range(0xB0, 0xF8)), _signs("big5", range(0xA4, 0xC7))[:5401]
    assert (len(simplified), len(traditional)) == (6763, 5401)
    readings = [reading(f"王{sign}") for sign in simplified + traditional]
    assert all(said.isascii() and said.startswith("wang") and len(said) > 4 for said in readings)
    assert digest_of("\n".join(readings).encode()) == "572645e955500e83cc090ff829a0ce65"


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=12))
@example("·ê诶")
@example("ǆ")
@example("\U0002fa1e")
def test_reading_is_empty_only_without_a_name(name: str) -> None:
    """Whatever is typed: the reading is empty exactly when the normal form is, so no two people share the handle of a phone and an empty name."""
    assert (reading(name) == "") == (normal(name) == "")


@settings(deadline=None, max_examples=200)
@given(st.text(st.characters(categories=["L", "N", "Zs", "P"], max_codepoint=0x3000), max_size=12) | st.text("王芳吕張·• aNv", max_size=8))
def test_normal_form_is_settled(name: str) -> None:
    """The normal form of a normal form is itself, and the reading is that of the normal form."""
    assert normal(normal(name)) == normal(name)
    assert reading(normal(name)) == reading(name)


@settings(deadline=None, max_examples=100)
@given(st.text("abcdefghilmnouvy ", min_size=1, max_size=12))
def test_case_spaces_and_commas_do_not_count(name: str) -> None:
    """A Latin name has one reading in capitals, with commas for spaces, and in full width."""
    wide = "".join(chr(ord(letter) + 0xFEE0) if letter != " " else "　" for letter in name)
    assert reading(name.upper()) == reading(name.replace(" ", ", ")) == reading(wide) == reading(name)


@settings(deadline=None, max_examples=300)
@given(st.text(st.characters(max_codepoint=127), max_size=20))
def test_plain_letters_are_read_as_all_others(name: str) -> None:
    """A name in ASCII is read in one look; with an accent after it it is not, and its words are the same."""
    assert normal(f"{name} é") == f"{normal(name)} e".strip()


def test_names_come_again() -> None:
    """The reading of a given name under one surname is not that of it under another, nor of a longer one, in whatever order they come."""
    names = ["单测试", "王测试", "测试", "王测试样", "张乐", "张长乐", "单测试", "王测试"]
    readings = ["shanceshi", "wangceshi", "ceshi", "wangceshiyang", "zhangle", "zhangchangle", "shanceshi", "wangceshi"]
    assert [reading(name) for name in names] == readings


def test_given_names_are_read_as_pypinyin_reads_them() -> None:
    """Phrases, beginnings of phrases, and signs that have nothing to do with each other."""
    dice = Random(1)
    signs = sorted({sign for phrase in PHRASES_DICT for sign in phrase})
    two = [name for name in PHRASES_DICT if len(name) == 2]
    begin = sorted({name[:2] for name in PHRASES_DICT if len(name) > 2})
    three = ["".join(dice.sample(signs, 3)) for _ in range(500)]
    for name in [*dice.sample(two, 500), *dice.sample(begin, 500), *(name[:2] for name in three), *three]:
        if all(map(is_simplified, name)) and "一" <= name <= "鿿":
            assert spelled("单" + name) == spelled("shan" + "".join(lazy_pinyin(name))), name


def test_what_has_no_other_form_is_its_own() -> None:
    """Every character that is taken as it is has no other form by NFKC, and is no sign of format."""
    for sign in map(chr, [*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000)]):
        assert unicodedata.normalize("NFKC", sign) == sign == normal(sign)
        assert unicodedata.category(sign) in ("Lo", "Cn")
