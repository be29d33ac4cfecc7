"""A source: what it sends, how its records are identified, and what its fields mean, from one YAML file."""

from __future__ import annotations

import importlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, StringConstraints, TypeAdapter, ValidationError, field_validator, model_validator

from schemas.models.fact import Model
from schemas.models.raw import Reason
from schemas.models.record import (
    Absence,
    CareVisit,
    Clockin,
    Crossing,
    DispatchReport,
    Gate,
    Household,
    Lab,
    MeasureRequest,
    NeedReport,
    OfferReport,
    ProviderReport,
    Record,
    Report,
    Sale,
    Scan,
    Screening,
    Step,
    StockReport,
    Travel,
    Visit,
)
from schemas.models.rights import AnswerReport, ClosureReport, ComplaintReport
from schemas.tokens import Keys

KINDS: dict[str, type[Record]] = {
    "scan": Scan, "gate": Gate, "visit": Visit, "lab": Lab, "household": Household, "clockin": Clockin, "travel": Travel, "crossing": Crossing, "step": Step,
    "report": Report, "measure": MeasureRequest, "sale": Sale, "stock": StockReport, "dispatch": DispatchReport,
    "care": CareVisit,
    "need": NeedReport, "provider": ProviderReport, "offer": OfferReport, "screening": Screening, "absence": Absence,
    "complaint": ComplaintReport, "answer": AnswerReport, "closure": ClosureReport,
}  # fmt: skip
"""Record kinds by name; the kind's topic is record.<kind>."""

POINTING = frozenset({"measure", "screening"})
"""Kinds whose records only point at a person: they need a handle of one, and say nothing of who that is.

Of several handles the strongest alone counts, so that no two are joined by such a record."""

HOUSES = frozenset({"sale", "report"})
"""Kinds whose records may name a household by its number and nobody in it: then the alias is the token of the household, which joins no people."""

THINGS = {
    "stock": ("supply", "item"), "dispatch": ("supply", "item"), "provider": ("", "need"), "offer": ("", "need"), "absence": ("place", "place"),
    "complaint": ("complaint", "number"), "answer": ("complaint", "number"), "closure": ("place", "area"),
}  # fmt: skip
"""Kinds whose records are about no person: they have no subject, and in place of an alias the token of one of their fields, of the sort that is
given; without a sort the name of the kind of need."""

_ENVELOPE = {"id", "retracted", "causes", "source", "record", "alias", "companion_of", "sealed", "age_band"}
"""Fields of a record that no source maps: a band of ages follows from what the person map finds."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

As = Literal["text", "code", "port", "time", "region", "number", "count", "symptoms", "word", "words", "scales", "token", "household"]

TOKENS = frozenset({"token", "household"})
"""What of a record becomes a token, besides the handles of people; when the secret of tokens is renewed these are renamed."""


def _short(rule: Any) -> Any:
    return {"path": rule} if isinstance(rule, str | list) else rule


class Rule(Model):
    """How one field of the record is found in what the source sent.

    In YAML a bare path stands for `{path: ...}`, and a list of paths for the first of them that holds something.
    """

    path: str | list[str] = Field(default_factory=list, description="Dotted path, or several of which the first that holds something counts.")
    const: str | None = Field(default=None, description="The value itself, where the source does not send it.")
    as_: As = Field(
        default="text",
        alias="as",
        description="Sort: text, code, port (a place of the register at the border), time, region, number, count (whole), symptoms, word of `words`, "
        "words (several of `words`), scales (a judgement on the questionnaires at the paths, by the policy), token (a pseudonym), household (its token).",
    )
    words: dict[str, str] = Field(default_factory=dict, description="For word: our word for each of the source's; '' for an empty field.")
    optional: bool = Field(default=False, description="Whether it may be missing.")

    @property
    def paths(self) -> list[str]:
        """All paths, in order."""
        return [self.path] if isinstance(self.path, str) else self.path


Short = Annotated[Rule, BeforeValidator(_short)]


SEXES: dict[str, Literal["male", "female", ""]] = {
    "男": "male", "男性": "male", "male": "male", "m": "male", "1": "male", "女": "female", "女性": "female", "female": "female", "f": "female", "2": "female",
    "未知": "", "不详": "", "unknown": "", "0": "", "9": "",
}  # fmt: skip
"""How most sources write a sex, in any case of letters: words, letters, and the digits of GB/T 2261.1 (0 not known, 9 not said)."""


class PersonMap(Model):
    """Where the handles of a person are, and what else tells one person from another."""

    name: str | None = None
    phone: str | None = None
    document: str | None = None
    document_kind: str | None = Field(default=None, description="Path of the kind of document; unset: a resident identity card.")
    document_words: dict[str, str] = Field(default_factory=dict, description="Our kind for each of the source's: resident, passport, border-certificate, none.")
    document_checked: bool = Field(
        default=True,
        description="Whether resident numbers are read by a machine or checked; false where people type them: a check digit that does not fit is mistyped.",
    )
    nationality: str | None = Field(default=None, description="Path of the country of the person and of a foreign document (ISO 3166-1 alpha-2); unset: CN.")
    account: str | None = None
    account_in: str = Field(default="", description="Which app the account is of.")
    patient: str | None = Field(default=None, description="Path of a patient number.")
    patient_of: str | None = Field(default=None, description="Path of the facility that gave the patient number.")
    case: list[str] = Field(default_factory=list, description="Paths that together identify a published case.")
    alias: str | None = Field(
        default=None, description="Path of a key under which the bus told of the person, as a task does; it counts only of who has no other handle."
    )
    sex: str | None = Field(default=None, description="Path of the sex.")
    sex_words: dict[str, Literal["male", "female", ""]] = Field(default=SEXES, description="male, female, or '' (not known) for each of the source's words.")
    born: str | None = Field(default=None, description="Path of the date of birth in the Gregorian calendar: whole, or a month, or a year.")
    age: str | None = Field(default=None, description="Path of the age at the time of the record, in whole years, or of infants in months or days.")
    home: str | None = Field(default=None, description="Path of the division code of residence.")
    address: str | None = Field(default=None, description="Path of what an address says beside the division code.")
    household: str | None = Field(default=None, description="Path of the number of the household.")
    household_in: str = Field(default="", description="Whose numbering that is: sources with one word here number the same households alike.")

    @model_validator(mode="after")
    def _numbered(self) -> PersonMap:
        if self.household and not self.household_in:
            raise ValueError("a household number needs household_in: whose numbering it is")
        return self


class VersionMap(Model):
    """Where a record's version is; unset means that the source never corrects."""

    path: str
    as_: Literal["number", "time"] = Field(default="number", alias="as")


class RetractMap(Model):
    """How a record says that it takes itself back. A word that is in neither list is refused, so that no retraction is overlooked."""

    path: str
    words: list[str] = Field(min_length=1, description="Words that take it back.")
    stands: list[str] = Field(default_factory=list, description="Words that let it stand; an empty field does so too.")

    def read(self, fields: Mapping[str, Any]) -> bool:
        """Whether the record takes itself back; raises ValueError for a word that is not known."""
        said = _folded(text(fields, self.path))
        if said in map(_folded, self.words):
            return True
        if said and said not in map(_folded, self.stands):
            raise ValueError(f"expected one of {', '.join([*self.words, *self.stands])}, or nothing")
        return False


class GroupMap(Model):
    """How a CSV row says that it is the first of several which together are one item."""

    path: str
    word: str


class Example(Model):
    """An invented record and what becomes of it: some fields of the record fact, or the fields that are refused, or that it takes itself back."""

    given: dict[str, Any]
    gives: dict[str, Any] | None = None
    refuses: list[str] | None = None
    retracts: Literal[True] | None = None

    @model_validator(mode="after")
    def _one(self) -> Example:
        if sum(one is not None for one in (self.gives, self.refuses, self.retracts)) != 1:
            raise ValueError("an example has one of `gives`, `refuses` and `retracts`")
        return self


class Unidentified(Exception):
    """The record's identity, its version, or whether it takes itself back is missing or unusable; `reasons` says in which fields."""

    def __init__(self, reasons: list[Reason]) -> None:
        """Take the reasons."""
        super().__init__("; ".join(f"{reason.field}: {reason.problem}" for reason in reasons))
        self.reasons = reasons


class Source(Model):
    """A system that publishes."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,40}$")] = Field(description="Name, as the file is called.")
    says: str = Field(description="What a record of it says, in one sentence.")
    says_zh: str = Field(description="The same in Chinese.")
    owner: str = Field(description="Who answers for it.")
    purpose: str = Field(description="Why it is collected.")
    kind: str = Field(description="Kind of record that it gives.")
    zone: str = Field(default="Asia/Shanghai", description="Time zone of times without one.")
    backlog: int | None = Field(default=None, ge=1, description="Messages that may wait for a stage before no more are taken in. Unset: the setting `backlog`.")
    header: int = Field(default=1, ge=1, description="For CSV: the line that holds the column names.")
    group: GroupMap | None = Field(default=None, description="For CSV: rows from a first one to before the next are one item, {rows: [...]}.")
    split: str | None = Field(default=None, description="'module:function' that makes several records of one decoded item.")
    derive: str | None = Field(
        default=None, description="'module:function' that reads further fields out of a record's text. Normalise calls it: a wrong rule is mended by replaying."
    )
    id: list[str] = Field(min_length=1, description="Paths whose values identify a record at the source.")
    version: VersionMap | None = None
    retracts: RetractMap | None = None
    subject: PersonMap = Field(default=PersonMap(), description="The person that the record is about; none for kinds about no person.")
    companions: str | None = Field(default=None, description="Path of a list of further persons.")
    companion: PersonMap = Field(default=PersonMap(), description="Where the handles of each companion are, from the item of the list.")
    map: dict[str, Short] = Field(description="How each field of the record is found.")
    examples: list[Example] = Field(min_length=1)

    @field_validator("zone")
    @classmethod
    def _is_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError):
            raise ValueError("expected a time zone such as Asia/Shanghai") from None
        return zone

    @field_validator("split")
    @classmethod
    def _is_function(cls, split: str | None) -> str | None:
        if split is not None:
            _function(split)
        return split

    @model_validator(mode="after")
    def _known(self) -> Source:
        if self.kind not in KINDS:
            raise ValueError(f"kind {self.kind} is not one of {', '.join(KINDS)}")
        fields = {name: field for name, field in KINDS[self.kind].model_fields.items() if name not in _ENVELOPE}
        if self.kind in THINGS and self.subject != PersonMap():
            raise ValueError(f"a {self.kind} is about no person: take out `subject`")
        if self.kind not in THINGS and self.subject == PersonMap():
            raise ValueError("subject does not say how the person is found")
        if unknown := set(self.map) - set(fields):
            raise ValueError(f"map names {', '.join(sorted(unknown))}, which a {self.kind} does not have")
        if missing := {name for name, field in fields.items() if field.is_required()} - set(self.map):
            raise ValueError(f"map does not name {', '.join(sorted(missing))}, which a {self.kind} must have")
        for name, rule in self.map.items():
            for value in [*rule.words.values(), *([rule.const] if rule.const is not None else [])]:
                _fitting(name, fields[name].annotation, [value] if rule.as_ == "words" else value)
            if rule.as_ == "household" and not self.subject.household_in:
                raise ValueError(f"map.{name} is a household: subject.household_in has to say whose numbering it is")
        return self

    def items(self, item: dict[str, Any]) -> list[dict[str, Any]]:
        """The records in one decoded item: itself, or what the source's own function makes of it."""
        if self.split is None:
            return [item]
        found: list[dict[str, Any]] = _function(self.split)(item)
        return found

    def derived(self, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """The fields with those that the source's own function reads out of them."""
        return fields if self.derive is None else {**fields, **_function(self.derive)(fields)}

    def identify(self, fields: Mapping[str, Any], keys: Keys) -> tuple[str, int, bool]:
        """Token, version, and whether the record takes itself back; raises Unidentified."""
        parts = {path: text(fields, path) for path in self.id}
        reasons = [Reason(field=path, problem="missing; it identifies the record") for path, part in parts.items() if not part]
        version = 1
        if self.version:
            try:
                version = _version(text(fields, self.version.path), self.version.as_, self.zone)
            except ValueError as error:
                reasons.append(Reason(field=self.version.path, problem=str(error)))
        retracts = False
        if self.retracts:
            try:
                retracts = self.retracts.read(fields)
            except ValueError as error:
                reasons.append(Reason(field=self.retracts.path, problem=str(error)))
        if reasons:
            raise Unidentified(reasons)
        return keys.token("record", self.name, *parts.values()), version, retracts


def find(fields: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path, or None; a key that itself holds the dots comes first."""
    if path in fields:
        return fields[path]
    if "." not in path:
        return None
    head, _, rest = path.partition(".")
    inner = fields.get(head)
    return find(inner, rest) if rest and isinstance(inner, Mapping) else None


def text(fields: Mapping[str, Any], path: str) -> str:
    """The value at a path as text without spaces around it; '' for what is missing, null, or not a single value; true and false as JSON writes them."""
    value = find(fields, path)
    if type(value) is str:  # nearly every value is, so this comes first
        return value.strip()
    if value is None or isinstance(value, list | Mapping):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value).strip()


def _function(name: str) -> Callable[..., Any]:
    """The function that 'module:function' names; raises ValueError."""
    module, _, function = name.partition(":")
    try:
        found: Callable[..., Any] = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError, ValueError):
        raise ValueError("expected module:function, of a module that is there") from None
    return found


def _fitting(name: str, annotation: Any, value: str | list[str]) -> None:
    try:
        TypeAdapter(annotation).validate_python(value)
    except ValidationError as error:
        raise ValueError(f"map.{name} gives {value!r}: {error.errors()[0]['msg']}") from None


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKC", word).strip().casefold()


def _version(value: str, as_: str, zone: str) -> int:
    if as_ == "number":
        if not re.fullmatch(r"[0-9]{1,18}", value):
            raise ValueError("expected a whole number of at most 18 digits as the record's version")
        return int(value)
    if re.fullmatch(r"[0-9]{10}|[0-9]{13}", value):
        return int(value) * (1000 if len(value) == 10 else 1)
    padded = re.sub(r"(?<![0-9.])[0-9](?![0-9])", r"0\g<0>", value.replace("/", "-"))
    try:
        if not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ]|$)", padded):
            raise ValueError
        moment = datetime.fromisoformat(padded)
    except ValueError:
        raise ValueError("expected a time such as 2020-02-03T08:30:00 or 2020/2/3 8:30 as the record's version") from None
    return ((moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))) - _EPOCH) // timedelta(milliseconds=1)
