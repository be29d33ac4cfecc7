"""A release shown so far that one sees what would leave, and names nobody."""

from __future__ import annotations

from typing import Any

from deploy.linkage.mask import masked
from schemas.models.fact import Model
from schemas.models.release import Release
from schemas.privacy import strictest_first
from streams.routing.project import released

_MASKED_AS = {"names": "name", "phones": "phone", "documents": "document", "born": "born", "sex": "sex", "community": "region"}
_AS_IS = {"status", "classification"}
_KEY = 8


def sample(release: Release, stand: str) -> dict[str, Any]:
    """Person by the beginning of the key, purpose, roles, and each field masked; `stand` is what would become of it."""
    view = {name: covered(name, getattr(release.view, name)) for name in strictest_first(released(release.view))}
    return {"person": release.person[:_KEY], "purpose": release.purpose, "stand": stand, "roles": [role.value for role in release.roles], "view": view}


def covered(name: str, value: Any) -> str:
    """One field: identifiers masked, of a list of what happened only how many, of a moment that there is one, of other codes the first sign."""
    if isinstance(value, list):
        if any(isinstance(one, Model) for one in value) or name not in _MASKED_AS:
            return f"{len(value)} entries"
        return ", ".join(masked(_MASKED_AS[name], one) for one in value)
    if isinstance(value, int):
        return "a moment"
    return str(value) if name in _AS_IS else masked(_MASKED_AS.get(name, "code"), str(value))
