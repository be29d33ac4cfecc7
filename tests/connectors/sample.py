"""A small source of its own, so that tests of the wire do not hang on the meaning of a shipped one."""

from __future__ import annotations

from typing import Any

from schemas.source import Source
from schemas.tokens import Keys

KEYS = Keys(b"a secret for tests, 32 bytes long")


def source(**more: Any) -> Source:
    """A register of a gate: `no` identifies, `revision` is the version, `state` retracts."""
    return Source.model_validate({
        "name": "register", "says": "Somebody passed.", "says_zh": "有人通过。", "owner": "a gate", "purpose": "epidemic-control", "kind": "gate", "id": ["no"],
        "version": {"path": "revision"}, "retracts": {"path": "state", "words": ["void", "作废"], "stands": ["valid"]}, "subject": {"name": "name", "phone": "phone"},
        "map": {"at": {"path": "time", "as": "time"}, "place": {"path": "gate", "as": "code"}, "region": {"path": "area", "as": "region"},
                "direction": {"path": "way", "as": "word", "words": {"in": "in", "out": "out"}}},
        "examples": [{"given": record(1), "gives": {"direction": "in"}}],
    } | more)  # fmt: skip


def record(number: int, **more: Any) -> dict[str, Any]:
    """A record of the register."""
    return {
        "no": f"N-{number}", "revision": "1", "name": "李样本", "phone": "13800000001", "time": "2020-01-23T18:05:00+08:00", "gate": "G1", "area": "530624",
        "way": "in",
    } | more  # fmt: skip


def split_guests(item: dict[str, Any]) -> list[dict[str, Any]]:
    """A source's own function: one record for each guest of a list."""
    return [item | {"no": f"{item['no']}-{number}", "name": guest} for number, guest in enumerate(item["guests"], 1)]


def keeps_all(item: dict[str, Any]) -> list[dict[str, Any]]:
    """A source's own function that changes nothing."""
    return [item]


def makes_numbers(item: dict[str, Any]) -> list[dict[str, Any]]:
    """A source's own function that makes what JSON does not have."""
    return [item | {"temperature": float("nan")}]
