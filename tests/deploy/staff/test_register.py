"""Who may do what, where."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from deploy.staff.register import BadRegister, NotAllowed, Role, Staff, load

KEY = base64.b64encode(bytes(32)).decode()
STAFF = Staff.model_validate({"staff": {
    "OP-1": {"roles": ["officer"], "area": "530624", "key": KEY}, "OP-2": {"roles": ["steward", "auditor"], "area": "everywhere", "key": KEY},
    "OP-3": {"roles": ["officer"], "area": "53", "key": KEY},
}})  # fmt: skip


@pytest.mark.parametrize(("code", "role", "areas"), [
    ("OP-1", Role.OFFICER, ["530624"]), ("OP-1", Role.OFFICER, ["530624001"]), ("OP-1", Role.OFFICER, ["533102", "530624001"]), ("OP-1", Role.OFFICER, []),
    ("OP-2", Role.STEWARD, ["110101"]), ("OP-3", Role.OFFICER, ["530624"]),
], ids=["own", "within", "one-of-two", "no-place", "everywhere", "province"])  # fmt: skip
def test_who_has_role_and_area_may(code: str, role: Role, areas: list[str]) -> None:
    """One division of those that it is about, in the area, is enough."""
    assert STAFF.require(code, role, areas) is STAFF.staff[code]


@pytest.mark.parametrize(("code", "role", "areas", "says"), [
    ("OP-9", Role.OFFICER, [], "OP-9 is not in the register"), ("OP-1", Role.STEWARD, [], "needs the role steward, and OP-1 is officer"),
    ("OP-2", Role.OFFICER, [], "OP-2 is auditor, steward"), ("OP-1", Role.OFFICER, ["533102"], "about 533102, and the area of OP-1 is 530624"),
    ("OP-1", Role.OFFICER, ["53"], "about 53,"), ("OP-1", Role.OFFICER, ["5306"], "about 5306,"),
], ids=["unknown", "role", "other-roles", "other-county", "whole-province", "prefecture"])  # fmt: skip
def test_who_has_not_may_not(code: str, role: Role, areas: list[str], says: str) -> None:
    """A county's officer does not look at another county, nor decide for the whole province; it is said why."""
    with pytest.raises(NotAllowed, match=says):
        STAFF.require(code, role, areas)


@pytest.mark.parametrize(("text", "says"), [
    ("staff: {OP-1: {roles: [king], area: '53', key: x}}", r"staff\.OP-1\.roles"), ("staff: {OP-1: {roles: [], area: '53', key: x}}", r"staff\.OP-1\.roles"),
    ("staff: {OP-1: {roles: [officer], area: '', key: x}}", r"staff\.OP-1\.area"), ("staff: {OP-1: {roles: [officer], area: '53', key: AAAA}}", r"32 bytes"),
    ("staff: [", "no YAML"), ("people: {}", "staff"),
], ids=["role", "no-role", "no-area", "key", "yaml", "other"])  # fmt: skip
def test_a_register_that_is_none_is_refused(tmp_path: Path, text: str, says: str) -> None:
    """Nobody gets in by a slip: the entry is named."""
    path = tmp_path / "staff.yaml"
    path.write_text(text)
    with pytest.raises(BadRegister, match=says):
        load(path)
