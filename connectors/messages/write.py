"""Writes messages as a program does, each of one short message: a report in as many parts as it needs."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.messages import check, length
from connectors.messages.form import Clinic
from connectors.messages.read import MOST_PARTS, content


class TooLong(ValueError):
    """A field does not fit into a message by itself, or a report into nine."""


def head(clinic: Clinic, number: int, revision: int = 1) -> str:
    """The head of a report: its running number with its letter, and the version when it is not the first."""
    return f"{number}{check.letter(clinic.number, number)}" + (f"-{revision}" if revision > 1 else "")


def written(clinic: Clinic, number: int, kind: str, fields: Mapping[str, str], revision: int = 1) -> list[str]:
    """The messages of a report, with check letters; fields are by key, and none takes the report back. Raises TooLong."""
    begin = f"{clinic.number} {head(clinic, number, revision)} {kind}"
    words = [f"{key}{value.replace(' ', '_')}" for key, value in fields.items()] or ["撤"]
    if length.fits(whole := _ended(f"{begin} {' '.join(words)}")):
        return [whole]
    for parts in range(2, MOST_PARTS + 1):
        groups = _groups(begin, words, parts)
        if len(groups) <= parts:
            groups += [[words[0]]] * (parts - len(groups))  # a field that comes twice is one
            return [_ended(f"{begin} {number}/{parts} {' '.join(group)}") for number, group in enumerate(groups, 1)]
    raise TooLong("too long for nine messages: leave out what is not needed")


def retracted(clinic: Clinic, number: int, kind: str, revision: int) -> str:
    """The message that takes a report back."""
    return written(clinic, number, kind, {}, revision)[0]


def has(clinic: Clinic, upto: int) -> str:
    """The message that says that a clinic has its answers up to a number."""
    return _ended(f"{clinic.number} 收{upto}")


def _groups(begin: str, words: list[str], parts: int) -> list[list[str]]:
    groups: list[list[str]] = [[]]
    for word in words:
        if groups[-1] and not length.fits(_ended(f"{begin} 1/{parts} {' '.join([*groups[-1], word])}")):
            groups.append([])
        groups[-1].append(word)
        if not length.fits(_ended(f"{begin} 1/{parts} {word}")):
            raise TooLong(f"the field {word[0]} is too long for a message")
    return groups


def _ended(text: str) -> str:
    plain = content(text)
    return f"{plain} #{check.letters(plain)}"
