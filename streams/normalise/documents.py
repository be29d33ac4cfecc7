"""The document of a person: a handle, unless its number was misread."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from schemas.models.raw import Reason
from schemas.source import PersonMap
from streams.normalise.errors import Unusable
from streams.normalise.person import Person
from streams.normalise.resident import misread, resident
from streams.normalise.values import word

_SIGNS = re.compile(r"[\s\-/().]")
_FOREIGN = re.compile(r"[A-Z0-9]{4,20}")


def document(person: Person, said: Mapping[str, str], country: str, where: PersonMap) -> None:
    """Take the document of a person, with what a resident number implies; `country` is that of a foreign one, '' where none is said."""
    try:
        kind = word(said["document_kind"], where.document_words) if where.document_kind else "resident"
    except Unusable as error:
        person.reasons.append(Reason(field=str(where.document_kind), problem=str(error)))
        return
    number = said.get("document", "")
    if kind == "none" or not number:
        return
    if kind == "resident":
        _resident(person, number, where)
    elif foreign := person.take(number, where.document, _foreign):
        person.handles["document"] = (kind, country if where.nationality else "CN", foreign)
        person.identifiers["document"] = f"{kind}:{foreign}"


def _resident(person: Person, number: str, where: PersonMap) -> None:
    """A number that somebody mistyped is kept as it was typed, to be compared; it is no handle, and implies nothing."""
    if not where.document_checked and (signs := misread(number)):
        person.identifiers["document"] = f"resident?:{signs}"
    elif found := person.take(number, where.document, resident):
        person.handles["document"] = ("resident", "CN", found.number)
        person.identifiers |= {"document": f"resident:{found.number}", "born": found.born.isoformat(), "sex": found.sex}


def _foreign(value: str) -> str:
    """Letters and digits alone: the signs in 12/OUKAMA(N)123456 (Myanmar) and the hyphens and spaces of other numbers are written or not."""
    number = _SIGNS.sub("", unicodedata.normalize("NFKC", value).upper())
    if not _FOREIGN.fullmatch(number):
        raise Unusable("expected a document number of 4 to 20 letters and digits")
    return number
