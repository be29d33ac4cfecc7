"""What one decoded record says: facts of its kind for each person in it, or every reason why it cannot be understood."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from schemas.models.fact import Fact, fact_id
from schemas.models.identity import Block
from schemas.models.raw import Reason
from schemas.models.record import Record
from schemas.source import KINDS, PersonMap, Rule, Source, find, text
from schemas.tokens import Keys
from streams.normalise import values
from streams.normalise.errors import Unusable
from streams.normalise.person import REASONS, Person, read
from streams.normalise.regions import region
from streams.normalise.times import moment
from streams.stage import Emit


def interpret(source: Source, fields: Mapping[str, Any], record: str, version: int, keys: Keys) -> list[Emit] | list[Reason]:
    """The facts of a record (its token and version given), or the reasons why there are none."""
    try:
        fields = source.derived(fields)
    except Exception as error:  # noqa: BLE001 - a source's own function may fail in any way, and must not stop the stage
        return [Reason(field="", problem=f"the source's own function failed on it ({type(error).__name__})")]
    content, reasons = _content(source, fields, keys)
    people = _people(source, fields)
    reasons += [reason for person in people for reason in person.reasons]
    if not people[0].handles and not reasons:
        reasons.append(Reason(field="", problem="names nobody: expected a document, an account, a patient number, or a phone with a name"))
    if reasons:
        return reasons
    cause = fact_id("raw", source.name, record, version)
    facts: dict[str, Emit] = {}
    aliases = [next(iter(person.tokens(keys).values()), keys.token("record", source.name, record, str(number))) for number, person in enumerate(people)]
    for person, alias in zip(people, aliases, strict=True):
        content |= {"alias": alias, "companion_of": aliases[0] if person is not people[0] else None, "sealed": keys.seal(alias, person.identifiers)}
        try:
            fact = KINDS[source.kind].of(causes=[cause], source=source.name, record=record, **content)
        except ValidationError as error:
            return [_plain(problem, source, fields) for problem in error.errors(include_input=False)]
        emits = [Emit(f"record.{source.kind}", alias, fact), *_blocks(person, alias, fact, keys)]
        facts |= {emit.value.id: emit for emit in emits if isinstance(emit.value, Fact)}
    return list(facts.values())


def check(source: Source, fields: Mapping[str, Any], keys: Keys) -> list[Reason]:
    """Everything that is wrong with a record, without making anything of it."""
    found = interpret(source, fields, "", 0, keys)
    return [reason for reason in found if isinstance(reason, Reason)]


def _people(source: Source, fields: Mapping[str, Any]) -> list[Person]:
    people = [read(fields, source.subject)]
    listed = find(fields, source.companions) if source.companions else None
    if listed not in (None, "") and not isinstance(listed, list):
        people[0].reasons.append(Reason(field=str(source.companions), problem="expected a list of persons"))
        return people
    for number, item in enumerate(listed or []):
        where: PersonMap = source.companion
        if isinstance(item, Mapping):
            people.append(read(item, where, f"{source.companions}.{number}."))
        else:
            people[0].reasons.append(Reason(field=f"{source.companions}.{number}", problem="expected a person with named fields"))
    return people


def _content(source: Source, fields: Mapping[str, Any], keys: Keys) -> tuple[dict[str, Any], list[Reason]]:
    content: dict[str, Any] = {}
    reasons: list[Reason] = []
    for name, rule in source.map.items():
        path = _path(name, rule, fields)
        try:
            value = _value(rule, fields, path, source, keys)
            if name == "temperature" and value is not None:
                values.temperature(value)
        except Unusable as error:
            reasons.append(Reason(field=path, problem=str(error)))
            continue
        if value is not None:
            content[name] = value
    if "until" in content and content["until"] < content.get("at", content["until"]):
        reasons.append(Reason(field=_path("until", source.map["until"], fields), problem="the end lies before the beginning"))
    return content, reasons


def _path(name: str, rule: Rule, fields: Mapping[str, Any]) -> str:
    """Where a field of ours is in the record: the first of its paths that holds something, or else the first."""
    return next((path for path in rule.paths if find(fields, path) not in (None, "", [])), rule.paths[0] if rule.paths else name)


def _value(rule: Rule, fields: Mapping[str, Any], path: str, source: Source, keys: Keys) -> Any:
    said = rule.const if rule.const is not None else text(fields, path)
    if rule.as_ == "symptoms":
        return values.symptoms(find(fields, path))
    if rule.as_ == "word" and (said or "" in rule.words):
        return values.word(said, rule.words)
    if not said:
        if rule.optional:
            return None
        raise Unusable("missing")
    if rule.as_ == "time":
        return moment(said, source.zone)
    if rule.as_ == "token":
        return keys.token((rule.paths or [path])[0], unicodedata.normalize("NFKC", said))
    return _READERS[rule.as_](said)


def _text(said: str) -> str:
    if len(said) > 200:
        raise Unusable("expected at most 200 signs")
    return said


_READERS: dict[str, Callable[[str], Any]] = {
    "text": _text, "region": region, "number": values.number, "code": values.code,
}  # fmt: skip
"""What reads a text that is not empty, by the sort of value."""


def _blocks(person: Person, alias: str, fact: Record, keys: Keys) -> list[Emit]:
    """That each further handle belongs to the person of the alias."""
    return [
        Emit("identity.block", token, Block.of(causes=[fact.id], at=fact.at, block=token, alias=alias, reason=REASONS[kind]))
        for kind, token in person.tokens(keys).items()
        if token != alias
    ]


def _plain(problem: ErrorDetails, source: Source, fields: Mapping[str, Any]) -> Reason:
    """A problem that the model found, at the field as the source calls it."""
    name, *rest = map(str, problem["loc"] or ("",))
    path = _path(name, source.map[name], fields) if name in source.map else name
    return Reason(field=".".join([path, *rest]), problem=problem["msg"].removeprefix("Value error, "))
