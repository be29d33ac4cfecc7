"""Why a value cannot be used."""

from __future__ import annotations

LONGEST = 1_000
"""Signs of the longest text that is read for what it means: three times the longest description of a step that was published. What reads a text may look back
at each of its signs, so that a long one costs its square."""


class Unusable(ValueError):
    """The message says what is expected, and never holds the value."""


def bounded(said: str) -> str:
    """The same text; raises Unusable when it is too long to be read."""
    if len(said) > LONGEST:
        raise Unusable(f"expected at most {LONGEST} signs")
    return said
