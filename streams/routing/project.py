"""The only way out: fields that the agency's file names, and no others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from schemas.agency import Agency
from schemas.models.case import LinkedCase
from schemas.models.release import Release, View
from schemas.tokens import Keys
from streams.routing.codes import Codes
from streams.routing.match import Ground

_DAY = 86_400_000
_OPENED = {"names": "name", "phones": "phone", "documents": "document", "born": "born", "sex": "sex"}
_CODED: dict[str, Callable[[Codes, Any], Any]] = {"contacts": Codes.meetings, "contact_of": Codes.meetings, "timeline": Codes.entries}


def release(agency: Agency, case: LinkedCase, ground: Ground, keys: Keys) -> Release:
    """What the agency receives of the case on this ground, under its own codes; its copy expires counted from the case's latest event."""
    codes = Codes(agency, ground.purpose, keys)
    return Release.of(
        causes=[codes.fact(case.id)],
        at=case.at,
        agency=agency.name,
        person=codes.person(case.person),
        roles=sorted({want.role for want in ground.wants}),
        purpose=ground.purpose.name,
        legal_basis=ground.purpose.legal_basis,
        why=ground.why,
        expires=case.at + ground.purpose.expires_days * _DAY,
        view=project(case, {field for want in ground.wants for field in want.fields}, codes),
    )


def project(case: LinkedCase, fields: set[str], codes: Codes) -> View:
    """A view with these fields; direct identifiers are opened only when one of them is among the fields."""
    content = {field: _CODED[field](codes, getattr(case, field)) if field in _CODED else getattr(case, field) for field in fields if field not in _OPENED}
    opened = [codes.keys.open(sealed.alias, sealed.data) for sealed in case.sealed] if fields & _OPENED.keys() else []
    for field in fields & _OPENED.keys():
        content[field] = sorted({identifiers[_OPENED[field]] for identifiers in opened if _OPENED[field] in identifiers})
    return View(**content)


def released(view: View) -> list[str]:
    """Names of the fields that a view carries, sorted."""
    return sorted(name for name in View.model_fields if getattr(view, name) is not None)
