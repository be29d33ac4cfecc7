"""Released schemas: numbered, never changed, and what every later schema is held against (deploy/decisions/005).

`schemas/released/<Model>/<n>.avsc` are the schemas, `schemas/released/topics.json` says which model each topic carries.
`python -m deploy.generate --release` adds to them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deploy.compatibility import Level, problems
from deploy.docs.shipped import ROOT
from schemas.avro import schema_of
from schemas.topics import MODELS, Topic, written

FOLDER = ROOT / "schemas" / "released"
_STRICTEST: tuple[Level, ...] = ("full", "backward", "none")


class Incompatible(Exception):
    """A schema cannot follow the released ones; the message names model and field."""


def text(value: Any) -> str:
    """JSON as it is committed."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def released(model: str, folder: Path = FOLDER) -> dict[int, dict[str, Any]]:
    """The released schemas of a model by number, the oldest first."""
    found = {int(path.stem): json.loads(path.read_text("utf-8")) for path in (folder / model).glob("*.avsc")}
    return dict(sorted(found.items()))


def broken(folder: Path = FOLDER) -> list[str]:
    """Everything that breaks with what was released: schemas, models that are gone, topics that are gone or carry something else."""
    found = [problem for name in MODELS for problem in unfit(name, schema_of(MODELS[name]), folder)]
    gone = sorted(path.name for path in folder.iterdir() if path.is_dir() and path.name not in MODELS) if folder.exists() else []
    return found + [f"{name}: the model was released and is gone" for name in gone] + list(_moved(folder))


def unfit(name: str, schema: dict[str, Any], folder: Path = FOLDER) -> list[str]:
    """What stops a schema from following each released one of its model."""
    levels = {topic.compatibility for topic in written().values() if topic.value == name}
    level = next(level for level in _STRICTEST if level in levels)
    return [f"version {number}: {problem}" for number, old in released(name, folder).items() for problem in problems(schema, old, level)]


def unreleased(folder: Path = FOLDER) -> dict[Path, str]:
    """The files that a release adds or renews; raises Incompatible when something is broken."""
    if found := broken(folder):
        raise Incompatible("\n".join(found))
    files = {}
    for name, model in MODELS.items():
        versions = released(name, folder)
        schema = schema_of(model)
        if not versions or undocumented(schema) != undocumented(versions[max(versions)]):
            files[folder / name / f"{max(versions, default=0) + 1}.avsc"] = text(schema)
    topics = text(_carried(written()))
    if not (folder / "topics.json").exists() or (folder / "topics.json").read_text("utf-8") != topics:
        files[folder / "topics.json"] = topics
    return files


def undocumented(schema: Any) -> Any:
    """The schema without its docs: better words are no new version."""
    if isinstance(schema, dict):
        return {key: undocumented(value) for key, value in schema.items() if key != "doc"}
    return [undocumented(part) for part in schema] if isinstance(schema, list) else schema


def _carried(topics: dict[str, Topic]) -> dict[str, dict[str, str]]:
    return {name: {"value": topic.value, "cleanup": topic.cleanup} for name, topic in topics.items()}


def _moved(folder: Path) -> Iterator[str]:
    path = folder / "topics.json"
    now = _carried(written())
    for name, entry in json.loads(path.read_text("utf-8")).items() if path.exists() else ():
        if name not in now:
            yield f"topic {name} was released and is gone"
        elif now[name] != entry and written()[name].compatibility != "none":
            yield f"topic {name}: {entry} was released and is now {now[name]}"
