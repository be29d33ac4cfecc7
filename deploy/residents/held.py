"""Everything that is held about one resident, topic by topic."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from pydantic import BaseModel

from deploy.residents.asked import Resident
from deploy.residents.concerns import References, covered, is_about_people, mentions, owned
from deploy.stands import Reads
from schemas.models.fact import Fact
from schemas.models.raw import Raw
from schemas.models.release import Release
from schemas.tokens import Keys
from schemas.topics import Topic
from streams.standing import standing

_FIRST = ("raw.", "record.", "case.linked", "audit", "deliver.", "reject", "repair.proposal")
"""Topics read before the others, in this order: what is found on them is named by others."""
_UNSAID = {"causes", "sealed", "retracted", "digest"}
"""Parts of a message that say nothing to a person, or that are opened and shown as `says`."""


@dataclass(slots=True)
class Held:
    """By topic the documents of what stands about the resident, and how many messages about others name the resident."""

    found: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    mentioned: dict[str, int] = field(default_factory=dict)

    def of(self, *topics: str) -> list[dict[str, Any]]:
        """The documents of some topics, or of all whose names begin so when they end with a dot."""
        return [one | {"topic": name} for name, found in self.found.items() if among(name, topics) for one in found]


def among(name: str, topics: Iterable[str]) -> bool:
    """Whether a topic is one of some, of which those that end with a dot stand for all that begin so."""
    return any(name == one or (one.endswith(".") and name.startswith(one)) for one in topics)


def about_people(topics: Mapping[str, Topic]) -> list[str]:
    """The topics on which something about a person can be, those first that others refer to."""
    names = [name for name, topic in topics.items() if topic.model is not None and is_about_people(topic.model)]
    return sorted(names, key=lambda name: (next((number for number, first in enumerate(_FIRST) if name.startswith(first)), len(_FIRST)), name))


def held(reader: Reads, topics: Mapping[str, Topic], who: Resident, keys: Keys) -> Held:
    """Read every topic to its end and keep what concerns the resident. What compaction or age has removed is held no longer, and is not seen.

    Of facts what stands; of the audit, of receipts and of raw messages all that are there.
    """
    result, known = Held(), References()
    for name in about_people(topics):
        every = [(entry.key, entry.value) for entry in reader.read(name) if entry.value is not None]
        mine = [value for _, value in every if owned(value, who.aliases, known)]
        for value in mine:
            known.learn(value)
        stands = list(_stands(name, every))
        if found := [_document(value, who, keys) for value in stands if owned(value, who.aliases, known)]:
            result.found[name] = found
        if count := sum(not owned(value, who.aliases, known) and mentions(value, who.aliases) for value in stands):
            result.mentioned[name] = count
    return result


def _stands(name: str, every: Iterable[tuple[str, BaseModel]]) -> Iterable[BaseModel]:
    pairs = list(every)
    return standing(name, pairs).values() if all(isinstance(value, Fact) for _, value in pairs) else [value for _, value in pairs]


def _document(value: BaseModel, who: Resident, keys: Keys) -> dict[str, Any]:
    """What a message says, with what is sealed in it opened, and others than the resident taken out."""
    if isinstance(value, Raw):  # its bytes may name companions; what was understood of the resident is among the records
        names = {"source", "record", "version", "received_at", "retracts"}
        return {"id": f"{value.record} {value.version}", **value.model_dump(mode="json", include=names)}
    said = value.model_dump(mode="json", exclude=_UNSAID)
    if isinstance(value, Release):
        said |= {"fields": sorted(name for name, one in value.view if one is not None)}
    found: dict[str, Any] = covered(said | _opened(value, keys), who.aliases | ({value.person} if isinstance(value, Release) else set()))
    return found


def _opened(value: BaseModel, keys: Keys) -> dict[str, Any]:
    """What is sealed in a message, under the alias that it names; {} when nothing is, or when the key is destroyed."""
    sealed, alias = getattr(value, "sealed", None), getattr(value, "alias", None)
    if not isinstance(sealed, bytes) or not sealed or alias is None:
        return {}
    return {"says": _try(lambda: keys.decrypt(alias, sealed))}


def _try(opened: Callable[[], Any]) -> Any:
    try:
        return opened() or {}
    except InvalidTag:
        return "sealed under another vault 由其他密钥库加密"
