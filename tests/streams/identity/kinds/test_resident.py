"""Resident identity numbers, valid and misread. All are invented: 999 people of Daguan County on the first of January 1980."""

from __future__ import annotations

import pytest

from streams.identity.kinds import KINDS
from streams.normalise.resident import check_digit
from tests.streams.identity.kinds.cases import keys, level


def _valid(first: str) -> str:
    return f"resident:{first}{check_digit(first)}"


ONE, OTHER = _valid("53062419800101987"), _valid("53062419800101985")


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        (ONE, ONE, "same"),
        (ONE, OTHER, "different"),
        (ONE, ONE.replace("resident", "resident?").replace("1980", "1990"), "one digit"),
        (ONE, ONE.replace("resident", "resident?").replace("0624", "0642"), "one digit"),
        (ONE, ONE.replace("resident", "resident?")[:-1], "one digit"),
        (ONE, "resident?:530624800101987", "one digit"),
        (ONE, "resident?:530624800101978", "one digit"),
        (ONE, "resident?:530624198001014321", "two parts"),
        (ONE, "resident?:110101197012314321", "unlike"),
    ],
)
def test_levels(a: str, b: str, found: str) -> None:
    """Two valid numbers are of two people even with one digit between them; a misread one is near, shares two of its parts, or neither."""
    assert level("resident-number", a, b) == found


def test_no_single_slip_leaves_a_valid_number() -> None:
    """The check digit finds every wrong digit and all swapped neighbours, which is why two valid numbers are never one misread."""
    number = ONE.removeprefix("resident:")
    first, last = number[:17], number[17]
    wrong = [first[:place] + str(digit) + first[place + 1 :] for place in range(17) for digit in range(10) if str(digit) != first[place]]
    swapped = [first[:place] + first[place + 1] + first[place] + first[place + 2 :] for place in range(16) if first[place] != first[place + 1]]
    assert wrong
    assert swapped
    assert all(check_digit(text) != last for text in (*wrong, *swapped))


def test_a_wrong_digit_mostly_leaves_the_end() -> None:
    """Where one digit before the last four is wrong, the key is the same, and no other digit may be."""
    number = ONE.removeprefix("resident:")
    for place in range(17):
        wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
        assert (keys("resident-number", "end", f"resident?:{wrong}") == keys("resident-number", "end", ONE)) == (place < 14)


def test_other_documents_say_nothing() -> None:
    """Passports are no resident numbers."""
    assert KINDS["resident-number"].prepare("passport:MP1234567") is None
    assert KINDS["resident-number"].prepare("resident:") is None
