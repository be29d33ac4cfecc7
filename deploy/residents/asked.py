"""Whom a resident's request is about: identifiers that somebody showed, as the aliases under which the bus would know that person."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from schemas.models.identity import Link
from schemas.source import PersonMap, Source
from schemas.tokens import Keys
from streams.normalise.understand import understood

FIELDS = {
    "document": ("document number", "证件号码"), "document_kind": ("resident, passport or border-certificate; resident when empty", "证件种类"),
    "nationality": ("country of a foreign document, two letters (ISO 3166-1)", "国籍"), "name": ("name, which with a phone is a handle", "姓名"),
    "phone": ("phone", "电话"), "account": ("account in an app", "应用账号"), "patient_of": ("facility that gave a patient number", "就诊机构"),
    "patient": ("patient number", "病历号"), "key": ("key of the person or an alias, as the bus told it", "联防编号"),
}  # fmt: skip
"""What can be asked by, in English and Chinese; a request gives some of them."""
_KINDS = {kind: kind for kind in ("resident", "passport", "border-certificate")}
_WHERE = PersonMap(**{name: name for name in FIELDS if name not in ("key", "nationality")}, document_words={"": "resident"} | _KINDS)
_SHARED = frozenset(("number",))
"""Handles that several people may have: nobody is shown what is held under one alone."""
_KEY = 32
_NOBODY = "nobody is told by these: give a document, an account, a patient number with its facility, or a name with a phone"


class NotAsked(Exception):
    """Nobody, or more than one person, is meant; the message says what to do and names nobody."""


@dataclass(frozen=True, slots=True)
class Resident:
    """The key of the person, '' where the bus knows none, and every alias: those linked to the person, and those of the identifiers themselves."""

    person: str
    aliases: frozenset[str]


def parsed(text: str) -> dict[str, str]:
    """The identifiers of one JSON object; raises NotAsked, which says no value."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise NotAsked(f"expected one JSON object of texts, with some of {', '.join(FIELDS)}")
    if unknown := sorted(set(found) - set(FIELDS)):
        raise NotAsked(f"{len(unknown)} names are none of {', '.join(FIELDS)}")
    return {name: value.strip() for name, value in found.items() if value.strip()}


def aliases(said: Mapping[str, str], sources: Iterable[Source], keys: Keys) -> frozenset[str]:
    """The aliases that these identifiers give, as normalise gives them to a record of any source; raises NotAsked when they give none.

    A phone without a name gives none: phones are shared, and nobody is shown what is another's.
    """
    apps = sorted({where.account_in for source in sources for where in (source.subject, source.companion) if where.account_in}) or [""]
    found: set[str] = set()
    problems: set[str] = set()
    for app, country in product(apps, ("nationality", None)):
        person = understood({"document_kind": ""} | dict(said), _WHERE.model_copy(update={"nationality": country, "account_in": app}))
        problems |= {f"{reason.field}: {reason.problem}" for reason in person.reasons}
        found |= {token for kind, token in person.tokens(keys).items() if kind not in _SHARED}
    if key := said.get("key"):
        found |= {key} if len(key) == _KEY else set()
    if problems or not found:
        raise NotAsked("; ".join(sorted(problems)) or _NOBODY)
    return frozenset(found)


def resident(given: Collection[str], links: Iterable[Link]) -> Resident:
    """The person of some aliases by the links that stand; raises NotAsked when they lead to several people."""
    stands = [link for link in links if not link.retracted]
    people = {link.person for link in stands if link.alias in given or link.person in given}
    if len(people) > 1:
        raise NotAsked(f"these lead to {len(people)} people: ask by fewer of them, or decide first with `lianfang identity review` whether they are one")
    mine = {link.alias for link in stands if link.person in people}
    return Resident(next(iter(people), ""), frozenset(mine | people | set(given)))
