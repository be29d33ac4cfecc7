"""The person of a record: the handles it gives, strongest first, and what it says of the person besides."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from schemas.source import PersonMap, text
from streams.normalise.documents import document
from streams.normalise.errors import Unusable
from streams.normalise.names import normal, reading
from streams.normalise.person import Person
from streams.normalise.phones import phone
from streams.normalise.traits import TRAITS, traits

_PATHS = ("name", "phone", "document", "document_kind", "nationality", "account", "patient_of", "patient", "alias", *TRAITS)
_KEY = re.compile(r"[0-9a-f]{32}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_BESIDE_A_NAME = frozenset(("sex", "born", "region", "address", "household"))


def read(fields: Mapping[str, Any], where: PersonMap, day: str = "") -> Person:
    """Read a person from a record of a day (ISO 8601; '' where it is not known, and then an age says nothing).

    A phone with a name is a handle; a phone without one only of who has no other, for phones are shared. So is a patient number with the facility that gave it.
    A resident number implies when its holder was born, and the sex; what the record itself says of these goes before, but an age does not.
    """
    return understood({name: text(fields, path) for name, path in paths_of(where).items()}, where, day)


def paths_of(where: PersonMap) -> dict[str, str]:
    """The paths of a map, by what is there; of a published case there may be several."""
    named = {name: path for name in _PATHS if (path := getattr(where, name))}
    return named | {f"case {number}": path for number, path in enumerate(where.case)}


def understood(said: Mapping[str, str], where: PersonMap, day: str = "") -> Person:
    """The person of the texts at the paths of a map, in a record of a day. It follows from these alone."""
    person = Person()
    name = person.take(said.get("name", ""), where.name, _name)
    number = person.take(said.get("phone", ""), where.phone, phone)
    country = person.take(said.get("nationality", ""), where.nationality, _country) or ""
    document(person, said, country, where)
    _numbers(person, said, where)
    if name and number:
        person.handles["phone"] = (number, reading(name))
    if number and not person.handles:
        person.handles["number"] = (number,)
    key = person.take(said.get("alias", ""), where.alias, _key)
    if key and not person.handles:
        person.handles["alias"] = (key,)
    if name:
        person.identifiers["name"] = name
    if number:
        person.identifiers["phone"] = number
    if country:
        person.identifiers["nationality"] = country
    if not TRAITS.keys().isdisjoint(said):
        traits(person, said, where, day)
    return person


def told(identifiers: Mapping[str, str]) -> bool:
    """Whether somebody without a handle is told from others: a misread document, a name and something more, or somebody in a household with something more."""
    if "document" in identifiers:
        return True
    if "name" in identifiers:
        return not _BESIDE_A_NAME.isdisjoint(identifiers)
    return "household" in identifiers and ("born" in identifiers or "sex" in identifiers)


def _name(value: str) -> str:
    if not normal(value) or len(value) > 100:
        raise Unusable("expected a name of at most 100 signs")
    return _plain(value)


def _plain(value: str) -> str:
    return unicodedata.normalize("NFKC", value).strip()


def _country(value: str) -> str:
    code = _plain(value).upper()
    if not _COUNTRY.fullmatch(code):
        raise Unusable("expected a country as two letters (ISO 3166-1)")
    return code


def _key(value: str) -> str:
    key = value.lower()
    if not _KEY.fullmatch(key):
        raise Unusable("expected the key of a person, 32 hexadecimal digits")
    return key


def _numbers(person: Person, said: Mapping[str, str], where: PersonMap) -> None:
    """The handles that systems and publishers give."""
    if account := said.get("account", ""):
        person.handles["account"] = (where.account_in, account)
    if where.patient and all(patient := [_plain(said.get(name, "")).upper() for name in ("patient_of", "patient")]):
        person.handles["patient"] = tuple(patient)
    if where.case and all(case := [_plain(said[f"case {number}"]) for number in range(len(where.case))]):
        person.handles["case"] = tuple(case)
