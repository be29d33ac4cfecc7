"""The forms of rows in the state of each stage, by version, as they were released (`deploy.rows` writes the files beside this one)."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def forms(stage: str) -> dict[str, dict[str, list[Any]]]:
    """By version and number of a table the schemas in its rows; raises FileNotFoundError for a stage of which nothing was released."""
    found: dict[str, dict[str, list[Any]]] = json.loads(files("schemas.rows").joinpath(f"{stage}.json").read_text("utf-8"))
    return found
