"""Which records stand, what each tells about each person in it, and which were refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from schemas.models.fact import fact_id
from schemas.source import HOUSES, Rule, Source, find, text
from schemas.tokens import Keys
from streams.policy import load
from tests.oracle import values
from tests.oracle.grouped import grouped
from tests.oracle.persons import Handles, Identifiers, handles, somebody
from tests.oracle.values import Refused

BANDS = load().age_bands
"""The shipped ones."""
Sent = tuple[str, Mapping[str, Any]]
"""A record as its source sent it: the name of the source, and the fields."""


@dataclass(frozen=True)
class Told:
    """What one standing record says about one person: `says` holds the fields of its kind, `tokens` all handles by kind, strongest first.

    `only` is `resident` when the first of them is a resident number, else ''.
    """

    kind: str
    source: str
    record: str
    version: int
    alias: str
    companion_of: str | None
    says: dict[str, Any]
    tokens: dict[str, str]
    only: str
    identifiers: Identifiers
    seal: bytes

    @property
    def at(self) -> int:
        """When it happened."""
        at: int = self.says["at"]
        return at

    @property
    def mentions(self) -> bool:
        """Whether it says anything about the person beside the alias: a further handle, or what identifies the person directly."""
        return len(self.tokens) > 1 or bool(self.identifiers)


@dataclass(frozen=True)
class Refusal:
    """A version of a record that was refused, and the fields that are to blame; '' for the whole."""

    source: str
    record: str
    version: int
    digest: str
    fields: tuple[str, ...]


@dataclass
class Version:
    """One version of a record, understood as far as it can be."""

    source: str
    record: str
    version: int
    retracts: bool
    digest: str
    told: list[Told] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def body(fields: Mapping[str, Any]) -> bytes:
    """The bytes in which the tests send a record."""
    return json.dumps(fields, ensure_ascii=False, sort_keys=True).encode()


def standing(sent: Iterable[Sent], sources: Mapping[str, Source], keys: Keys, bands: Sequence[int] = BANDS) -> tuple[list[Told], list[Refusal]]:
    """What stands told, each thing once, and all refusals; `bands` are the years with which bands of ages begin."""
    told: list[Told] = []
    refusals: set[Refusal] = set()
    for versions in grouped((_read(sources[name], fields, keys, bands) for name, fields in sent), lambda one: (one.source, one.record)).values():
        stands = _highest([one for one in versions if not one.wrong])
        for one in versions:
            rival = any((one.version, one.retracts) == (other.version, other.retracts) and one.digest < other.digest for other in versions if not other.wrong)
            if one.wrong or rival:
                refusals.add(Refusal(one.source, one.record, one.version, one.digest, tuple(sorted(set(one.wrong or [""])))))
        people = stands.told if stands else []
        told += [person for place, person in enumerate(people) if person not in people[:place]]
    return told, sorted(refusals, key=lambda one: (one.source, one.record, one.version, one.digest, one.fields))


def _highest(valid: list[Version]) -> Version | None:
    """The version that stands: a retraction before what it retracts, and of two with one number the one with the larger digest."""
    return max(valid, key=lambda one: (one.version, one.retracts, one.digest), default=None)


def _read(source: Source, fields: Mapping[str, Any], keys: Keys, bands: Sequence[int]) -> Version:
    """A version; a retraction is never wrong, and one of which it is not clear what it is a version of is named by its digest."""
    digest = keys.digest(body(fields))
    parts = [text(fields, path) for path in source.id]
    number = _number(source, fields)
    state = text(fields, source.retracts.path) if source.retracts else ""
    known = ["", *source.retracts.words, *source.retracts.stands] if source.retracts else [""]
    if not all(parts) or number is None or state not in known:
        return Version(source.name, keys.token("record", source.name, "digest", digest), 1, retracts=False, digest=digest, wrong=[""])
    record = keys.token("record", source.name, *parts)
    if source.retracts and state in source.retracts.words:
        return Version(source.name, record, number, retracts=True, digest=digest)
    told, wrong = _understand(source, fields, (record, keys.first.token("record", source.name, *parts)), number, keys, bands)
    return Version(source.name, record, number, retracts=False, digest=digest, told=[] if wrong else told, wrong=wrong)


def _number(source: Source, fields: Mapping[str, Any]) -> int | None:
    if source.version is None:
        return 1
    said = text(fields, source.version.path)
    if source.version.as_ == "number":
        return int(said) if said.isdigit() else None
    try:
        when = datetime.fromisoformat(said)
    except ValueError:
        return None
    return int((when if when.tzinfo else when.replace(tzinfo=ZoneInfo(source.zone))).timestamp() * 1000)


def _understand(
    source: Source, fields: Mapping[str, Any], tokens: tuple[str, str], version: int, keys: Keys, bands: Sequence[int]
) -> tuple[list[Told], list[str]]:
    """What a record says of each person in it. Whoever has no handle is called after the record, by its token under the first secret."""
    record, called_first = tokens
    fields = source.derived(fields)
    says, wrong = _fields(source, fields, keys)
    wrong += source.map["quantity"].paths if says.get("quantity") == 0 else []
    if source.kind in ("provider", "offer"):
        return [Told(source.kind, source.name, record, version, fact_id("need", str(says.get("need"))), None, says, {}, "", (), b"")], wrong
    if source.kind in ("stock", "dispatch"):
        return [Told(source.kind, source.name, record, version, keys.token("supply", str(says.get("item"))), None, says, {}, "", (), b"")], wrong
    if source.kind in ("complaint", "answer", "closure"):
        sort, name = ("place", "area") if source.kind == "closure" else ("complaint", "number")
        return [Told(source.kind, source.name, record, version, keys.token(sort, str(says.get(name))), None, says, {}, "", (), b"")], wrong
    if source.kind == "absence":
        wrong = wrong or (source.map["ill"].paths if says["ill"] > says["enrolled"] else [])
        return [Told(source.kind, source.name, record, version, keys.token("place", str(says.get("place"))), None, says, {}, "", (), b"")], wrong
    at = says.get("at")
    people: list[Handles] = [handles(fields, source.subject, keys, "", at, source.zone)]
    for place, item in enumerate(find(fields, source.companions) or [] if source.companions else []):
        people.append(handles(item, source.companion, keys, f"{source.companions}.{place}.", at, source.zone))
    wrong += [path for person in people for path in person.wrong]
    if not wrong and not somebody(people[0]):
        house = people[0].identifiers.get("household") if source.kind in HOUSES else None
        if house:
            return [Told(source.kind, source.name, record, version, house, None, says, {}, "", (), b"")], []
        wrong = [""]
    if source.kind in ("measure", "screening"):
        return _asked(source, says, people[0], record, version, wrong)
    if source.kind == "crossing":
        says["known_by"] = [what for what in ("document", "name", "phone") if what in people[0].identifiers]
    aliases = [next(iter(person.tokens.values()), keys.token("record", source.name, called_first, str(place))) for place, person in enumerate(people)]
    told = [
        Told(source.kind, source.name, record, version, alias, None if person is people[0] else aliases[0], says | _aged(source, person, at, bands), person.tokens, "resident" if person.resident else "",
             tuple(sorted(person.identifiers.items())), keys.seal(alias, person.identifiers))
        for person, alias in zip(people, aliases, strict=True)
    ]  # fmt: skip
    return told, wrong


def _aged(source: Source, person: Handles, at: int | None, bands: Sequence[int]) -> dict[str, str]:
    """The band of ages of who is ill, on the day of the record where its source is."""
    born = person.identifiers.get("born")
    if at is None or not born or source.kind not in ("visit", "lab"):
        return {}
    found = values.band(born, datetime.fromtimestamp(at // 1000, ZoneInfo(source.zone)).date().isoformat(), bands)
    return {"age_band": found} if found else {}


def _asked(source: Source, says: dict[str, Any], who: Handles, record: str, version: int, wrong: list[str]) -> tuple[list[Told], list[str]]:
    """A measure on whom the strongest handle names, or a screening; it tells nothing else of the person."""
    if not wrong and not who.tokens:
        wrong = [""]
    return [Told(source.kind, source.name, record, version, alias, None, says, {kind: alias}, "", (), b"") for kind, alias in [*who.tokens.items()][:1]], wrong


def _listed(rule: Rule, fields: Mapping[str, Any], path: str) -> Any:
    """What several words or answers say."""
    if rule.as_ == "scales":
        return values.offer(*(text(fields, one) for one in rule.paths))
    return values.several(find(fields, path), rule.words) if rule.words else values.symptoms(find(fields, path))


def _fields(source: Source, fields: Mapping[str, Any], keys: Keys) -> tuple[dict[str, Any], list[str]]:
    """The fields of the kind by name, and the paths that are wrong."""
    says: dict[str, Any] = {}
    wrong: list[str] = []
    readers: dict[str, Callable[[str], Any]] = {
        "text": str, "code": values.code, "port": values.port, "region": values.region, "number": values.number, "count": values.count, "time": lambda said: values.moment(said, source.zone)
    }  # fmt: skip
    for name, rule in source.map.items():
        path = next((path for path in rule.paths if find(fields, path)), rule.paths[0] if rule.paths else name)
        said = rule.const if rule.const is not None else text(fields, path)
        try:
            if rule.as_ in ("symptoms", "words", "scales"):
                says[name] = _listed(rule, fields, path)
            elif rule.as_ == "word" and said in rule.words:
                says[name] = rule.words[said]
            elif said and rule.as_ == "token":
                says[name] = keys.token(path, said)
            elif said and rule.as_ == "household":
                says[name] = keys.token("household", source.subject.household_in, said)
            elif said and rule.as_ in readers:
                says[name] = values.temperature(said) if name == "temperature" else readers[rule.as_](said)
            elif said or not rule.optional:
                wrong.append(path)
        except Refused:
            wrong.append(path)
    if "at" in says and says.get("until", says["at"]) < says["at"]:
        wrong.append(source.map["until"].paths[0])
    return says, wrong
