"""Values of any model, field by field from its types."""

from __future__ import annotations

import types
from enum import Enum
from functools import cache
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from hypothesis import strategies as st
from pydantic import BaseModel

M = TypeVar("M", bound=BaseModel)

_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(st.characters(codec="utf-8"), max_size=12),
    int: st.integers(-(2**63), 2**63 - 1),
    float: st.floats(allow_nan=False),
    bool: st.booleans(),
    bytes: st.binary(max_size=12),
}


@cache
def values(model: type[M]) -> st.SearchStrategy[M]:
    """Every field drawn, the optional ones too."""
    return st.builds(model, **{name: _of(info.annotation) for name, info in model.model_fields.items()})


def _of(kind: Any) -> st.SearchStrategy[Any]:
    if get_origin(kind) is Annotated:
        return _of(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        return st.one_of(*(st.none() if part is type(None) else _of(part) for part in get_args(kind)))
    if get_origin(kind) is list:
        return st.lists(_of(get_args(kind)[0]), max_size=3)
    if get_origin(kind) is dict:
        return st.dictionaries(_PLAIN[str], _of(get_args(kind)[1]), max_size=3)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return values(kind)
    return _PLAIN[kind]
