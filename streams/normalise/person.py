"""A person in a record: the handles it gives, strongest first, the alias, and what is sealed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from schemas.models.raw import Reason
from schemas.source import PersonMap, text
from schemas.tokens import Keys
from streams.normalise.errors import Unusable
from streams.normalise.names import normal, reading
from streams.normalise.phones import phone
from streams.normalise.resident import resident
from streams.normalise.values import word

REASONS = {
    "document": "same document",
    "account": "same account",
    "patient": "same patient number",
    "case": "same published case",
    "phone": "same phone and name",
}
"""Kinds of handle, strongest first, and why two records that share one speak of one person."""


@dataclass(slots=True)
class Person:
    """Handles by kind as their parts, what identifies the person directly, and what could not be used."""

    handles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    identifiers: dict[str, str] = field(default_factory=dict)
    reasons: list[Reason] = field(default_factory=list)

    def tokens(self, keys: Keys) -> dict[str, str]:
        """The token of each handle by its kind, strongest first."""
        return {kind: keys.token(kind, *self.handles[kind]) for kind in REASONS if kind in self.handles}


def read(fields: Mapping[str, Any], where: PersonMap, prefix: str = "") -> Person:
    """Read a person; `prefix` is put before the paths in reasons.

    A phone without a name is no handle, for phones are shared; nor is a patient number without the facility that gave it.
    """
    person = Person()
    name = _take(person, fields, where.name, prefix, _name)
    number = _take(person, fields, where.phone, prefix, phone)
    _document(person, fields, where, prefix)
    if where.account and (account := text(fields, where.account)):
        person.handles["account"] = (where.account_in, account)
    for kind, paths in (("patient", [where.patient_of, where.patient]), ("case", where.case)):
        parts = [_plain(fields, path) for path in paths]
        if parts and all(parts):
            person.handles[kind] = tuple(part.upper() for part in parts) if kind == "patient" else tuple(parts)
    if name and number:
        person.handles["phone"] = (number, reading(name))
    person.identifiers |= {key: value for key, value in (("name", name), ("phone", number)) if value}
    return person


def _take(person: Person, fields: Mapping[str, Any], path: str | None, prefix: str, use: Callable[[str], str]) -> str:
    value = text(fields, path) if path else ""
    if not value:
        return ""
    try:
        return use(value)
    except Unusable as error:
        person.reasons.append(Reason(field=prefix + str(path), problem=str(error)))
        return ""


def _name(value: str) -> str:
    if not normal(value) or len(value) > 100:
        raise Unusable("expected a name of at most 100 signs")
    return unicodedata.normalize("NFKC", value).strip()


def _plain(fields: Mapping[str, Any], path: str | None) -> str:
    return unicodedata.normalize("NFKC", text(fields, path)).strip() if path else ""


def _document(person: Person, fields: Mapping[str, Any], where: PersonMap, prefix: str) -> None:
    try:
        kind = word(text(fields, where.document_kind), where.document_words) if where.document_kind else "resident"
    except Unusable as error:
        person.reasons.append(Reason(field=f"{prefix}{where.document_kind}", problem=str(error)))
        return
    if kind == "none":
        return
    number = _take(person, fields, where.document, prefix, (lambda value: resident(value).number) if kind == "resident" else _foreign)
    if number:
        country = "CN" if kind == "resident" or not where.nationality else _plain(fields, where.nationality).upper()
        person.handles["document"] = (kind, country, number)
        person.identifiers["document"] = f"{kind}:{number}"
        if kind == "resident":
            implied = resident(number)
            person.identifiers |= {"born": implied.born.isoformat(), "sex": implied.sex}


def _foreign(value: str) -> str:
    """Letters and digits alone: the signs in 12/OUKAMA(N)123456 (Myanmar) and the hyphens and spaces of other numbers are written or not."""
    number = re.sub(r"[\s\-/().]", "", unicodedata.normalize("NFKC", value).upper())
    if not re.fullmatch(r"[A-Z0-9]{4,20}", number):
        raise Unusable("expected a document number of 4 to 20 letters and digits")
    return number
