"""The kinds there are: each module of this package that has a `KIND`. A new way of comparing is a new module; nothing else is edited."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from streams.identity.kinds.kind import JOIN, NOTHING, Kind

__all__ = ["JOIN", "KINDS", "NOTHING", "Kind"]


@cache
def _all() -> dict[str, Kind]:
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    found = [module.KIND for module in modules if hasattr(module, "KIND")]
    return {kind.name: kind for kind in found}


KINDS: dict[str, Kind] = _all()
"""By name."""
