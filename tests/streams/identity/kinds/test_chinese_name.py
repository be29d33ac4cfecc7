"""Names as they are written in China, by whoever heard them."""

from __future__ import annotations

import pytest

from tests.streams.identity.kinds.cases import keys, level


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        ("张测试", "張測試", "same"),
        ("杨 样本", "楊樣本", "same"),
        ("买买提·测试", "买买提•测试", "same"),
        ("买买提·测试", "买买提测试", "same"),
        ("Wang Ceshi", "WANG, CESHI", "same"),
        ("U Aung Test", "Aung Test", "same"),
        ("王芳", "王方", "same sound"),
        ("王芳", "WANG FANG", "same sound"),
        ("王芳", "Fang Wang", "same sound"),
        ("李样本", "Yangben Li", "same sound"),
        ("吕布", "LYU BU", "same sound"),
        ("Aung Test", "Test Aung", "same sound"),
        ("买买提·测试", "测试", "short form"),
        ("岩温罕", "温罕", "short form"),
        ("Aung Khin Test", "Aung Test", "short form"),
        ("张晓", "Zhang Siao", "by ear"),
        ("陈新", "程新", "by ear"),
        ("Aung Khin Thiri", "Oung Kin Thiyi", "by ear"),
        ("王小明", "王小红", "part"),
        ("李娜", "王娜", "part"),
        ("Aung Khin", "Aung Moe", "part"),
        ("李伟", "李敏", "family"),
        ("王芳", "王凤英", "family"),
        ("王芳", "李敏", "different"),
        ("王芳", "Li Min", "different"),
        ("Aung Khin", "Moe Zaw", "different"),
        ("昂钦", "Aung Khin", "nothing"),
    ],
)
def test_levels(a: str, b: str, found: str) -> None:
    """Characters, sounds, short forms and spellings by ear are told apart; what brothers have in common is no slip of the ear; other scripts may say nothing."""
    assert level("chinese-name", a, b) == found


@pytest.mark.parametrize(("a", "b"), [("张测试", "張測試"), ("王芳", "王方"), ("王芳", "Fang WANG"), ("吕布", "Lü Bu"), ("Aung Test", "test aung")])
def test_one_sound_is_one_key(a: str, b: str) -> None:
    """Names that sound the same share a key, however their words are ordered."""
    assert keys("chinese-name", "sound", a) == keys("chinese-name", "sound", b)


@pytest.mark.parametrize(("a", "b"), [("陈新", "程新"), ("张晓", "Zhang Siao"), ("Aung Kyaw", "Oung Kyow")])
def test_spellings_by_ear_share_the_coarser_key(a: str, b: str) -> None:
    """Consonants that are confused, and all vowels, are one in the key by ear, though not in that by sound."""
    assert keys("chinese-name", "ear", a) == keys("chinese-name", "ear", b)
    assert keys("chinese-name", "sound", a) != keys("chinese-name", "sound", b)
