"""Vocabularies: every word that people see has its Chinese."""

from __future__ import annotations

from importlib.resources import files

import pytest

from deploy.docs.models import parts
from schemas.avro import schema_of
from schemas.topics import MODELS
from schemas.vocabulary import vocabulary

ENUMS = {part["name"]: part["symbols"] for model in MODELS.values() for part in parts(schema_of(model)) if part["type"] == "enum"}


@pytest.mark.parametrize("name", ENUMS)
def test_every_word_has_its_chinese(name: str) -> None:
    """Each word of each enum, `unknown` too, is in words.yaml."""
    assert [word for word in ENUMS[name] if not vocabulary("words").get(word)] == []


def test_no_word_is_left_over() -> None:
    """words.yaml holds no word that no vocabulary has."""
    assert set(vocabulary("words")) - {word for words in ENUMS.values() for word in words} == set()


def test_no_word_is_said_twice() -> None:
    """Of two lines with one word YAML takes the last, and says nothing."""
    lines = files("schemas.vocabulary").joinpath("words.yaml").read_text("utf-8").splitlines()
    words = [line.partition(":")[0] for line in lines if line and not line.startswith("#")]
    assert sorted(set(words)) == sorted(words)


def test_words_are_text() -> None:
    """YAML reads no word as yes or no, or as a number."""
    assert all(isinstance(word, str) and isinstance(said, str) for word, said in vocabulary("words").items())


def test_symptoms_are_said_in_one_way() -> None:
    """What sources say stands for one symptom only, and the first of each is Chinese."""
    said = [word.lower() for words in vocabulary("symptoms").values() for word in words]
    assert len(said) == len(set(said))
    assert all(not words[0].isascii() for words in vocabulary("symptoms").values())


def test_provinces_are_those_of_the_standard() -> None:
    """GB/T 2260 has 34 divisions of the first level, by two digits."""
    provinces = vocabulary("provinces")
    assert len(provinces) == 34
    assert all(len(code) == 2 and code.isdigit() for code in provinces)
    assert provinces["53"] == "云南省"
