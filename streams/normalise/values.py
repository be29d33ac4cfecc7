"""The other sorts of value: codes, numbers, symptoms, words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from schemas.vocabulary import vocabulary
from streams.normalise.errors import Unusable

_NONE = {"", "无", "否", "没有", "none", "no", "n", "false", "0"}


def code(value: str) -> str:
    """A code of a place, facility or staff: letters, digits and - _ : . / only, upper-case; raises Unusable."""
    text = unicodedata.normalize("NFKC", value).strip().upper()
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9\-_:./]{0,63}", text):
        raise Unusable("expected a code of at most 64 letters, digits and - _ : . /")
    return text


def number(value: str) -> float:
    """A body temperature or other small number, perhaps with its unit; raises Unusable."""
    match = re.fullmatch(r"(-?\d{1,4}(?:\.\d{1,3})?)\s*(?:℃|°C|度|C)?", unicodedata.normalize("NFKC", value).strip().replace("。", "."))
    if not match:
        raise Unusable("expected a number such as 36.5")
    return float(match[1])


def symptoms(value: object) -> list[str]:
    """Our words for a list, or a text with commas, of symptoms; raises Unusable when one is not in the vocabulary."""
    parts = value if isinstance(value, list) else re.split(r"[,，、;；/\s]+", str(value or ""))
    ours = {word.lower(): mine for mine, words in vocabulary("symptoms").items() for word in [mine, *words]}
    said = [part for item in parts if (part := unicodedata.normalize("NFKC", str(item)).strip().lower()) not in _NONE]
    if any(part not in ours for part in said):
        raise Unusable(f"a symptom is not in the vocabulary; known are {', '.join(vocabulary('symptoms'))} and their names in Chinese")
    return sorted({ours[part] for part in said})


def word(value: str, words: Mapping[str, str]) -> str:
    """Our word for one of the source's; raises Unusable naming those that are known."""
    text = unicodedata.normalize("NFKC", value).strip()
    found = words.get(text, words.get(text.lower()))
    if found is None:
        raise Unusable(f"expected one of {', '.join(key or '(empty)' for key in words)}")
    return found
