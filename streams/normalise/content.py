"""What a source's map finds in a record, but for persons: worked out from the source's file once, then used on every record."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from schemas.models.raw import Reason
from schemas.source import Rule, Source, find, text
from schemas.tokens import Keys
from streams.normalise import values
from streams.normalise.errors import Unusable, bounded
from streams.normalise.regions import region
from streams.normalise.times import moment
from streams.normalise.traits import household
from streams.policy import Scale

Fields = Mapping[str, Any]
_LONGEST = 200


class Entry(NamedTuple):
    """One field of ours: its name, where it is in a record, and what reads it there or raises Unusable; None stands for nothing said."""

    name: str
    path: Callable[[Fields], str]
    read: Callable[[Fields], Any]


def entries(source: Source, keys: Keys, scales: Mapping[str, Scale] = MappingProxyType({})) -> list[Entry]:
    """The fields that a source's map names, in its order."""
    return [_judged(name, rule, scales) if rule.as_ == "scales" else _entry(name, rule, source, keys) for name, rule in source.map.items()]


def content(plan: list[Entry], fields: Fields) -> tuple[dict[str, Any], list[Reason]]:
    """Our fields of a record by name, and what is wrong with others."""
    found: dict[str, Any] = {}
    reasons: list[Reason] = []
    for entry in plan:
        try:
            value = entry.read(fields)
        except Unusable as error:
            reasons.append(Reason(field=entry.path(fields), problem=str(error)))
            continue
        if value is not None:
            found[entry.name] = value
    if "until" in found and found["until"] < found.get("at", found["until"]):
        path = next(entry.path(fields) for entry in plan if entry.name == "until")
        reasons.append(Reason(field=path, problem="the end lies before the beginning"))
    return found, reasons


def _entry(name: str, rule: Rule, source: Source, keys: Keys) -> Entry:
    paths = rule.paths or [name]
    use = _user(rule, paths[0], source, keys)
    if name == "temperature":
        use = _temperature(use)
    if name == "quantity":
        use = _something(use)
    readers = {path: _reader(rule, path, use) for path in paths}
    if len(paths) == 1:
        return Entry(name, lambda _: paths[0], readers[paths[0]])
    return Entry(name, lambda fields: _first(paths, fields), lambda fields: readers[_first(paths, fields)](fields))


def _judged(name: str, rule: Rule, scales: Mapping[str, Scale]) -> Entry:
    """Whether answers to questionnaires, each at a path of its name, ask for support. The first must be there; no answer goes further."""

    def read(fields: Fields) -> bool:
        said = {path: find(fields, path) for path in rule.paths}
        if said[rule.paths[0]] in (None, "", []):
            raise Unusable("missing")
        judged = [scales[path].offers(values.answers(one, scales[path].items)) for path, one in said.items() if one not in (None, "", [])]
        return any(judged)

    return Entry(name, lambda _: rule.paths[0], read)


def _first(paths: list[str], fields: Fields) -> str:
    """The first path that holds something in a record, or else the first."""
    return next((path for path in paths if find(fields, path) not in (None, "", [])), paths[0])


def _reader(rule: Rule, path: str, use: Callable[[Any], Any]) -> Callable[[Fields], Any]:
    """What reads a field at one of its paths."""
    if rule.as_ in ("symptoms", "words"):
        return lambda fields: use(find(fields, path))
    const, empty, optional = rule.const, rule.as_ == "word" and "" in rule.words, rule.optional

    def read(fields: Fields) -> Any:
        said = text(fields, path) if const is None else const
        if said or empty:
            return use(bounded(said))
        if not optional:
            raise Unusable("missing")
        return None

    return read


def _user(rule: Rule, first: str, source: Source, keys: Keys) -> Callable[[Any], Any]:
    """What makes our value of what a record says, by the sort of value."""
    sorts: dict[str, Callable[[Any], Any]] = {
        "text": _text, "region": region, "number": values.number, "count": values.count, "code": values.code, "port": values.port, "symptoms": values.symptoms,
        "word": lambda said: values.word(said, rule.words), "words": lambda said: values.several(said, rule.words),
        "time": lambda said: moment(said, source.zone),
        "token": lambda said: keys.token(first, unicodedata.normalize("NFKC", said)),
        "household": lambda said: keys.token("household", source.subject.household_in, household(said)),
    }  # fmt: skip
    return sorts[rule.as_]


def _text(said: str) -> str:
    if len(said) > _LONGEST:
        raise Unusable(f"expected at most {_LONGEST} signs")
    return said


def _something(use: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A field of that name is of goods that move, in every kind of record."""
    return lambda said: values.something(use(said))


def _temperature(use: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A field of that name is of a body in every kind of record."""
    return lambda said: values.temperature(use(said))
