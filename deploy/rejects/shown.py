"""What is shown of a refused record: fields masked so far that they name nobody, unless somebody says who looks and why.

What stands in a wrong field may be anything, a name in the place of a code too. So only fields are shown as they are that hold no person, and that nothing is
wrong with; persons' fields are masked as in the queue of links, and of all others the first sign is left.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from deploy.linkage.mask import masked
from schemas.document import load
from schemas.models.raw import Raw, Reject
from schemas.source import Source, text

_PLAIN = ("time", "region", "code", "port", "number", "word")
_PERSONAL = {"name": "name", "phone": "phone", "document": "document", "born": "born", "home": "region", "sex": "sex", "nationality": "nationality"}
"""Fields of a person in a source's map, by the name under which they are masked."""


def fields_of(raw: Raw) -> dict[str, Any] | None:
    """The fields of a raw message; None when its bytes hold none."""
    try:
        return dict(raw.fields) if raw.fields is not None else load(raw.body)
    except ValueError:
        return None


def covered(source: Source, fields: Mapping[str, Any], wrong: Collection[str]) -> dict[str, str]:
    """Each field of a record as it may be shown to anybody; `wrong` are those of the reasons."""
    plain = {path for rule in source.map.values() if rule.as_ in _PLAIN for path in rule.paths}
    kinds = {path: kind for name, kind in _PERSONAL.items() if (path := getattr(source.subject, name))}
    return {name: _shown(name, text(fields, name), plain - set(wrong), kinds) if not isinstance(value, list | dict) else "…" for name, value in fields.items()}


def changed(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[str]:
    """The fields that a repair changes, adds or leaves out."""
    old = before or {}
    return sorted(name for name in {*old, *after} if old.get(name) != after.get(name))


def as_text(raw: Raw) -> str:
    """The bytes as they arrived, as text in UTF-8 or else GB18030."""
    try:
        return raw.body.decode("utf-8")
    except UnicodeDecodeError:
        return raw.body.decode("gb18030", "backslashreplace")


def wrong_in(reject: Reject) -> set[str]:
    """The fields that the reasons of a reject name."""
    return {reason.field for reason in reject.reasons}


def _shown(name: str, said: str, plain: Collection[str], kinds: Mapping[str, str]) -> str:
    if name in plain and name not in kinds:
        return said
    return masked(kinds.get(name, ""), said)
