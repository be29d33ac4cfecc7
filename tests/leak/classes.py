"""The privacy class of topics other than those of agencies, held against each message that is written to them: its key and every value in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from schemas.models.fact import Model
from schemas.topics import written
from streams.stage import Emit

SEALED = {"sealed", "data", "model"}
"""Fields of bytes: seals, and a model of weights. No other may hold any."""
_NOT_SEARCHED = ("raw", "deliver")
"""Bodies as they came are sealed on the way to the broker, which `tests.leak.marks` looks at; what agencies hold has its own rule."""


def wrong(emit: Emit, identifying: Collection[str], coded: Collection[str]) -> Iterator[str]:
    """Sentences about what names a person, or on a topic about nobody is the code of one.

    `identifying` are names, numbers and addresses as records say them, `coded` aliases and keys of persons.
    """
    if emit.topic.split(".")[0] in _NOT_SEARCHED:
        return
    about_nobody = written()[emit.topic].privacy == "none"
    for place, value in [("the key", emit.key), *_values(emit.value)]:
        if isinstance(value, bytes) and value and place not in SEALED:
            yield f"{place} holds bytes, and is no sealed field"
        said = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
        if any(one in said for one in identifying):
            yield f"{place} names a person"
        if about_nobody and any(one in said for one in coded):
            yield f"{place} has the code of a person, on a topic about nobody"


def _values(value: Any, place: str = "") -> Iterator[tuple[str, str | bytes]]:
    """All texts and bytes in a value, with the names of their fields."""
    if isinstance(value, str | bytes):
        yield place, value
    elif isinstance(value, Model):
        for name in type(value).model_fields:
            yield from _values(getattr(value, name), name)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _values(one, place)
