"""Which key a message must have, by its topic and its value.

Under another it lies on a partition where nobody looks for it: two versions of a record would meet two states, and both would stand.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from schemas.models.need import kind_key

Key = Callable[[Any], str]


def _pair(value: Any) -> str:
    return f"{value.a} {value.b}"


def _kind(value: Any) -> str:
    return kind_key(value.need)


def _stock(value: Any) -> str:
    return f"{value.place} {value.item}"


def _dispatch(value: Any) -> str:
    return f"{value.number} {value.item}"


_alias, _place, _person = (attrgetter(name) for name in ("alias", "place", "person"))
_KEYS: dict[str, Key] = {
    "raw.*": attrgetter("record"), "carried": attrgetter("record"), "record.*": _alias,
    "identity.mention": _alias, "identity.profile": _alias, "identity.link": _alias, "identity.block": attrgetter("block"), "identity.shared": attrgetter("id"),
    "identity.match": _pair, "identity.decision": _pair,
    "trace.order": _alias, "trace.found": _alias, "presence": _place, "exposure": _place, "contact": _alias,
    "case.evidence": _person, "case.exposed": _person, "case.needed": _person, "case.linked": _person,
    "statistic.counted": attrgetter("region"), "statistic": attrgetter("region"), "statistic.visit": _place,
    **{f"{of}.{what}": attrgetter("region") for of in ("level", "area") for what in ("proposal", "approval", "end")},
    "asked.need": _kind, "need": attrgetter("name"), "measure.asked": _person, "screening": _person, "measure.refused": attrgetter("official"),
    "isolation": _person, "breach": _person, "breach.found": _person, "breach.order": _alias,
    "signal": attrgetter("region"), "notice.public": attrgetter("notice"), "supply": _stock, "dispatch": _dispatch,
    "task": attrgetter("task"), "complaint": _alias, "closure.alert": attrgetter("area"),
}  # fmt: skip
"""By topic, or the beginning of its name. Of identity.model any key is right that falls into the partition."""


def key_of(topic: str) -> Key | None:
    """What gives the key of a topic's values (the topic's name without the prefix); None where any key will do."""
    return _KEYS.get(topic) or _KEYS.get(f"{topic.partition('.')[0]}.*")
