"""The handles of a person in a record, strongest first, and what else it says of the person."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from schemas.source import PersonMap, text
from schemas.tokens import Keys
from tests.oracle import values
from tests.oracle.values import Refused

Identifiers = tuple[tuple[str, str], ...]
"""What identifies a person directly: pairs of what it is and its value, sorted."""
REASONS = {
    "document": "same document", "account": "same account", "patient": "same patient number", "case": "same published case",
    "phone": "same phone and name", "number": "same phone alone",
    "alias": "same key of the bus",
}  # fmt: skip
"""Kinds of handle, strongest first, and the words for two records that share one."""


@dataclass
class Handles:
    """Tokens by kind, strongest first; whether the first is that of a resident number; what identifies the person directly; and the paths that are wrong."""

    tokens: dict[str, str] = field(default_factory=dict)
    resident: bool = False
    identifiers: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def handles(fields: Mapping[str, Any], where: PersonMap, keys: Keys, prefix: str, at: int | None, zone: str) -> Handles:
    """Read a person, of a record at a moment (UTC milliseconds; None where it is wrong) in a zone. A phone counts with a name, or where nothing else does."""
    person = Handles()

    def take(path: str | None, read: Callable[[str], str]) -> str:
        said = text(fields, path) if path else ""
        try:
            return read(said) if said else ""
        except Refused:
            person.wrong.append(f"{prefix}{path}")
            return ""

    name, phone, country = take(where.name, _name), take(where.phone, values.phone), take(where.nationality, values.country)
    kind, number = _document(fields, where, take)
    person.wrong += [] if kind else [f"{prefix}{where.document_kind}"]
    parts: dict[str, tuple[str, ...]] = _numbers(fields, where)
    if number and kind != "resident?":
        parts["document"] = (kind, "CN" if kind == "resident" or not where.nationality else country, number)
    if name and phone:
        parts["phone"] = (phone, values.reading(name))
    elif phone and not parts:
        parts["number"] = (phone,)
    key = take(where.alias, values.key)
    person.tokens = {kind: keys.token(kind, *parts[kind]) for kind in REASONS if kind in parts} or ({"alias": key} if key else {})
    person.resident = kind == "resident" and "document" in parts
    _, born, sex = values.resident(number) if person.resident else ("", "", "")
    household = take(where.household, lambda said: unicodedata.normalize("NFKC", said))
    age = take(where.age, lambda said: values.aged(said, at or 0, zone))
    known = {
        "name": name, "phone": phone, "nationality": country, "document": f"{kind}:{number}" if number else "",
        "sex": take(where.sex, lambda said: values.sex(said, where.sex_words)) or sex,
        "born": take(where.born, lambda said: _before(values.born(said), at, zone)) or born or (age if at is not None else ""),
        "region": take(where.home, values.region), "address": take(where.address, values.address),
        "household": keys.token("household", where.household_in, household) if household else "",
    }  # fmt: skip
    person.identifiers = {what: value for what, value in known.items() if value}
    return person


def _document(fields: Mapping[str, Any], where: PersonMap, take: Callable[[str | None, Callable[[str], str]], str]) -> tuple[str, str]:
    """The kind of the document ('' for one that is not known) and its number; of the kind `resident?` are numbers that somebody mistyped."""
    kind = where.document_words.get(text(fields, where.document_kind), "") if where.document_kind else "resident"
    if kind in ("", "none"):
        return kind, ""
    if kind != "resident":
        return kind, take(where.document, values.foreign)
    if where.document and not where.document_checked and (typed := values.misread(text(fields, where.document))):
        return "resident?", typed
    return kind, take(where.document, lambda said: values.resident(said)[0])


def _numbers(fields: Mapping[str, Any], where: PersonMap) -> dict[str, tuple[str, ...]]:
    """The handles that systems and publishers give."""
    parts: dict[str, tuple[str, ...]] = {}
    if where.account and text(fields, where.account):
        parts["account"] = (where.account_in, text(fields, where.account))
    if where.patient and where.patient_of and text(fields, where.patient) and text(fields, where.patient_of):
        parts["patient"] = (text(fields, where.patient_of).upper(), text(fields, where.patient).upper())
    if where.case:
        parts["case"] = tuple(text(fields, path) for path in where.case)
    return parts


def somebody(person: Handles) -> bool:
    """Whether a record tells of a person at all: with a handle, a mistyped document, a name and something more, or a member of a household who is more than that."""
    known = person.identifiers.keys()
    if person.tokens or "document" in known:
        return True
    besides = {"sex", "born", "region", "address", "household"} if "name" in known else {"sex", "born"} if "household" in known else set()
    return bool(besides & known)


def _before(born: str, at: int | None, zone: str) -> str:
    """A date of birth that does not lie after the day of the record."""
    if at is not None and born > datetime.fromtimestamp(at // 1000, ZoneInfo(zone)).date().isoformat()[: len(born)]:
        raise Refused
    return born


def _name(text: str) -> str:
    if not any(char.isalnum() for char in text):
        raise Refused
    return unicodedata.normalize("NFKC", text)
