"""How often a bus's secret of tokens was renewed, told by its namespace: so topics and tokens never disagree.

`x.` is a bus whose tokens are under one secret, `x.e2.` the one beside it whose tokens are under two, `x.e3.` the one after that. Each secret is a file of
its own: the one of the settings, and beside it those that renewed it, `secret.2`, `secret.3`.
"""

from __future__ import annotations

import re
from pathlib import Path

_NUMBERED = re.compile(r"(|.*\.)e([2-9]|[1-9]\d+)\.")


def epoch(namespace: str) -> int:
    """Under how many secrets the tokens of a bus are: 1 where none was renewed."""
    found = _NUMBERED.fullmatch(namespace)
    return int(found[2]) if found else 1


def after(namespace: str) -> str:
    """The namespace of the bus onto which this one is carried when its secret is renewed."""
    found = _NUMBERED.fullmatch(namespace)
    return f"{found[1] if found else namespace}e{epoch(namespace) + 1}."


def begun(namespace: str) -> str:
    """The namespace that a bus had before any renewal: what people signed on it goes on counting."""
    found = _NUMBERED.fullmatch(namespace)
    return found[1] if found else namespace


def file(first: Path, number: int) -> Path:
    """The file of a secret, counted from 1, beside the first."""
    return first if number == 1 else first.with_name(f"{first.name}.{number}")
