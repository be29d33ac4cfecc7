"""Whom a message concerns: the one rule by which the report of a resident finds everything, for models that come later too."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from schemas.models import identity, log, raw, record, release

NAMES = ("person", "alias", "a", "b", "aliases", "other", "companion_of", "superseded_by")
"""Fields in which a message names people by their keys or aliases."""
_OWNERS = ("person", "alias")
"""Of these the first that a message has says whose it is."""
_TOKEN = 32


@dataclass(slots=True)
class References:
    """Ids of what is the resident's, by which further messages name it: records, rejects, repairs, linked cases and releases."""

    ids: set[str] = field(default_factory=set)

    def learn(self, value: BaseModel) -> None:
        """Take what a message of the resident is called."""
        for name in ("id", "record", "release"):
            self.ids |= {found} if (found := getattr(value, name, "")) else set()


def owned(value: BaseModel, mine: Collection[str], known: References) -> bool:
    """Whether a message is about the resident, by whose key or alias it names, or by what of the resident's it refers to."""
    match value:
        case raw.Raw():
            return value.record in known.ids or any(one.partition(".")[0] in mine for one in value.under)
        case raw.Reject() | raw.Repair():
            return value.record in known.ids
        case raw.RejectLook():
            return value.reject in known.ids
        case raw.Approval():
            return value.repair in known.ids
        case release.Release():
            return value.id in known.ids  # by its line of the audit: it names the person by the agency's own code
        case release.Receipt():
            return value.release in known.ids
        case log.CaseLook():
            return value.case in known.ids or value.person in mine
    return any(one in mine for one in owners(value))


def owners(value: BaseModel) -> Iterator[str]:
    """Whose a message is, by its own fields: one person's, or of both aliases of a pair, or of all of a list. None of one that is of nobody."""
    names = ("alias",) if type(value).__name__ == "Contact" else _OWNERS
    for name in names:
        if isinstance(found := getattr(value, name, None), str):
            yield found
            return
    yield from (found for name in ("a", "b") if isinstance(found := getattr(value, name, None), str))
    yield from getattr(value, "aliases", ())


def mentions(value: Any, mine: Collection[str]) -> bool:
    """Whether a message, wherever in it, names the resident."""
    return any(one in mine for one in _named(value))


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            inner = getattr(value, name)
            if isinstance(inner, str):
                yield from [inner] if name in NAMES else ()
            elif isinstance(inner, list):
                for one in inner:
                    yield from [one] if isinstance(one, str) and name in NAMES else _named(one)
            else:
                yield from _named(inner)


def is_about_people(model: type[BaseModel]) -> bool:
    """Whether the rule above can say whose a message of a model is."""
    special = (raw.Raw, raw.Reject, raw.Repair, raw.RejectLook, raw.Approval, release.Release, release.Receipt, log.CaseLook)
    return issubclass(model, (*special, record.Record, identity.Shared)) or bool(set(model.model_fields) & {"person", "alias", "a", "aliases"})


def covered(document: Any, mine: Collection[str], name: str = "") -> Any:
    """A document of a message with the keys and aliases of others taken out: the report of one person says of nobody else who they are."""
    if isinstance(document, dict):
        return {key: covered(value, mine, key) for key, value in document.items()}
    if isinstance(document, list):
        return [covered(one, mine, name) for one in document]
    other = name in NAMES and isinstance(document, str) and len(document) == _TOKEN and document not in mine
    return "another person 他人" if other else document
