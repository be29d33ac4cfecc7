"""Every message that is written, looked at when it is: what agencies get, by a rule of its own, and what names a person on any other topic."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from pydantic import BaseModel

from schemas.agency import Agency
from schemas.models.case import LinkedCase
from schemas.models.identity import Link
from schemas.models.release import Audit, Decision, Release
from schemas.tokens import Keys
from streams.stage import Emit
from tests.leak import classes, news, rule
from tests.leak.told import Told
from tests.oracle.cases import Content
from tests.oracle.content import content
from tests.oracle.releases import called, known
from tests.properties import bus

_CODE = re.compile("[0-9a-f]{32}")


class Leak(AssertionError):
    """Something is where it must not be."""


@dataclass
class Watch:
    """What is known of a bus, and how many messages of each topic were looked at."""

    keys: Keys = bus.KEYS
    told: Told = field(init=False)
    counts: Counter[str] = field(default_factory=Counter)
    coded: set[str] = field(default_factory=set)
    _cases: dict[str, tuple[int, Content]] = field(default_factory=dict)
    _names: dict[str, dict[str, str]] = field(default_factory=dict)
    """By agency what it calls cases."""
    _stands: dict[tuple[str, str], str] = field(default_factory=dict)
    _latest: dict[tuple[str, str], int] = field(default_factory=dict)
    _logged: Counter[tuple[object, ...]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Nothing has been said yet."""
        self.told = Told(bus.sources(), self.keys)

    def look(self, emits: Iterable[Emit], agencies: Collection[Agency], since: int) -> None:
        """At messages in the order in which they were written, while these files were in force and it was `since` at least.

        Raises:
            Leak: Something is where it must not be.
        """
        for emit in emits:
            self.counts[emit.topic.split(".")[0]] += 1
            self._learn(emit)
            _none(emit.topic, classes.wrong(emit, self.told.identifying, self.coded))
            if isinstance(emit.value, Release):
                agency = next((one for one in agencies if f"deliver.{one.name}" == emit.topic), None)
                _none(emit.topic, self._release(emit, emit.value, agency, since))
        if +self._logged:
            raise Leak("the audit has no line for some release, or other fields")

    def _learn(self, emit: Emit) -> None:
        value = emit.value
        if isinstance(value, Link):
            self.told.join(value.alias, value.person)
            self.coded |= {value.alias, value.person}
        elif isinstance(value, LinkedCase) and not value.retracted:
            self._cases[value.id] = len(self._cases), content(value, self.keys)
        elif isinstance(value, Audit):
            person = "" if " " in value.person else value.person  # a bulletin is of nobody
            self._logged[value.release, value.agency, person, value.purpose, value.decision, tuple(value.fields)] -= 1

    def _release(self, emit: Emit, value: Release, agency: Agency | None, since: int) -> Iterator[str]:
        """What is wrong with a message of an agency at the moment when it is written: it must follow from the case of its cause, and take nothing back twice."""
        key = emit.topic, emit.key
        fields = tuple(sorted(name for name, one in value.view if one is not None))
        if emit.topic != f"deliver.{value.agency}" or emit.key != f"{value.person} {value.purpose}":
            yield "it is on the topic or under the key of another"
        if value.retracted:
            if fields or value.roles or value.why or value.bulletin or self._stands.pop(key, "") != value.id:
                yield "a retraction says more than which release it ends, or ends none"
            return
        self._stands[key] = value.id
        if value.bulletin is not None:
            fields = tuple(sorted(name for name, one in value.bulletin if one is not None and name != "topic"))
            self._logged[value.id, value.agency, "", value.purpose, Decision.RELEASED, fields] += 1
            yield from news.wrong(value, agency)
            if value.expires < since or not self.coded.isdisjoint(_CODE.findall(value.model_dump_json())):
                yield "it was over before it came, or names somebody"
            return
        place, case = self._case(agency, value.causes[0]) if agency else (-1, None)
        self._logged[value.id, value.agency, case["person"] if case else "", value.purpose, Decision.RELEASED, fields] += 1
        if not self.coded.isdisjoint(_CODE.findall(f"{emit.key} {value.model_dump_json()}")):
            yield "it calls somebody as the bus does"
        if agency is None or case is None or value.expires < since:
            yield "its agency has no file, it has no case, or it was over before it came"
            return
        if place < self._latest.get((emit.topic, value.person), 0):
            yield "it goes back to an older case"
        self._latest[emit.topic, value.person] = place
        yield from rule.wrong(content(value, self.keys), case, agency, self.keys)
        yield from self.told.wrong(content(value, self.keys), case["person"], agency)

    def _case(self, agency: Agency, code: str) -> tuple[int, Content | None]:
        """Where the case that an agency calls so came, and the case."""
        names = self._names.setdefault(agency.name, {})
        if code not in names:
            names |= {known(agency, id_, self.keys): id_ for id_ in islice(self._cases, len(names), None)}
        return self._cases.get(names.get(code, ""), (-1, None))


def rest(standing: Mapping[str, Iterable[BaseModel]], cases: list[Content], agencies: Collection[Agency], now: int, keys: Keys = bus.KEYS) -> None:
    """At rest: all that stands on these topics follows from the cases that the source facts make true, by these files, and has not ended.

    Raises:
        Leak: It does not.
    """
    by_code: dict[tuple[str, str], dict[str, Content]] = {
        (one.name, purpose.name): {called(one, purpose, case["person"], keys): case for case in cases} for one in agencies for purpose in one.purposes
    }
    files = {f"deliver.{one.name}": one for one in agencies}
    for topic, values in standing.items():
        for value in values:
            assert isinstance(value, Release)
            if value.bulletin is not None:
                _none(topic, news.wrong(value, files.get(topic)))
                continue
            agency, case = files.get(topic), by_code.get((value.agency, value.purpose), {}).get(value.person)
            if agency is None or case is None or value.expires < now:
                raise Leak(f"{topic}: what stands has no file, no true case, or is over")
            _none(topic, rule.wrong(content(value, keys), case, agency, keys))


def _none(topic: str, wrong: Iterator[str]) -> None:
    for sentence in wrong:
        raise Leak(f"{topic}: {sentence}")
