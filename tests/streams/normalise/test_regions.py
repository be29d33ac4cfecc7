"""Division codes: as short as what they name."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.vocabulary import vocabulary
from streams.normalise.errors import Unusable
from streams.normalise.regions import _kept, region

WIDTHS = (2, 2, 2, 3, 3, 3)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("53", "53"), ("5306", "5306"), ("530624", "530624"), ("530624100", "530624100"), ("530624100001", "530624100001"), ("530624100001003", "530624100001003"),
        ("530000", "53"), ("530000000000", "53"), ("530000000000000", "53"), ("530600", "5306"), ("530624000000", "530624"), ("530624100000", "530624100"),
        ("530624100001000", "530624100001"), ("420100", "4201"), ("５３０６２４", "530624"), (" 530624 ", "530624"), ("530 624", "530624"),
        ("441900003", "441900003"), ("441900003001", "441900003001"), ("441900", "4419"),
        ("云南省", "53"), ("云南", "53"), ("湖北", "42"), ("北京市", "11"), ("北京", "11"), ("内蒙古", "15"), ("广西", "45"), ("广西壮族自治区", "45"), ("新疆", "65"),
        ("香港", "81"), ("香港特别行政区", "81"), ("台湾省", "71"),
    ],
)  # fmt: skip
def test_a_region_is_one_code(written: str, meant: str) -> None:
    """Each level with or without the zeros that mean all of it, and provinces by name, long or short; towns without a county (441900003, Dongguan) keep its zeros."""
    assert region(written) == meant


@pytest.mark.parametrize(
    "written", ["", "5", "530", "53062", "5306241", "53062410", "5306241000", "53062410000100", "5306241000010030", "99", "000000", "83", "530624a", "53a6", "53大关", "530624 10 ", "大关县",
                "Yunnan", "٥٣", "530624.0", "-53", "53,42"],
)  # fmt: skip
def test_no_region(written: str) -> None:
    """A length that no level has, a province that there is not, and names of anything smaller are refused; the reason does not hold them."""
    with pytest.raises(Unusable) as caught:
        region(written)
    assert len(written) < 3 or written not in str(caught.value)


@pytest.mark.parametrize(("code", "name"), vocabulary("provinces").items())
def test_every_province_by_name(code: str, name: str) -> None:
    """Each province of the vocabulary is found by its name and by its code at every level."""
    assert {region(name), region(code), *(region(code.ljust(digits, "0")) for digits in (4, 6, 9, 12, 15))} == {code}


@st.composite
def codes(draw: st.DrawFn) -> str:
    """A code whose last level is not all zeros."""
    parts = [draw(st.sampled_from([*vocabulary("provinces")]))]
    parts += [f"{draw(st.integers(1, 10**width - 1)):0{width}d}" for width in WIDTHS[1 : draw(st.integers(1, len(WIDTHS)))]]
    return "".join(parts)


@settings(deadline=None, max_examples=200)
@given(codes())
def test_zeros_and_repetition_change_nothing(code: str) -> None:
    """A code filled with zeros to any deeper level is the same region, and the code of a region is its own."""
    for digits in itertools.accumulate(WIDTHS):
        if digits >= len(code):
            assert region(code.ljust(digits, "0")) == code


@settings(deadline=None, max_examples=200)
@given(st.from_regex(r"(11|42|53|65)[0-9]{13}", fullmatch=True))
def test_a_code_lies_in_its_parents(code: str) -> None:
    """Whatever zeros are within: each level's code begins with that of the level above, so that `startswith` finds what lies in a region."""
    levels = [region(code[:digits]) for digits in itertools.accumulate(WIDTHS)]
    assert all(inner.startswith(outer) for outer, inner in itertools.pairwise(levels))
    assert [region(level) for level in levels] == levels


def test_what_is_kept_of_codes_has_an_end() -> None:
    """More codes than are kept, and each still means what it does; texts of any length are read, and are not kept."""
    codes = [f"53062410{number:04d}" for number in range(10_000)] + [f"53062510{number:04d}" for number in range(10_000)]
    once = [region(code) for code in codes]
    assert [region(code) for code in codes] == once
    assert once[:2] == ["530624100", "530624100001"]
    kept = _kept.cache_info()
    assert kept.currsize <= (kept.maxsize or 0)
    assert region("53" + " " * 100_000 + "06") == "5306"
    assert _kept.cache_info() == kept


def test_what_was_refused_is_refused_again() -> None:
    """A text without meaning stays without one."""
    for _ in range(2):
        with pytest.raises(Unusable, match="GB/T 2260"):
            region("990000")
