"""The register of ports, paths and checkpoints."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from schemas.ports import Register, county, place, register


@pytest.mark.parametrize("code", register().ports)
def test_a_port_is_named_in_both_languages(code: str) -> None:
    """With a county that is listed, in Yunnan, and a code of customs that no other port has."""
    found = place(code)
    assert found
    assert (found.kind, found.zh.isascii(), found.en.isascii()) == ("port", False, True)
    assert found.county.startswith("53")
    assert [one.customs for one in register().ports.values()].count(found.customs) == 1 or found.customs is None


def test_counties_are_the_twenty_five_at_the_border() -> None:
    """Yunnan has 25, by GB/T 2260."""
    assert len(register().counties) == 25
    assert all(len(code) == 6 and code.startswith("53") for code in register().counties)


@pytest.mark.parametrize(("code", "kind", "zh", "en"), [
    ("PATH-533102-014", "path", "瑞丽市014号通道", "Ruili path 014"), ("CHECK-532823-2", "checkpoint", "勐腊县2号卡点", "Mengla checkpoint 2")])  # fmt: skip
def test_a_path_is_numbered_by_its_county(code: str, kind: str, zh: str, en: str) -> None:
    """Nobody has to list it: paths appear overnight."""
    found = place(code)
    assert found
    assert (found.kind, found.zh, found.en, found.county) == (kind, zh, en, code.split("-")[1])


@pytest.mark.parametrize("code", ["PORT-NOWHERE", "PATH-110101-1", "PATH-533102", "PATH-533102-", "PATH-533102-12345", "PATH-533102-1A", "BOAT-533102-1", "port-ruili", ""])
def test_nothing_else_is_a_place_at_the_border(code: str) -> None:
    """No county of the interior, no other letters, no number that is none."""
    assert place(code) is None


def test_the_county_of_a_place() -> None:
    """That of the register goes before that of the record; without either there is none."""
    assert (county("PORT-WANDING", "532823001"), county("PORT-1", "532823001"), county(None, None)) == ("533102", "532823", "")


def test_a_port_in_a_county_that_is_not_listed_is_refused() -> None:
    """The message names the port."""
    with pytest.raises(ValidationError, match="not listed: PORT-X"):
        Register.model_validate(register().model_dump() | {"ports": {"PORT-X": {"zh": "某口岸", "en": "Some", "county": "110101", "customs": None}}})
