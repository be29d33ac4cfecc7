"""Mistakes as clerks make them: letters inserted, left out, changed, swapped; values missing, changed or in another's place (after Christen and Pudjijono 2009)."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

Cells = dict[str, str]
"""One row of a set: column to value, '' where it is missing."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def typo(text: str, drawn: random.Random) -> str:
    """A text with one letter, digit or space wrong; digits become digits."""
    place = drawn.randrange(len(text)) if text else 0
    sign = drawn.choice("0123456789" if text.isdigit() else _LETTERS)
    ways: list[Callable[[], str]] = [
        lambda: text[:place] + sign + text[place:],
        lambda: text[:place] + text[place + 1 :],
        lambda: text[:place] + sign + text[place + 1 :],
        lambda: text[:place] + text[place + 1 : place + 2] + text[place : place + 1] + text[place + 2 :],
        lambda: text.replace(" ", "", 1),
    ]
    return drawn.choice(ways)() or text


def corrupt(cells: Mapping[str, str], drawn: random.Random, mistakes: int, values: Mapping[str, Sequence[str]], swaps: Sequence[tuple[str, str]]) -> Cells:
    """A row with some mistakes in it. `values` has for the columns that go wrong what else could stand there, `swaps` the columns that are mixed up."""
    wrong = dict(cells)
    for _ in range(mistakes):
        column, kind = drawn.choice(list(values)), drawn.random()
        if kind < 0.7:
            wrong[column] = typo(wrong[column], drawn)
        elif kind < 0.8:
            wrong[column] = ""
        elif kind < 0.9:
            wrong[column] = drawn.choice(values[column])
        elif swaps:
            one, other = drawn.choice(swaps)
            wrong[one], wrong[other] = wrong[other], wrong[one]
    return wrong
