"""A person in a record: the handles it gives, strongest first, and what identifies the person directly."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

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
T = TypeVar("T")
_SIGNS = re.compile(r"[\s\-/().]")
_FOREIGN = re.compile(r"[A-Z0-9]{4,20}")


@dataclass(slots=True)
class Person:
    """Handles by kind as their parts, what identifies the person directly, and what could not be used."""

    handles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    identifiers: dict[str, str] = field(default_factory=dict)
    reasons: list[Reason] = field(default_factory=list)

    def tokens(self, keys: Keys) -> dict[str, str]:
        """The token of each handle by its kind, strongest first."""
        return {kind: keys.token(kind, *self.handles[kind]) for kind in REASONS if kind in self.handles}


def read(fields: Mapping[str, Any], where: PersonMap) -> Person:
    """Read a person.

    A phone without a name is no handle, for phones are shared; nor is a patient number without the facility that gave it.
    """
    return understood(texts_of(fields, paths_of(where)), where)


def paths_of(where: PersonMap) -> tuple[str | None, ...]:
    """All paths of a map, in the order in which `understood` takes what is there."""
    return (where.name, where.phone, where.document, where.document_kind, where.nationality, where.account, where.patient_of, where.patient, *where.case)


def texts_of(fields: Mapping[str, Any], paths: tuple[str | None, ...]) -> tuple[str, ...]:
    """What stands at some paths of a record; '' where there is nothing, or no path."""
    return tuple([text(fields, path) if path else "" for path in paths])


def understood(texts: tuple[str, ...], where: PersonMap) -> Person:
    """The person of the texts at the paths of a map. It follows from these two alone."""
    name_said, phone_said, document, kind, country, account, facility, patient, *case = texts
    person = Person()
    name = _take(person, name_said, where.name, _name)
    number = _take(person, phone_said, where.phone, phone)
    _document(person, document, kind, country, where)
    if account:
        person.handles["account"] = (where.account_in, account)
    for handle, parts in (("patient", [_plain(facility).upper(), _plain(patient).upper()]), ("case", [_plain(part) for part in case])):
        if parts and all(parts):
            person.handles[handle] = tuple(parts)
    if name and number:
        person.handles["phone"] = (number, reading(name))
    if name:
        person.identifiers["name"] = name
    if number:
        person.identifiers["phone"] = number
    return person


def _take(person: Person, value: str, path: str | None, use: Callable[[str], T]) -> T | None:
    """What a text means, or None; a text that cannot be used is a reason."""
    if not value:
        return None
    try:
        return use(value)
    except Unusable as error:
        person.reasons.append(Reason(field=str(path), problem=str(error)))
        return None


def _name(value: str) -> str:
    if not normal(value) or len(value) > 100:
        raise Unusable("expected a name of at most 100 signs")
    return _plain(value)


def _plain(value: str) -> str:
    return unicodedata.normalize("NFKC", value).strip()


def _document(person: Person, said: str, kind_said: str, country_said: str, where: PersonMap) -> None:
    try:
        kind = word(kind_said, where.document_words) if where.document_kind else "resident"
    except Unusable as error:
        person.reasons.append(Reason(field=str(where.document_kind), problem=str(error)))
        return
    if kind == "none":
        return
    if kind != "resident":
        if number := _take(person, said, where.document, _foreign):
            person.handles["document"] = (kind, _plain(country_said).upper() if where.nationality else "CN", number)
            person.identifiers["document"] = f"{kind}:{number}"
    elif found := _take(person, said, where.document, resident):
        person.handles["document"] = (kind, "CN", found.number)
        person.identifiers |= {"document": f"{kind}:{found.number}", "born": found.born.isoformat(), "sex": found.sex}


def _foreign(value: str) -> str:
    """Letters and digits alone: the signs in 12/OUKAMA(N)123456 (Myanmar) and the hyphens and spaces of other numbers are written or not."""
    number = _SIGNS.sub("", unicodedata.normalize("NFKC", value).upper())
    if not _FOREIGN.fullmatch(number):
        raise Unusable("expected a document number of 4 to 20 letters and digits")
    return number
