"""What of a value is shown without a reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.linkage.mask import masked, shown


@pytest.mark.parametrize(("field", "value", "left"), [
    ("name", "王测试", "王**"), ("name", "李样", "李*"), ("name", "wang ceshi", "w*** c****"), ("phone", "+8613800000001", "+86138****0001"), ("phone", "13800000001", "138****0001"),
    ("phone", "110", "1**"), ("phone", "+95912345678", "+95*******78"), ("document", "resident:530624198001010010", "resident:530624********0010"), ("document", "resident?:53062419800101001", "resident?:530624*******1001"),
    ("document", "passport:E12345678", "passport:E******78"), ("document", "passport:E12", "passport:***"), ("document", "530624198001010010", "530624********0010"),
    ("born", "1980-01-02", "1980-**-**"), ("born", "1979-02-04/1980-02-03", "1979-**-**/1980-**-**"), ("born", "1980", "1980"), ("sex", "female", "female"),
    ("nationality", "MM", "MM"), ("region", "530624101003", "530624******"), ("region", "5306", "5306"), ("address", "翠华镇1号", "翠****"), ("email", "ceshi@example.org", "c" + "*" * 16),
    ("name", "", ""),
])  # fmt: skip
def test_masked(field: str, value: str, left: str) -> None:
    """Enough is left to tell two apart, and not enough to find anybody."""
    assert masked(field, value) == left


def test_shown() -> None:
    """A profile is shown as it is, or masked, where values that look equal stand once."""
    said = {"name": ["王测试", "王样本"], "sex": ["male"]}
    assert shown(said, plain=True) == said
    assert shown(said, plain=False) == {"name": ["王**"], "sex": ["male"]}


@given(st.sampled_from(["name", "phone", "document", "address", "household", "email"]), st.text(min_size=6))
def test_no_value_is_shown_whole(field: str, value: str) -> None:
    """Whatever stands in a field, most of a word of it is covered."""
    left = masked(field, value)
    longest = max(value.split(" "), key=len)
    assert longest not in left or len(longest) <= 1 or set(longest[1:]) == {"*"} or (field == "document" and set(longest.rpartition(":")[2][1:]) <= {"*"})
