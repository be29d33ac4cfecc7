"""Why a value cannot be used."""

from __future__ import annotations


class Unusable(ValueError):
    """The message says what is expected, and never holds the value."""
