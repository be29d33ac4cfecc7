"""An invented agency, changed as a test needs it, and a linked case with its keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from schemas.agency import Agency
from schemas.models.case import Concern, LinkedCase, Role, Sealed, Status, Why
from schemas.tokens import Keys

KEYS = Keys(bytes(32))
NAME = "王测试"
PURPOSE: dict[str, Any] = {"name": "care", "legal_basis": "An invented law, art. 1", "expires_days": 30}
NEEDS = {"identifying": "They are called.", "sensitive": "They are cared for."}
WANT: dict[str, Any] = {"role": "case", "purpose": "care", "why": ["residence"], "fields": ["status", "names"], "needs": NEEDS}
CONTENT: dict[str, Any] = {"name": "some-agency", "says": "An invented agency.", "says_zh": "虚构机构。", "kind": "community", "region": "530624100001",
                           "purposes": [PURPOSE], "wants": [WANT], "deliver": {"kind": "topic"}}  # fmt: skip


def agency(**changes: Any) -> Agency:
    """The agency with these parts of its file changed."""
    return Agency.model_validate(CONTENT | changes)


def want(**changes: Any) -> dict[str, Any]:
    """Its want, changed."""
    return WANT | changes


def told(topic: str, **changes: Any) -> dict[str, Any]:
    """A subscription as it stands in its file."""
    return {"topic": topic, "purpose": "care"} | changes


def saved(folder: Path, **changes: Any) -> Path:
    """Its file in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    content = CONTENT | changes
    path = folder / f"{content['name']}.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return path


def case(number: int = 1, *, roles: list[Role] | None = None, status: Status | None = Status.CONFIRMED, region: str = "530624100001003",
         why: Why = Why.RESIDENCE) -> LinkedCase:  # fmt: skip
    """A linked case of an invented person."""
    alias = KEYS.token("alias", str(number))
    return LinkedCase.of(
        causes=[f"{number}"], at=1_580_000_000_000 + number, person=f"{number:032x}", roles=roles or [Role.CASE], status=status, aliases=[alias],
        concerns=[Concern(region=region, why=why)], timeline=[], contacts=[], contact_of=[],
        sealed=[Sealed(alias=alias, data=KEYS.seal(alias, {"name": NAME, "phone": "+8613800000001"}))],
    )  # fmt: skip
