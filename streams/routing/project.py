"""The only way out: fields that the agency's file names, and no others."""

from __future__ import annotations

from schemas.agency import Agency
from schemas.models.case import LinkedCase
from schemas.models.release import Release, View
from schemas.tokens import Keys
from streams.routing.match import Ground

_DAY = 86_400_000
_OPENED = {"names": "name", "phones": "phone", "documents": "document", "born": "born", "sex": "sex"}


def release(agency: Agency, case: LinkedCase, ground: Ground, keys: Keys) -> Release:
    """What the agency receives of the case on this ground; its copy expires counted from the case's latest event."""
    return Release.of(
        causes=[case.id],
        at=case.at,
        agency=agency.name,
        person=case.person,
        roles=sorted({want.role for want in ground.wants}),
        purpose=ground.purpose.name,
        legal_basis=ground.purpose.legal_basis,
        why=ground.why,
        expires=case.at + ground.purpose.expires_days * _DAY,
        view=project(case, {field for want in ground.wants for field in want.fields}, keys),
    )


def project(case: LinkedCase, fields: set[str], keys: Keys) -> View:
    """A view with these fields; direct identifiers are opened only when one of them is among the fields."""
    content = {field: getattr(case, field) for field in fields if field not in _OPENED}
    opened = [keys.open(sealed.alias, sealed.data) for sealed in case.sealed] if fields & _OPENED.keys() else []
    for field in fields & _OPENED.keys():
        content[field] = sorted({identifiers[_OPENED[field]] for identifiers in opened if _OPENED[field] in identifiers})
    return View(**content)


def released(view: View) -> list[str]:
    """Names of the fields that a view carries, sorted."""
    return sorted(name for name in View.model_fields if getattr(view, name) is not None)
