"""The sources and agencies there are: every YAML file in their folders, and in the folders that the settings add. Nothing else is edited when one is added."""

from __future__ import annotations

import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from schemas import yamls
from schemas.agency import Agency
from schemas.source import Source

M = TypeVar("M", bound=BaseModel)


class _Loader(yamls.Loader):
    """YAML in which only true, false, null and plain numbers are not text: dates, `no`, 12:30 and 0870 stay as a source sends them. Keys stand once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - as the library calls it
        keys = [key.value for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise yaml.constructor.ConstructorError(None, None, f"{', '.join(map(str, twice))} stands twice", node.start_mark)
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("null", r"null|~|", ["n", "~", ""]),
    ("int", r"-?(0|[1-9][0-9]*)", "-0123456789"),
    ("float", r"-?(0|[1-9][0-9]*)\.[0-9]+", "-0123456789"),
    ("merge", r"<<", "<"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), list(_first))


class BadFile(Exception):
    """A source or agency file is wrong; the message names the file and each field."""


def sources(further: Path | None = None) -> dict[str, Source]:
    """The shipped sources, and those in a further folder, by name."""
    folders: list[Traversable] = [files("connectors.sources"), *([further] if further else [])]
    return _all(folders, Source)


def agencies(instead: Path | None = None) -> dict[str, Agency]:
    """The agencies of a folder, or else the shipped ones, by name."""
    return _all([instead or files("connectors.agencies")], Agency)


def agency(file: Path) -> Agency:
    """The agency of one file; raises BadFile, also when the file is not there."""
    if not file.is_file():
        raise BadFile(f"{file}: there is no such file")
    return _read(file, file.name.removesuffix(".yaml"), Agency)


def _all(folders: list[Traversable], model: type[M]) -> dict[str, M]:
    found: dict[str, M] = {}
    for folder in folders:
        for file in sorted(folder.iterdir(), key=lambda one: one.name):
            if file.name.endswith(".yaml"):
                name = file.name.removesuffix(".yaml")
                if name in found:
                    raise BadFile(f"{file}: there already is a {name}")
                found[name] = _read(file, name, model)
    return found


def _read(file: Traversable, name: str, model: type[M]) -> M:
    try:
        document = yaml.load(file.read_text("utf-8"), _Loader)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadFile(f"{file}: not YAML: {error}") from error
    if not isinstance(document, dict) or document.get("name") != name:
        said = document.get("name") if isinstance(document, dict) else None
        raise BadFile(f"{file}: name is {said!r} and must be {name!r}, as the file is called")
    try:
        return model.model_validate(document)
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors())
        raise BadFile(f"{file}: {problems}") from error
