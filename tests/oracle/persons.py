"""The handles of a person in a record: what tells two people apart, strongest first."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from schemas.source import PersonMap, text
from schemas.tokens import Keys
from tests.oracle import values
from tests.oracle.values import Refused

Identifiers = tuple[tuple[str, str], ...]
"""What identifies a person directly: pairs of what it is and its value, sorted."""
REASONS = {
    "document": "same document", "account": "same account", "patient": "same patient number", "case": "same published case",
    "phone": "same phone and name",
}  # fmt: skip
"""Kinds of handle, strongest first, and the words for two records that share one."""


@dataclass
class Handles:
    """Tokens by kind, strongest first; what identifies the person directly; and the paths that are wrong."""

    tokens: dict[str, str] = field(default_factory=dict)
    identifiers: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def handles(fields: Mapping[str, Any], where: PersonMap, keys: Keys, prefix: str) -> Handles:
    """Read a person. A phone counts only with a name."""
    person = Handles()
    parts: dict[str, tuple[str, ...]] = {}

    def take(path: str | None, read: Callable[[str], str]) -> str:
        said = text(fields, path) if path else ""
        try:
            return read(said) if said else ""
        except Refused:
            person.wrong.append(f"{prefix}{path}")
            return ""

    name, phone = take(where.name, _name), take(where.phone, values.phone)
    kind = "resident"
    if where.document_kind:
        kind = where.document_words.get(text(fields, where.document_kind), "")
        person.wrong += [] if kind else [prefix + where.document_kind]
    if kind == "resident" and (number := take(where.document, lambda said: values.resident(said)[0])):
        parts["document"] = ("resident", "CN", number)
        _, person.identifiers["born"], person.identifiers["sex"] = values.resident(number)
    elif kind not in ("", "none", "resident") and (number := take(where.document, values.foreign)):
        parts["document"] = (kind, text(fields, where.nationality).upper() if where.nationality else "CN", number)
    if where.account and text(fields, where.account):
        parts["account"] = (where.account_in, text(fields, where.account))
    if where.patient and where.patient_of and text(fields, where.patient) and text(fields, where.patient_of):
        parts["patient"] = (text(fields, where.patient_of).upper(), text(fields, where.patient).upper())
    if where.case:
        parts["case"] = tuple(text(fields, path) for path in where.case)
    if name and phone:
        parts["phone"] = (phone, values.reading(name))
    known = {"name": name, "phone": phone, "document": f"{parts['document'][0]}:{parts['document'][2]}" if "document" in parts else ""}
    person.identifiers |= {what: value for what, value in known.items() if value}
    person.tokens = {kind: keys.token(kind, *parts[kind]) for kind in REASONS if kind in parts}
    return person


def _name(text: str) -> str:
    if not any(char.isalnum() for char in text):
        raise Refused
    return unicodedata.normalize("NFKC", text)
