"""One JSON object read strictly: what connectors accept is exactly what normalise can read again."""

from __future__ import annotations

import json
from typing import Any

DEEPEST = 32
"""Brackets within brackets that a record may have: far less than where Python's own limit lies, which depends on who calls."""


def _constant(name: str) -> None:
    raise ValueError(f"not JSON: {name} is no number")


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=_constant, object_pairs_hook=_pairs)


def load(body: bytes) -> dict[str, Any]:
    """The object in some UTF-8 bytes (no byte order mark), numbers kept as they are written; raises ValueError saying what is wrong, without a value."""
    try:
        text = body.decode("utf-8")
        if text.startswith("\ufeff"):
            raise json.JSONDecodeError("Unexpected UTF-8 BOM (decode using utf-8-sig)", text, 0)
        value = _DECODER.decode(text)
        if b"\\u" in body:
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeDecodeError:
        raise ValueError("not UTF-8") from None
    except UnicodeEncodeError:
        raise ValueError("holds half a character (a lone surrogate)") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at character {error.pos}") from None
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    # So few brackets cannot be nested deeper; most records have one pair.
    if body.count(b"{") + body.count(b"[") > DEEPEST and _deeper(value, DEEPEST):
        raise ValueError("nested too deeply")
    return value


def _deeper(value: dict[str, Any] | list[Any], left: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value
    return not left or any(_deeper(one, left - 1) for one in inner if isinstance(one, dict | list))
