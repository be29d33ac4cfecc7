"""YAML read by libyaml, which takes a tenth of the time that PyYAML's own parser takes: some thirty files are read at the start of every command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING or not yaml.__with_libyaml__:  # PyYAML may have been built without it
    from yaml import SafeLoader as Loader
else:
    from yaml import CSafeLoader as Loader

__all__ = ["Loader", "read"]


def read(text: str) -> Any:
    """What a text of YAML says, in plain values only; raises yaml.YAMLError."""
    return yaml.load(text, Loader)
