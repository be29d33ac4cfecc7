"""The other sorts of value: codes, numbers, symptoms, words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from schemas.ports import place
from schemas.vocabulary import vocabulary
from streams.normalise.errors import Unusable, bounded

_NONE = {"无", "否", "没有", "无症状", "无不适", "无异常", "正常", "none", "no", "n", "false", "0", "asymptomatic"}
_CODE = re.compile(r"[A-Z0-9][A-Z0-9\-_:./]{0,63}")
_NUMBER = re.compile(r"(-?\d{1,4}(?:\.\d{1,3})?)\s*(?:°C|度|C)?")
_COUNT = re.compile(r"[0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2}")
_MOST = 100
_COLDEST, _HOTTEST = 25.0, 45.0
"""Body temperatures outside are of another unit, or have the point in the wrong place: thermometers for people show 35 to 42 °C (GB/T 21417.1-2008), a forehead
in winter less, but not that."""


def code(value: str) -> str:
    """A code of a place, facility or staff: letters, digits and - _ : . / only, upper-case; raises Unusable."""
    text = unicodedata.normalize("NFKC", value).strip().upper()
    if not _CODE.fullmatch(text):
        raise Unusable("expected a code of at most 64 letters, digits and - _ : . /")
    return text


def port(value: str) -> str:
    """The code of a port, path or checkpoint of the register; raises Unusable."""
    found = code(value)
    if place(found) is None:
        raise Unusable("expected a place of the register (`lianfang border register`): the code of a port, or PATH- or CHECK-, the code of a county there, "
                       "a hyphen and a number; a port that is missing there is to be added, and then `lianfang replay` takes the record")  # fmt: skip
    return found


def number(value: str) -> float:
    """A number of at most four digits before the point and three after it; raises Unusable."""
    match = _NUMBER.fullmatch(unicodedata.normalize("NFKC", value).strip().replace("。", "."))
    if not match:
        raise Unusable("expected a number such as 36.5")
    return float(match[1])


def count(value: str) -> int:
    """A whole number of at most nine digits, with or without commas between thousands; raises Unusable."""
    text = unicodedata.normalize("NFKC", value).strip()
    if not _COUNT.fullmatch(text):
        raise Unusable("expected a whole number of at most nine digits")
    return int(text.replace(",", ""))


def something(quantity: int) -> int:
    """The same, when it is at least one; raises Unusable."""
    if quantity < 1:
        raise Unusable("expected at least one")
    return quantity


def temperature(degrees: float) -> float:
    """The same, when it can be the temperature of a body in degrees Celsius; raises Unusable."""
    if not _COLDEST <= degrees <= _HOTTEST:
        raise Unusable(f"expected a body temperature in degrees Celsius, from {_COLDEST:.0f} to {_HOTTEST:.0f}")
    return degrees


def symptoms(value: object) -> list[str]:
    """Our words for a list, or a text with commas or spaces, of symptoms; raises Unusable for what is not in the vocabulary, 无发热 and `no fever` too."""
    ours = _symptoms()
    listed = value if isinstance(value, list) else re.split(r"[,，、;；/]+", bounded(str(value or "")))
    if len(listed) > _MOST:
        raise Unusable(f"expected at most {_MOST} symptoms")
    said: list[str] = []
    for item in listed:
        one = " ".join(unicodedata.normalize("NFKC", bounded(str(item))).lower().split())
        said += [one] if one in ours else one.split()
    if all(one in _NONE for one in said):
        return []
    if any(one not in ours for one in said):
        raise Unusable(f"expected symptoms of the vocabulary without negations; known are {', '.join(vocabulary('symptoms'))} and their names in Chinese")
    return sorted({ours[one] for one in said})


def several(value: object, words: Mapping[str, str]) -> list[str]:
    """Our words for a list, or a text with commas, of the source's, sorted, each once; none for nothing. Raises Unusable."""
    listed = value if isinstance(value, list) else re.split(r"[,，、;；/]+", bounded(str(value or "")))
    if len(listed) > _MOST:
        raise Unusable(f"expected at most {_MOST} words")
    said = [bounded(str(item)).strip() for item in listed]
    return sorted({word(one, words) for one in said if one and one.lower() not in _NONE})


def answers(value: object, items: int) -> list[int]:
    """So many answers of 0 to 3, as a list, or a text with or without commas; raises Unusable, which says none of them."""
    said = [str(one).strip() for one in value] if isinstance(value, list) else re.findall(r"[^,，、;；/\s]", bounded(str(value)))
    if len(said) != items or any(one not in ("0", "1", "2", "3") for one in said):
        raise Unusable(f"expected {items} answers from 0 to 3")
    return [int(one) for one in said]


@cache
def _symptoms() -> dict[str, str]:
    return {word.lower(): mine for mine, words in vocabulary("symptoms").items() for word in [mine, *words]}


def word(value: str, words: Mapping[str, str]) -> str:
    """Our word for one of the source's; raises Unusable naming those that are known."""
    text = unicodedata.normalize("NFKC", value).strip()
    found = words.get(text, words.get(text.lower()))
    if found is None:
        raise Unusable(f"expected one of {', '.join(key or '(empty)' for key in words)}")
    return found
