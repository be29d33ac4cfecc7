"""The only way out: fields that the agency's file names, and no others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from schemas.agency import Agency, Want
from schemas.forms import ALWAYS, Form, finest
from schemas.models.case import LinkedCase
from schemas.models.release import Coarse, Release, View
from schemas.tokens import Keys
from streams.routing.coarse import coarser, concerns, moment
from streams.routing.codes import Codes
from streams.routing.match import Ground, shown

_DAY = 86_400_000
_OPENED = {"names": "name", "phones": "phone", "documents": "document", "born": "born", "sex": "sex"}
_CODED: dict[str, Callable[[Codes, Any], Any]] = {"contacts": Codes.meetings, "contact_of": Codes.meetings, "timeline": Codes.entries,
                                                       "needs": lambda codes, needs: shown(codes.agency, needs)}  # fmt: skip


def release(agency: Agency, case: LinkedCase, ground: Ground, keys: Keys) -> Release:
    """What the agency receives of the case on this ground, under its own codes and in the forms that its file asks for.

    Its copy expires counted from the moment of the case's latest event, as it is told.
    """
    codes = Codes(agency, ground.purpose, keys)
    forms = forms_of(ground.wants)
    at = moment(case.at, forms.get("at", ()))
    view = project(case, {field for want in ground.wants for field in want.fields}, codes)
    return Release.of(
        causes=[codes.fact(case.id)],
        at=at,
        agency=agency.name,
        person=codes.person(case.person),
        roles=sorted({want.role for want in ground.wants}),
        purpose=ground.purpose.name,
        legal_basis=ground.purpose.legal_basis,
        why=concerns(ground.why, forms["why"]) if "why" in forms else ground.why,
        expires=at + ground.purpose.expires_days * _DAY,
        view=coarser(view, forms, case.at),
        forms=[Coarse(field=field, form=form) for field in sorted(forms) for form in forms[field]],
    )


def forms_of(wants: Sequence[Want]) -> dict[str, list[Form]]:
    """By field the forms in which it leaves when these wants apply; fields without any are left out."""
    names = {field for want in wants for field in want.forms}
    found = {field: finest([want.forms.get(field, []) for want in wants if field in {*ALWAYS, *want.fields}]) for field in names}
    return {field: forms for field, forms in found.items() if forms}


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
