"""The sources and agencies there are: every YAML file in their folders, and in the folders that the settings add. Nothing else is edited when one is added."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from schemas.agency import Agency
from schemas.source import Source

M = TypeVar("M", bound=BaseModel)


class _Loader(yaml.SafeLoader):
    """YAML in which a date is text: examples must look as a source sends them."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class BadFile(Exception):
    """A source or agency file is wrong; the message names the file and each field."""


def sources(further: Path | None = None) -> dict[str, Source]:
    """The shipped sources, and those in a further folder, by name."""
    folders: list[Traversable] = [files("connectors.sources"), *([further] if further else [])]
    return _all(folders, Source)


def agencies(instead: Path | None = None) -> dict[str, Agency]:
    """The agencies of a folder, or else the shipped ones, by name."""
    return _all([instead or files("connectors.agencies")], Agency)


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
        document: dict[str, Any] = yaml.load(file.read_text("utf-8"), _Loader)  # noqa: S506
        if document.get("name") != name:
            raise BadFile(f"{file}: name is {document.get('name')!r} and must be {name!r}, as the file is called")
        return model.model_validate(document)
    except yaml.YAMLError as error:
        raise BadFile(f"{file}: not YAML: {error}") from error
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors())
        raise BadFile(f"{file}: {problems}") from error
