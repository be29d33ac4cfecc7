"""Resident numbers: which are valid, and what they imply."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from schemas.vocabulary import vocabulary
from streams.normalise.errors import Unusable
from streams.normalise.resident import Resident, check_digit, resident

COUNTY = "530624"
DAYS = st.dates(date(1800, 1, 1), date(2099, 12, 31))
SEQUENCES = st.integers(0, 999).map(lambda number: f"{number:03d}")
PROVINCES = st.sampled_from([*vocabulary("provinces"), "83"])


def whole(first: str) -> str:
    """17 digits with the check digit, computed as ISO 7064 defines it: the weighted sum of all 18 leaves 1 when divided by 11."""
    total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(first))
    return first + next(sign for value, sign in enumerate("0123456789X") if (total + value) % 11 == 1)


@pytest.mark.parametrize(
    ("written", "implied"),
    [
        # GB 11643-1999, annex A: the two numbers that the standard itself gives.
        ("11010519491231002X", ("110105", date(1949, 12, 31), "female")),
        ("440524188001010014", ("440524", date(1880, 1, 1), "male")),
        # The two numbers of the table of the permanent residence card: of a Saudi, given in Jiangsu, and of a Canadian, given in Beijing.
        ("932682198501010017", ("32", date(1985, 1, 1), "male")),
        ("911124198108030024", ("11", date(1981, 8, 3), "female")),
    ],
)
def test_published_numbers(written: str, implied: tuple[str, date, str]) -> None:
    """The examples that the rules themselves publish are valid, and imply what they say there."""
    assert resident(written) == Resident(written, *implied)


@pytest.mark.parametrize(
    "written", ["11010519491231002x", "110105 19491231 002X", "１１０１０５１９４９１２３１００２Ｘ", " 11010519491231002X ", "110105491231002"]
)
def test_one_number_in_many_ways(written: str) -> None:
    """A small x, spaces, full width and the 15 digits of the first cards are the same number."""
    assert resident(written).number == "11010519491231002X"


@pytest.mark.parametrize("province", ["81", "82", "83"])
def test_residence_permits(province: str) -> None:
    """Residents of Hong Kong, Macau and Taiwan have numbers on their residence permits, Taiwan's with 83 and not the 71 of GB/T 2260."""
    written = whole(f"{province}000019800101001")
    assert resident(written).region == f"{province}0000"


@pytest.mark.parametrize("sequence", ["996", "997", "998", "999"])
def test_centenarians_on_the_first_cards(sequence: str) -> None:
    """15 digits with a sequence that GB 11643-1989 kept for people of a hundred years are of 18yy; any other sequence is of 19yy."""
    assert resident(f"{COUNTY}800101{sequence}").born == date(1880, 1, 1)
    assert resident(f"{COUNTY}800101995").born == date(1980, 1, 1)


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("", "18 digits"), ("530624", "18 digits"), ("53062419800101001", "18 digits"), ("5306241980010100100", "18 digits"),
        ("X3062419800101001X", "18 digits"), ("5306241980010100XX", "18 digits"), ("53062419800101001Y", "18 digits"), ("٥٣٠٦٢٤١٩٨٠٠١٠١٠٠١٥", "18 digits"),
        ("CAN110019810803", "18 digits"), ("530624198001010011", "check digit"), ("110105194912310021", "check digit"),
        (whole("99062419800101001"), "province"), (whole("84000019800101001"), "province"), (whole("00062419800101001"), "province"),
        (whole("98312419800101001"), "province"), (whole("53062419800230001"), "date of birth"), (whole("53062419000229001"), "date of birth"),
        (whole("53062419801301001"), "date of birth"), (whole("53062400000101001"), "date of birth"), ("530624801301001", "date of birth"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(written: str, wrong: str) -> None:
    """Length, signs, check digit, province and date are each refused with their own reason, which does not hold the number."""
    with pytest.raises(Unusable, match=wrong) as caught:
        resident(written)
    assert written == "" or written not in str(caught.value)


@settings(deadline=None, max_examples=200)
@given(PROVINCES, st.integers(0, 9999), DAYS, SEQUENCES)
def test_a_number_implies_what_it_was_made_of(province: str, county: int, born: date, sequence: str) -> None:
    """Region, birth date and sex come back from any number that follows the rules, and the check digit is that of ISO 7064."""
    first = f"{province}{county:04d}{born:%Y%m%d}{sequence}"
    found = resident(whole(first))
    assert found == Resident(first + check_digit(first), first[:6], born, "male" if int(sequence) % 2 else "female")


@settings(deadline=None, max_examples=200)
@given(st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 995))
def test_fifteen_digits_are_the_number_without_century_and_check(born: date, sequence: int) -> None:
    """The number on a first card and on the card that replaced it are one handle."""
    first = f"{COUNTY}{born:%Y%m%d}{sequence:03d}"
    assert resident(first[:6] + first[8:]).number == whole(first)


@settings(deadline=None, max_examples=200)
@given(DAYS, SEQUENCES, st.integers(0, 16), st.integers(1, 9), st.integers(0, 15))
def test_slips_of_the_pen_are_found(born: date, sequence: str, place: int, change: int, swap: int) -> None:
    """Any one digit written wrong, and any two neighbours exchanged, is refused: that is what the check digit is for."""
    number = whole(f"{COUNTY}{born:%Y%m%d}{sequence}")
    wrong = number[:place] + str((int(number[place]) + change) % 10) + number[place + 1 :]
    with pytest.raises(Unusable):
        resident(wrong)
    assume(number[swap] != number[swap + 1])
    with pytest.raises(Unusable):
        resident(number[:swap] + number[swap + 1] + number[swap] + number[swap + 2 :])


@settings(deadline=None, max_examples=60)
@given(st.dates(date(1950, 1, 1), date(2020, 1, 1)), SEQUENCES)
def test_a_birthday_that_is_none(born: date, sequence: str) -> None:
    """The day after the last of a month is refused."""
    last = (born.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    with pytest.raises(Unusable, match="date of birth"):
        resident(whole(f"{COUNTY}{last:%Y%m}{last.day + 1:02d}{sequence}"))
