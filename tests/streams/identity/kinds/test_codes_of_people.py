"""Documents, phones, division codes, addresses and tokens."""

from __future__ import annotations

import pytest

from streams.identity.kinds import KINDS
from tests.streams.identity.kinds.cases import keys, level


@pytest.mark.parametrize(
    ("kind", "a", "b", "found"),
    [
        ("document", "passport:MP1234567", "passport:MP1234567", "same"),
        ("document", "passport:MP1234567", "passport:MP1234576", "one sign"),
        ("document", "passport:MP1234567", "passport:MP7654321", "different"),
        ("document", "passport:MP1234567", "border-certificate:MB1234567", "nothing"),
        ("phone", "+8613800000001", "+8613800000001", "same"),
        ("phone", "+8613800000001", "+8613800000007", "one digit"),
        ("phone", "+8613800000010", "+8613800000001", "one digit"),
        ("phone", "+8613800000001", "+8613900000002", "different"),
        ("phone", "+8613800000001", "+861380000001", "different"),
        ("region", "530624100201", "530624100201", "same community"),
        ("region", "530624100201", "530624100202", "same township"),
        ("region", "530624100201", "530624", "same county"),
        ("region", "530624", "530602", "same prefecture"),
        ("region", "530624", "533102", "same province"),
        ("region", "530624", "110101", "different"),
        ("address", "和平路12号3栋401室", "和平路12号3幢401", "same"),
        ("address", "大关县和平路12号3栋401室", "和平路12号3栋401室", "nearly"),
        ("address", "和平路12号3栋401室", "和平路12号", "nearly"),
        ("address", "和平路12号3栋401室", "和平路12号5栋601室", "some numbers"),
        ("address", "和平路12号", "新华路12号", "different"),
        ("token", "h1", "h1", "same"),
        ("token", "h1", "h2", "different"),
    ],
)
def test_levels(kind: str, a: str, b: str, found: str) -> None:
    """How alike two values are, by name of the level; two kinds of document say nothing of each other."""
    assert level(kind, a, b) == found


@pytest.mark.parametrize(("kind", "text"), [("document", "resident:530624198001019871"), ("document", "?"), ("region", "Daguan"), ("phone", " "), ("token", "")])
def test_what_is_of_another_kind_says_nothing(kind: str, text: str) -> None:
    """Resident numbers are compared as such, and what is no value is left out."""
    assert KINDS[kind].prepare(text) is None


def test_a_wrong_digit_mostly_leaves_the_end_of_a_phone() -> None:
    """A wrong digit before the last four leaves the key, one among them does not."""
    assert len(set(keys("phone", "end", "+8613800000001")) & set(keys("phone", "end", "+8613800000007"))) == 0
    assert len(set(keys("phone", "end", "+8613800000001")) & set(keys("phone", "end", "+8613900000001"))) == 1


def test_codes_give_keys_as_far_as_they_go() -> None:
    """A county code gives no key for townships."""
    assert keys("region", "county", "530624100201") == ["530624"]
    assert keys("region", "township", "530624100201") == ["530624100"]
    assert keys("region", "township", "530624") == []
