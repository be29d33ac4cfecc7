"""Values that name a person, covered so far that two can be told apart and none be read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_PHONE = re.compile(r"(\+86)?(1\d{2})\d{4}(\d{4})")
_ABROAD = re.compile(r"(\+\d{2})(\d{4,})(\d{2})")
_REGION = 6
_SHOWN = {"sex", "nationality"}
"""Fields of so few values that they name nobody."""


def masked(field: str, value: str) -> str:
    """One value of a field: `王*`, `+86138****0001`, `resident:530624********0010`, `1980-**-**`; of all else the first sign."""
    if field in _SHOWN:
        return value
    if field == "phone":
        return _phone(value)
    if field == "document":
        kind, colon, number = value.partition(":")
        return kind + colon + _document(number) if colon else _document(value)
    if field == "born":
        return "/".join(date[:4] + re.sub(r"\d", "*", date[4:]) for date in value.split("/"))
    if field == "region":
        return value[:_REGION] + "*" * len(value[_REGION:])
    return _covered(value)


def shown(profile: Mapping[str, Sequence[str]], *, plain: bool) -> dict[str, list[str]]:
    """The values of each field, as they are or masked; what looks equal masked may still be different."""
    return {field: list(values) if plain else list(dict.fromkeys(masked(field, value) for value in values)) for field, values in profile.items()}


def _covered(text: str) -> str:
    """The first sign of each word."""
    return " ".join(word[:1] + "*" * (len(word) - 1) for word in text.split(" "))


def _phone(number: str) -> str:
    """Of a Chinese mobile phone the network and the last four digits, of a number abroad the country's first two digits and the last two."""
    if found := _PHONE.fullmatch(number):
        return f"{found[1] or ''}{found[2]}****{found[3]}"
    if found := _ABROAD.fullmatch(number):
        return found[1] + "*" * len(found[2]) + found[3]
    return _covered(number)


def _document(number: str) -> str:
    ends = (6, 4) if len(number) >= 15 else (1, 2)
    if len(number) <= sum(ends) + 1:
        return "*" * len(number)
    return number[: ends[0]] + "*" * (len(number) - sum(ends)) + number[-ends[1] :]
