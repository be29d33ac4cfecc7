"""A token, such as that of a household: the same or not. It says nothing by itself, so no model lists which are frequent."""

from __future__ import annotations

from streams.identity.kinds.kind import Kind

KIND = Kind(
    name="token",
    levels=("same", "different"),
    prepare=lambda text: text.strip() or None,
    level=lambda a, b: 0 if a == b else 1,
    keys={"whole": lambda token: (token,)},
)
