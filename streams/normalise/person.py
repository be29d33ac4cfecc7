"""A person in a record: the handles it gives, strongest first, the alias, and what is sealed."""

from __future__ import annotations

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
    """Read a person; `prefix` is put before the paths in reasons. A phone without a name is no handle: phones are shared."""
    person = Person()
    name = _take(person, fields, where.name, prefix, _name)
    number = _take(person, fields, where.phone, prefix, phone)
    _document(person, fields, where, prefix)
    if where.account and (account := text(fields, where.account)):
        person.handles["account"] = (where.account_in, account)
    if where.patient and where.patient_of and (patient := text(fields, where.patient)):
        person.handles["patient"] = (text(fields, where.patient_of).upper(), patient.upper())
    if where.case:
        person.handles["case"] = tuple(unicodedata.normalize("NFKC", text(fields, path)) for path in where.case)
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


def _document(person: Person, fields: Mapping[str, Any], where: PersonMap, prefix: str) -> None:
    said = text(fields, where.document_kind) if where.document_kind else ""
    kind = where.document_words.get(said, "") if where.document_kind else "resident"
    if where.document_kind and not kind:
        person.reasons.append(Reason(field=prefix + where.document_kind, problem=f"expected one of {', '.join(where.document_words)}"))
        return
    if kind == "none":
        return
    number = _take(person, fields, where.document, prefix, (lambda value: resident(value).number) if kind == "resident" else _foreign)
    if number:
        country = "CN" if kind == "resident" else text(fields, where.nationality).upper() if where.nationality else "CN"
        person.handles["document"] = (kind, country, number)
        person.identifiers["document"] = f"{kind}:{number}"
        if kind == "resident":
            implied = resident(number)
            person.identifiers |= {"born": implied.born.isoformat(), "sex": implied.sex}


def _foreign(value: str) -> str:
    number = "".join(unicodedata.normalize("NFKC", value).upper().split())
    if not (4 <= len(number) <= 20 and number.replace("-", "").replace("/", "").isalnum() and number.isascii()):
        raise Unusable("expected a document number of 4 to 20 letters and digits")
    return number
