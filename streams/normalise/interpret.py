"""What one decoded record says: facts of its kind for each person in it, or every reason why it cannot be understood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from schemas.models.crossing import KnownBy
from schemas.models.fact import Millis, fact_id
from schemas.models.identity import Mention
from schemas.models.need import kind_key
from schemas.models.raw import Reason
from schemas.models.record import Record
from schemas.source import HOUSES, KINDS, POINTING, THINGS, Source, Unidentified, find
from schemas.tokens import Keys
from streams.ages import band
from streams.normalise.content import content, entries
from streams.normalise.errors import LONGEST
from streams.normalise.known import Known, Reader, Recall
from streams.normalise.understand import told
from streams.policy import Scale
from streams.policy import load as shipped
from streams.stage import Emit

_NOBODY = Reason(
    field="", problem="names nobody: expected a document, an account, a patient number, a phone, or a name with a sex, a birth date, an age or a residence"
)
_ANYBODY = Reason(field="", problem="names a household and nobody in it: expected a name, a sex, a birth date or an age too")
_NO_ONE = Reason(field="", problem="names no one person: expected a document, an account, a patient number, a phone or a key of the bus")
_LONG = f"expected at most {LONGEST} signs"
_NO_PERSON = "expected a person with named fields"
_MOST = 200
"""Companions of one record. What stands written of a record is one row of the state, which must fit into a message; a whole coach has sixty."""


class Interpreter:
    """Understands the records of one source; what follows from the source's file alone is worked out once, here."""

    def __init__(
        self, source: Source, keys: Keys, recall: Recall | None = None, scales: Mapping[str, Scale] | None = None, bands: Sequence[int] | None = None
    ) -> None:
        """Take the source, the keys of tokens and seals, and what knows persons from before, if anything.

        `scales` says how questionnaires are judged, `bands` with which years bands of ages begin; unset, as shipped.
        """
        self._source, self._keys, self._first = source, keys, keys.first
        self._model, self._topic = KINDS[source.kind], f"record.{source.kind}"
        self._points, self._houses = source.kind in POINTING, source.kind in HOUSES
        self._things, self._crosses = source.kind in THINGS, "known_by" in self._model.model_fields
        self._bands = (shipped().age_bands if bands is None else bands) if "age_band" in self._model.model_fields else ()
        self._plan = entries(source, keys, shipped().screening.scales if scales is None else scales)
        self._subject = Reader(source.subject, keys, recall, source.zone)
        self._companion = Reader(source.companion, keys, recall, source.zone)

    def __call__(
        self, fields: Mapping[str, Any], record: str, version: int, generations: Mapping[str, int] | None = None
    ) -> tuple[list[Emit], list[Reason]]:
        """The facts of a record (its token and version given), or the reasons why there are none.

        `generations` are those of the keys under which the record was sealed, by alias; what it says is sealed under the same.
        """
        if self._source.derive and (long := [Reason(field=path, problem=_LONG) for path, said in fields.items() if len(str(said)) > LONGEST]):
            return [], long
        first = self._called_first(fields, record)
        try:
            fields = self._source.derived(fields)
        except Exception as error:  # noqa: BLE001 - a source's own function may fail in any way, and must not stop the stage
            return [], [Reason(field="", problem=f"the source's own function failed on it ({type(error).__name__})")]
        found, reasons = content(self._plan, fields)
        if self._things:
            return self._thing(found, record, version, fields) if not reasons else ([], reasons)
        people, wrong = self._people(fields, found.get("at"))
        reasons += [reason for reason in wrong if reason not in reasons]  # a region may be that of the record and of the home
        if self._points and not people[0].alias and not reasons:
            reasons.append(_NO_ONE)
        if not people[0].alias and not reasons and not self._house(people[0]) and not told(people[0].identifiers):
            reasons.append(_ANYBODY if "household" in people[0].identifiers else _NOBODY)
        if reasons:
            return [], reasons
        try:
            return self._facts(found, people, (record, first), version, generations or {}), []
        except ValidationError as error:
            return [], [self._plain(problem, fields) for problem in error.errors(include_input=False)]

    def persons(self, fields: Mapping[str, Any], record: str) -> list[str]:
        """The aliases under which a record's facts will be, whatever else is wrong with it; none when its persons cannot be read, or it is about none."""
        if self._things:
            return []
        if self._source.derive and any(len(str(said)) > LONGEST for said in fields.values()):
            return []
        try:
            people, _ = self._people(self._source.derived(fields), None)
        except Exception:  # noqa: BLE001 - a source's own function may fail in any way; then nobody is read, and the record is refused later
            return []
        first = self._called_first(fields, record)
        return [self._alias(person, first, number) for number, person in enumerate(people) if person.alias or person.identifiers]

    def _alias(self, person: Known, first: str, number: int) -> str:
        """The token of the strongest handle, or of the household of which nobody is named, or of the place in the record of who has none.

        `first` is the record's token under the first secret.
        """
        return person.alias or self._house(person) or self._keys.token("record", self._source.name, first, str(number))

    def _house(self, person: Known) -> str:
        """The token of the household, where that is all that the record says of anybody and its kind is content with that; else ''."""
        return person.identifiers.get("household", "") if self._houses and not told(person.identifiers) else ""

    def _called_first(self, fields: Mapping[str, Any], record: str) -> str:
        """The token of a record under the first secret, so that whoever has no handle is still the same alias, renamed, when the secret was renewed.

        One that is not named by its own fields (it was repaired) keeps the token that it has.
        """
        if self._first is self._keys:
            return record
        try:
            now, before = (self._source.identify(fields, keys)[0] for keys in (self._keys, self._first))
        except Unidentified:
            return record
        return before if now == record else record

    def _sealed(self, person: Known, alias: str, generation: int) -> bytes:
        """What identifies the person, sealed under the key of a generation (0: the present one)."""
        if person.sealed and (not generation or person.sealed[0] == generation):
            return person.sealed
        return self._keys.seal(alias, person.identifiers, generation)

    def _people(self, fields: Mapping[str, Any], at: Millis | None) -> tuple[list[Known], list[Reason]]:
        """The subject and its companions at the time of the record, and what is wrong with them."""
        subject, where = self._subject(fields, at), self._source.companions
        people, reasons = [subject], list(subject.reasons)
        listed = find(fields, where) if where else None
        if listed in (None, "", []):
            return people, reasons
        if not isinstance(listed, list):
            return people, [*reasons, Reason(field=str(where), problem="expected a list of persons")]
        if len(listed) > _MOST:
            return people, [*reasons, Reason(field=str(where), problem=f"expected at most {_MOST} persons")]
        reasons += [Reason(field=f"{where}.{number}", problem=_NO_PERSON) for number, item in enumerate(listed) if not isinstance(item, Mapping)]
        for number, item in enumerate(listed):
            if isinstance(item, Mapping):
                people.append(self._companion(item, at))
                reasons += [Reason(field=f"{where}.{number}.{reason.field}", problem=reason.problem) for reason in people[-1].reasons]
        return people, reasons

    def _facts(self, found: dict[str, Any], people: list[Known], tokens: tuple[str, str], version: int, generations: Mapping[str, int]) -> list[Emit]:
        """Each fact once, in order; `tokens` are the record's, now and under the first secret. Raises pydantic's ValidationError."""
        record, called_first = tokens
        cause = fact_id("raw", self._source.name, record, version)
        facts: dict[str, Emit] = {}
        first = None
        for number, person in enumerate(people):
            alias = self._alias(person, called_first, number)
            house = not person.alias and self._house(person)
            sealed = b"" if self._points or house else self._sealed(person, alias, generations.get(alias, 0))
            said = {**found, **self._of(person, found["at"])} if self._bands or self._crosses else found
            fact = self._model.of(causes=[cause], source=self._source.name, record=record, **said, alias=alias, companion_of=first, sealed=sealed)
            facts[fact.id] = Emit(self._topic, alias, fact)
            if (person.further and not self._points) or sealed:
                mention = _mention(fact, person)
                facts[mention.id] = Emit("identity.mention", alias, mention)
            first = first or alias
        return list(facts.values())

    def _of(self, person: Known, at: Millis) -> dict[str, Any]:
        """What kinds that tell of it say of who somebody is: what is written down, never a value, and the band of ages on the day of the record.

        The band leaves the seal here, and nowhere else.
        """
        said: dict[str, Any] = {"known_by": [kind for kind in KnownBy if kind in person.identifiers]} if self._crosses else {}
        born = person.identifiers.get("born") if self._bands else None
        if born and (found := band(born, date.fromisoformat(self._subject.day(at)), self._bands)):
            said["age_band"] = found
        return said

    def _thing(self, found: dict[str, Any], record: str, version: int, fields: Mapping[str, Any]) -> tuple[list[Emit], list[Reason]]:
        """The fact of a record about no person: in place of an alias it has the token of one of its fields, or the name of the kind of need."""
        sort, field = THINGS[self._source.kind]
        alias = self._keys.token(sort, str(found[field])) if sort else kind_key(found[field])
        if found.get("ill", 0) > found.get("enrolled", found.get("ill", 0)):
            path = next(entry.path(fields) for entry in self._plan if entry.name == "ill")
            return [], [Reason(field=path, problem=f"{found['ill']} of {found['enrolled']} cannot be ill")]
        cause = fact_id("raw", self._source.name, record, version)
        try:
            fact = self._model.of(causes=[cause], source=self._source.name, record=record, **found, alias=alias)
        except ValidationError as error:
            return [], [self._plain(problem, fields) for problem in error.errors(include_input=False)]
        return [Emit(self._topic, alias, fact)], []

    def _plain(self, problem: ErrorDetails, fields: Mapping[str, Any]) -> Reason:
        """A problem that the model found, at the field as the source calls it."""
        name, *rest = map(str, problem["loc"] or ("",))
        path = next((entry.path(fields) for entry in self._plan if entry.name == name), name)
        return Reason(field=".".join([path, *rest]), problem=problem["msg"].removeprefix("Value error, "))


def interpret(source: Source, fields: Mapping[str, Any], record: str, version: int, keys: Keys) -> list[Emit] | list[Reason]:
    """What an `Interpreter` of the source says of one record. Whoever has many makes one for all."""
    facts, reasons = Interpreter(source, keys)(fields, record, version)
    return reasons or facts


def check(source: Source, fields: Mapping[str, Any], keys: Keys) -> list[Reason]:
    """Everything that is wrong with a record, without making anything of it."""
    return Interpreter(source, keys.unkept())(fields, "", 0)[1]


def _mention(fact: Record, person: Known) -> Mention:
    """What a record says of the person in it, under the seal that it has itself."""
    further = list(person.further)
    return Mention.built([fact.id], at=fact.at, alias=fact.alias, source=fact.source, handles=further, only=person.only, sealed=fact.sealed)
