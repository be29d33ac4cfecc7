"""Codes, numbers, temperatures, symptoms and words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.vocabulary import vocabulary
from streams.normalise.errors import Unusable
from streams.normalise.values import answers, code, number, port, symptoms, temperature, word

SYMPTOMS = [(mine, said) for mine, words in vocabulary("symptoms").items() for said in [mine, *words]]


@pytest.mark.parametrize(
    ("written", "meant"), [("MKT-1", "MKT-1"), (" mkt-1 ", "MKT-1"), ("ｍｋｔ－１", "MKT-1"), ("a/b_c:d.e", "A/B_C:D.E"), ("7", "7"), ("A" * 64, "A" * 64)]
)
def test_code(written: str, meant: str) -> None:
    """A code is one however it is typed: capitals, half width, no spaces around it."""
    assert code(written) == meant


@pytest.mark.parametrize(("written", "meant"), [("PORT-RUILI", "PORT-RUILI"), (" path-533102-014", "PATH-533102-014"), ("CHECK-532823-2", "CHECK-532823-2")])
def test_port(written: str, meant: str) -> None:
    """A place of the register, however it is typed."""
    assert port(written) == meant


def test_no_port() -> None:
    """What to do stands in the reason, and not what was written."""
    with pytest.raises(Unusable, match=r"lianfang border register.*lianfang replay") as refused:
        port("PORT-NOWHERE")
    assert "NOWHERE" not in str(refused.value)


@pytest.mark.parametrize("written", ["", "-1", "农贸市场", "A B", "A" * 65, "A\0B", "É1", "A;B", "A\nB"])
def test_no_code(written: str) -> None:
    """Names, spaces and signs that would be ambiguous in a key are refused."""
    with pytest.raises(Unusable):
        code(written)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("36.5", 36.5),
        ("36.5℃", 36.5),
        ("36.5 °C", 36.5),
        ("36.5度", 36.5),
        ("３６．５", 36.5),
        ("36。5", 36.5),
        ("36", 36.0),
        ("36.5C", 36.5),
        ("-3.25", -3.25),
    ],
)
def test_number(written: str, meant: float) -> None:
    """A number with or without the unit of a temperature, with any point."""
    assert number(written) == meant


@pytest.mark.parametrize("written", ["", "warm", "36,5", "36.5.1", "36.5°F", "97.7℉", "1e3", "nan", "inf", "12345", "36.5-37", "正常"])
def test_no_number(written: str) -> None:
    """Words, ranges, other units and decimal commas are refused."""
    with pytest.raises(Unusable):
        number(written)


@pytest.mark.parametrize("degrees", [25, 25.0, 36.5, 41.9, 45])
def test_temperature(degrees: float) -> None:
    """What a thermometer for people can show, in the cold too, is taken as it is."""
    assert temperature(degrees) == degrees


@pytest.mark.parametrize("degrees", [99, 98.6, 3.65, 365, 0, -36.5, 24.9, 45.1])
def test_no_temperature_of_a_body(degrees: float) -> None:
    """Degrees Fahrenheit, a lost point and a missing value written as zero are refused, not taken for hypothermia or fever."""
    with pytest.raises(Unusable, match="from 25 to 45"):
        temperature(degrees)


@pytest.mark.parametrize(("mine", "said"), SYMPTOMS)
def test_every_symptom_of_the_vocabulary(mine: str, said: str) -> None:
    """Each word of the vocabulary is understood alone, in capitals, in a text with others, and in a list."""
    assert symptoms(said) == symptoms(said.upper()) == symptoms([said]) == [mine]
    assert symptoms(f"发热，{said}") == symptoms(["发热", said]) == sorted({"fever", mine})


@pytest.mark.parametrize(
    "written",
    [
        "发热,咳嗽",
        "发热，咳嗽",
        "发热、咳嗽",
        "发热；咳嗽",
        "发热 咳嗽",
        "发热/咳嗽",
        "Fever; COUGH",
        " 咳嗽 ， 发热 ，",
        "干咳、发烧、咳嗽",
        ["发热", "cough"],
    ],
)
def test_symptoms_in_any_order_and_with_any_comma(written: object) -> None:
    """Several symptoms are a sorted list of our words, each once."""
    assert symptoms(written) == ["cough", "fever"]


@pytest.mark.parametrize("written", [None, "", "无", "否", "没有", "无症状", "None", "no", "N", "0", "false", [], ["无"], " ，"])
def test_no_symptoms(written: object) -> None:
    """What says that there are none gives none."""
    assert symptoms(written) == []


@pytest.mark.parametrize(
    "written",
    [
        "无发热",
        "不咳嗽",
        "未见发热",
        "否认发热、咳嗽",
        "no fever",
        "无 发热",
        "无，发热",
        ["无", "发热"],
        "发热？",
        "心情不好",
        ["发热", "心情不好"],
        "咳嗽发热",
        {"发热": "是"},
        True,
        37.5,
    ],
)
def test_symptoms_that_are_not_understood(written: object) -> None:
    """A negation is never read as the symptom, and what is not in the vocabulary is never left out in silence."""
    with pytest.raises(Unusable) as caught:
        symptoms(written)
    assert "心情" not in str(caught.value)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.sampled_from(SYMPTOMS), max_size=6), st.sampled_from([",", "，", "、", ";", "；", " / "]))
def test_a_text_is_the_list_of_its_parts(chosen: list[tuple[str, str]], comma: str) -> None:
    """Text and list say the same, whatever the comma, also where a symptom has spaces in it."""
    said = [word for _, word in chosen]
    assert symptoms(comma.join(said)) == symptoms(said) == sorted({mine for mine, _ in chosen})


def test_word() -> None:
    """A word is found as it is, in capitals and in full width; the reason names the known words and not the one that came."""
    words = {"in": "in", "进": "in", "": "pass"}
    assert word("进", words) == word("IN", words) == word(" ｉｎ ", words) == "in"
    assert word("", words) == "pass"
    with pytest.raises(Unusable, match=r"expected one of in, 进, \(empty\)") as caught:
        word("sideways", words)
    assert "sideways" not in str(caught.value)


@pytest.mark.parametrize("written", ["012301230", "0,1,2,3,0,1,2,3,0", "0、1 2;3，0 1 2 3 0", [0, 1, 2, 3, 0, 1, 2, 3, 0], ["0", "1", "2", "3", "0", "1", "2", "3", "0"]])
def test_answers(written: object) -> None:
    """As digits, with or without commas, or a list."""
    assert answers(written, 9) == [0, 1, 2, 3, 0, 1, 2, 3, 0]


@pytest.mark.parametrize("written", ["01230123", "0123012300", "012301234", "0123-1230", [0, 1, 2, 3, 0, 1, 2, 3, 4], [0.5] * 9, "yes", None])
def test_answers_that_are_not_understood(written: object) -> None:
    """Too few, too many, or others than 0 to 3; none of them is said."""
    with pytest.raises(Unusable, match=r"^expected 9 answers from 0 to 3$"):
        answers(written, 9)
