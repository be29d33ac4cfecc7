"""Words that the bus agrees on, read from the YAML files beside this one."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from schemas import yamls


@cache
def vocabulary(name: str) -> dict[str, Any]:
    """The vocabulary of a file, by its name without ending."""
    words: dict[str, Any] = yamls.read(files("schemas.vocabulary").joinpath(f"{name}.yaml").read_text("utf-8"))
    return words
