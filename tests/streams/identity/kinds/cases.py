"""Levels by name, for tests that say which two texts are how alike."""

from __future__ import annotations

from streams.identity.kinds import JOIN, KINDS, NOTHING


def level(kind: str, a: str | tuple[str, ...], b: str | tuple[str, ...]) -> str:
    """The name of the level of two texts; `nothing` when they say nothing of each other."""
    one = KINDS[kind]
    x, y = (one.prepare(text if isinstance(text, str) else JOIN.join(text)) for text in (a, b))
    assert x is not None
    assert y is not None
    found = one.level(x, y)
    return "nothing" if found == NOTHING else one.levels[found]


def keys(kind: str, way: str, text: str | tuple[str, ...]) -> list[str]:
    """The texts that a value gives to keys, sorted."""
    one = KINDS[kind]
    return sorted(one.keys[way](one.prepare(text if isinstance(text, str) else JOIN.join(text))))
