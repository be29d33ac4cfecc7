"""The forms of rows in each version of a stage, as released: what a migration that leaves rows as they are is held against.

`schemas/rows/<stage>.json` has, by version, each table's number and the schemas of what lies in its rows. `python -m deploy.generate --release` adds the
version of now, and leaves out those from which no way leads here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from deploy.docs.shipped import ROOT
from schemas.avro import plain, schema_of
from streams.stage import Stage, as_it_is

FOLDER = ROOT / "schemas" / "rows"
Form = dict[str, list[Any]]
"""By number of a table, the schemas in its rows, without logical types and docs."""


def form(stage: Stage) -> Form:
    """The form of a stage's rows as it is now."""
    return {str(table.number): [plain(schema_of(model)) for model in table.models] for table in stage.tables if table.models}


def recorded(stage: str, folder: Path = FOLDER) -> dict[int, Form]:
    """The released forms of a stage by version; none when it was never released."""
    path = folder / f"{stage}.json"
    return {int(version): one for version, one in json.loads(path.read_text("utf-8")).items()} if path.exists() else {}


def broken(stages: Iterable[Stage], folder: Path = FOLDER) -> list[str]:
    """What a release would misread: rows that changed within a version, and rows left as they are that are no longer read as they were."""
    return [f"stage {stage.name}: {problem}" for stage in stages for problem in _problems(stage, recorded(stage.name, folder))]


def _problems(stage: Stage, known: dict[int, Form]) -> Iterator[str]:
    forms = {**known, stage.version: form(stage)}
    if known.get(stage.version, forms[stage.version]) != forms[stage.version]:
        yield f"rows of version {stage.version} have another form than was released: give the stage a new version"
    for old in sorted(version for version, way in stage.migrations.items() if way is as_it_is):
        if old not in forms or old + 1 not in forms:
            yield f"the form of version {old if old not in forms else old + 1} is not known, so nobody can say that its rows stay as they are"
        for table in sorted(forms.get(old, {}).keys() & forms.get(old + 1, {}).keys()):
            if not _kept(forms[old][table], forms[old + 1][table]):
                yield f"rows of table {table} cannot stay as they are from version {old} to {old + 1}: what lies in them has another form"


def _kept(old: list[Any], new: list[Any]) -> bool:
    """Whether rows of a table stay what they are: models may come behind those there were, for none of them lies in a row of before."""
    return len(old) <= len(new) and all(stays(*pair) for pair in zip(old, new, strict=False))


def stays(old: Any, new: Any) -> bool:
    """Whether bytes written with a schema mean the same when read with another: the same schema, but for words added behind those there were."""
    if isinstance(old, dict) and isinstance(new, dict):
        if old["type"] == new["type"] == "enum":
            return bool(new["symbols"][: len(old["symbols"])] == old["symbols"])
        return old.keys() | {"default"} == new.keys() | {"default"} and all(stays(old[key], new[key]) for key in old if key != "default")
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(stays(*pair) for pair in zip(old, new, strict=True))
    return bool(old == new)


def unreleased(stages: Iterable[Stage], folder: Path = FOLDER) -> dict[Path, str]:
    """The files that a release renews: each stage's form of now, and those of the versions that it can still read."""
    files = {folder / f"{stage.name}.json": _text(stage, recorded(stage.name, folder)) for stage in stages}
    return {path: text for path, text in files.items() if not path.exists() or path.read_text("utf-8") != text}


def _text(stage: Stage, known: dict[int, Form]) -> str:
    oldest = min(stage.migrations, default=stage.version)
    kept = {str(version): one for version, one in sorted({**known, stage.version: form(stage)}.items()) if oldest <= version <= stage.version}
    lines = [f' "{version}": {json.dumps(one, ensure_ascii=False, separators=(",", ":"))}' for version, one in kept.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"
