"""Agency files: what they may ask for."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.agency import Agency

PURPOSE = {"name": "care", "legal_basis": "An invented law, art. 1", "expires_days": 30}
WANT = {"role": "case", "purpose": "care", "why": ["residence"], "fields": ["status"]}
AGENCY: dict[str, Any] = {"name": "some-agency", "says": "An invented agency.", "says_zh": "虚构机构。", "kind": "community", "region": "530624100001",
                          "purposes": [PURPOSE], "wants": [WANT], "deliver": {"kind": "topic"}}  # fmt: skip


def test_agency_is_read() -> None:
    """A whole file is an agency."""
    agency = Agency.model_validate(AGENCY)
    assert (agency.name, agency.wants[0].fields, agency.deliver.kind) == ("some-agency", ["status"], "topic")


@pytest.mark.parametrize(("change", "problem"), [
    ({"wants": [WANT | {"fields": ["status", "secrets"]}]}, "unknown fields secrets"),
    ({"wants": [WANT | {"fields": []}]}, "fields"),
    ({"wants": [WANT | {"purpose": "curiosity"}]}, "no purpose declared for curiosity"),
    ({"wants": []}, "wants"),
    ({"purposes": [PURPOSE | {"legal_basis": ""}]}, "legal_basis"),
    ({"purposes": [PURPOSE | {"expires_days": 0}]}, "expires_days"),
    ({"region": None}, "a region or a facility"),
    ({"region": "53062"}, "region"),
    ({"name": "Some Agency"}, "name"),
    ({"deliver": {"kind": "pigeon"}}, "deliver"),
    ({"colour": "red"}, "colour"),
])  # fmt: skip
def test_wrong_files_are_refused(change: dict[str, Any], problem: str) -> None:
    """A field that no view has, a purpose without a legal basis, or an agency of nowhere is refused, and the message says which."""
    with pytest.raises(ValidationError, match=problem):
        Agency.model_validate(AGENCY | change)


def test_facility_stands_for_a_region() -> None:
    """A hospital or a port is known by its facility and needs no region."""
    assert Agency.model_validate(AGENCY | {"region": None, "facility": "HOSP-530624-01"}).facility == "HOSP-530624-01"


def test_digest_is_of_what_the_file_says() -> None:
    """The order of names and what is written though it is the default make no difference; anything else does."""
    agency = Agency.model_validate(AGENCY)
    same = Agency.model_validate(dict(reversed(AGENCY.items())) | {"facility": None, "wants": [WANT | {"needs": {}, "statuses": None}]})
    other = Agency.model_validate(AGENCY | {"purposes": [PURPOSE | {"expires_days": 31}]})
    assert agency.digest == same.digest != other.digest
    assert len(agency.digest) == 64
    assert Agency.model_validate_json(agency.content) == agency


def test_why_fields_are_needed() -> None:
    """A want may say for each privacy class why its fields are needed; a class that is none, and an empty sentence, are refused."""
    assert Agency.model_validate(AGENCY | {"wants": [WANT | {"needs": {"sensitive": "to care for them"}}]}).wants[0].needs == {"sensitive": "to care for them"}
    for wrong in ({"secret": "to care for them"}, {"sensitive": ""}):
        with pytest.raises(ValidationError, match="needs"):
            Agency.model_validate(AGENCY | {"wants": [WANT | {"needs": wrong}]})
