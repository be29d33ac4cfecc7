"""Phone numbers as they are written, and as they are kept."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.normalise.errors import Unusable
from streams.normalise.phones import phone

WRITTEN = {
    "+8613800000001": [
        "13800000001", "138 0000 0001", "138-0000-0001", "+86 138 0000 0001", "+8613800000001", "0086 13800000001", "0086-138-0000-0001", "8613800000001",
        "(86)13800000001", "１３８０００００００１", "013800000001", "+86 (0)13800000001", "138.0000.0001", "138‐0000‐0001",
    ],
    "+8614800000001": ["14800000001"],
    "+868702345678": ["0870-2345678", "(0870)2345678", "0870 234 5678", "+86 870 2345678", "+86-0870-2345678", "0086 870 2345678", "0870—2345678"],
    "+861088880001": ["010-88880001", "(010) 8888 0001", "+86 10 8888 0001"],
    "+868702345678;ext=801": ["0870-2345678转801", "0870-2345678 转接 801", "0870-2345678 ext. 801", "0870-2345678x801", "0870-2345678，801", "0870-2345678分机801",
                             "0870-2345678#801", "+868702345678;ext=801"],
    "+959421000001": ["+95 9 421 000 001", "+95 09421000001", "+95 (0)9421000001", "0095 9421000001", "+95-9-421-000001"],
    "+84912000001": ["+84 912 000 001", "+84 0912000001", "0084912000001"],
    "+8562055000001": ["+856 20 55 000 001", "00856 2055000001"],
    "+85251000001": ["+852 5100 0001", "0085251000001"],
    "+85366000001": ["+853 6600 0001"],
    "+886912000001": ["+886 912 000 001", "+886 0912000001"],
    "+12125550100": ["+1 (212) 555-0100", "001 212 555 0100"],
    "+66810000001": ["+66 81 000 0001", "+66 0810000001"],
}  # fmt: skip
REFUSED = [
    "", "0", "abc", "139", "1390000000", "138000000011", "12000000001", "2340001", "95588", "400-810-8888", "0000-2345678", "+86123", "+999123456789",
    "++8613800000001", "1380000000O", "+", "00", "+85620551234567", "13800000001 13900000002", "138000000013800000001", "+95 9", "#801", "转801",
]  # fmt: skip


@pytest.mark.parametrize(("kept", "written"), [(kept, written) for kept, ways in WRITTEN.items() for written in ways])
def test_one_number_is_kept_in_one_form(kept: str, written: str) -> None:
    """Country code, trunk zero, signs, width and extension in all their ways give one form."""
    assert phone(written) == kept


@pytest.mark.parametrize("written", REFUSED)
def test_no_phone_number(written: str) -> None:
    """What no phone has is refused, and the reason does not hold it."""
    with pytest.raises(Unusable) as caught:
        phone(written)
    assert len(written) < 3 or written not in str(caught.value)


@settings(deadline=None, max_examples=200)
@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.sampled_from(["", "86", "+86", "0086", "+86 ", "(+86)", "0"]),
    st.lists(st.sampled_from(["", " ", "-", "　", "."]), min_size=11, max_size=11),
    st.booleans(),
)
def test_every_chinese_mobile_number_in_every_way(number: str, before: str, between: list[str], wide: bool) -> None:
    """Any of them is read through any prefix and any signs between its digits."""
    written = before + "".join(digit + sign for digit, sign in zip(number, between, strict=True))
    assert phone("".join(chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in written) if wide else written) == f"+86{number}"


@settings(deadline=None, max_examples=300)
@given(st.text("0123456789+-() 转x#;=", max_size=18))
def test_the_kept_form_is_settled(written: str) -> None:
    """What is kept is kept as it is when it comes again, as from an agency that sends back what it was sent."""
    try:
        kept = phone(written)
    except Unusable:
        return
    assert phone(kept) == kept
    assert kept.startswith("+")


@settings(deadline=None, max_examples=300)
@given(st.from_regex(r"(\+?86|0086|0|00)?0?1[0-9]{9,11}", fullmatch=True) | st.text("+0123456789", max_size=16))
def test_the_quick_way_finds_nothing_else(written: str) -> None:
    """Bare digits are read in one look; with a space among them they are not, and are the same number, or refused with the same words."""
    assert _meant(written) == _meant(f"{written[:1]} {written[1:]}")


def _meant(written: str) -> str:
    try:
        return phone(written)
    except Unusable as error:
        return str(error)


@pytest.mark.parametrize("written", ["١٣٨٠٠٠٠٠٠٠١", "1380000000١"])
def test_digits_of_other_scripts(written: str) -> None:
    """They do not come through as they are."""
    assert _meant(written) == _meant(f" {written}")
