"""The policy file, read and checked: every window and threshold that decides what is linked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from schemas import yamls
from schemas.models.case import Role, Status, What
from schemas.models.control import Level
from schemas.models.fact import Millis
from schemas.models.need import Urgency
from schemas.models.record import MeasureKind, Medicine, Papers, Work
from schemas.models.statistic import Measure, Statistic
from schemas.source import KINDS
from schemas.vocabulary import vocabulary
from streams.ages import Bands
from streams.spans import Day, Duration

_DIGITS = {"community": 12, "township": 9, "county": 6, "prefecture": 4, "province": 2}
"""How long the code of a division is (GB/T 2260, GB/T 10114)."""
_RANKS = list(Level)
"""From peace to emergency."""


class RiskArea(BaseModel):
    """A division, or a country by its ISO 3166-1 code, where people could catch the disease, from `since` to `until` (midnight UTC, `until` excluded).

    Those that are declared later are facts of `control.area`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    region: str
    since: Day
    until: Day


class Allowed(BaseModel):
    """What a level allows: how many rounds of contacts are traced (0: nobody is), and how long it can last at once; peace has no end.

    `keep` says which kinds of records are kept for a shorter time than elsewhere when they are of its time and place.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    depth: int = Field(ge=0, le=3)
    longest: Duration | None = None
    keep: dict[str, Duration] = Field(default_factory=dict)
    source: str = Field(min_length=8)


WARRANTS = {
    What.SUSPECTED: Role.CASE, What.PROBABLE: Role.CASE, What.POSITIVE: Role.CASE, What.CONFIRMED: Role.CASE, What.PUBLISHED: Role.CASE,
    What.CONTACT: Role.CONTACT, What.RETURNED: Role.RETURNEE,
}  # fmt: skip
"""The evidence for which a measure may be put on a person, and the reason that it is. Nothing else warrants any."""


class FeverSignal(BaseModel):
    """What signs weigh, by symptom or category of medicine; how much is a signal; and after how long without a sign a new episode begins."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    weights: dict[str, int] = Field(min_length=1)
    least: int = Field(ge=1)
    gap: Duration

    @field_validator("weights")
    @classmethod
    def _known(cls, weights: dict[str, int]) -> dict[str, int]:
        if unknown := sorted(set(weights) - {*vocabulary("symptoms"), *Medicine}):
            raise ValueError(f"fever_signal weighs {', '.join(unknown)}, which is neither a symptom of the vocabulary nor a category of medicine")
        return weights


class Measured(BaseModel):
    """A measure: the longest for which it can be asked at once, and by evidence how long after its end the measure may last."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    longest: Duration
    warrants: dict[What, Duration] = Field(min_length=1)
    source: str = Field(min_length=8)

    @model_validator(mode="after")
    def _epidemiological(self) -> Self:
        if others := sorted(set(self.warrants) - set(WARRANTS)):
            raise ValueError(f"measures names {', '.join(others)}, which is no epidemiological evidence: one of {', '.join(WARRANTS)}")
        return self


class Term(BaseModel):
    """How long a person is apart: first at a site, then at home."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    site: Duration = 0
    home: Duration = 0


class Edition(BaseModel):
    """An edition of the plan, in force from `since` (midnight UTC) until the next; who is not in `days` is not isolated."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    edition: str = Field(min_length=1)
    since: Day
    days: dict[Role, Term]
    source: str = Field(min_length=8)


class Breaches(BaseModel):
    """Who is somewhere else than where to isolate: how long after being told a person may be on the way, and the places that are part of isolating."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    way: Duration
    places: list[str] = Field(description="Beginnings of the codes of places.")


class Refusals(BaseModel):
    """How many refused measures of one official within one hour of event time raise no alert."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    allowed: int = Field(ge=0)


class Escalation(BaseModel):
    """To whom an overdue task goes: the level of the tree of divisions, and how long after it was due."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    level: Literal["community", "township", "county", "prefecture", "province"]
    after: Duration

    def of(self, region: str | None) -> str | None:
        """The division code of that level over a region, or the region itself where it is less precise."""
        return region[: _DIGITS[self.level]] if region else None


class Notices(BaseModel):
    """By when a notice to a resident is to be confirmed, how long ends are told, and which kinds of places the public is told of."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    confirm: Duration
    over: Duration = Field(description="How long a resident is told that the observation is over.")
    ended: Duration = Field(description="How long the public is told that a level has ended.")
    places: list[str] = Field(description="Kinds of places, in the words of vocabulary/places.yaml.")

    @field_validator("places")
    @classmethod
    def _known(cls, places: list[str]) -> list[str]:
        if strange := sorted(set(places) - set(vocabulary("places").values())):
            raise ValueError(f"notices names {', '.join(strange)}, which are no kinds of places; kinds are {', '.join(vocabulary('places').values())}")
        return places


class Gamma(BaseModel):
    """A gamma distribution of days, moved `shift` days back."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    shape: float = Field(gt=0)
    rate: float = Field(gt=0)
    shift: float = Field(ge=0)


class LogNormal(BaseModel):
    """A log-normal distribution of days."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    meanlog: float
    sdlog: float = Field(gt=0)


class Transmission(BaseModel):
    """When a case infects, counted from falling ill; when the infected fall ill; and the weight of a source that the bus does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    infectious: Gamma
    incubation: LogNormal
    unseen: float = Field(gt=0, lt=1)


class Warn(BaseModel):
    """What is watched, and what is too many."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    levels: list[Literal["community", "township", "county", "prefecture", "province"]] = Field(min_length=1)
    measures: list[Literal[Measure.REPORT, Measure.SYMPTOM, Measure.ABSENCE]] = Field(min_length=1)
    least: int = Field(ge=1, description="How many people a signal needs at least.")
    least_absent: int = Field(ge=1, description="How many who are missing because of illness a signal of absence needs at least.")
    deviations: float = Field(gt=0, description="Of C1 and C2: by how many standard deviations more.")
    smallest_deviation: float = Field(gt=0, description="The smallest standard deviation that is believed.")
    sum_of_three: float = Field(gt=0, description="Of C3: the sum over three days of what is over one standard deviation.")
    rare: float = Field(gt=0, lt=0.5, description="Of the negative binomial: the probability of more.")
    usual_days: int = Field(ge=1, le=7, description="On how many of seven days who reports daily does.")
    silent_days: int = Field(ge=1, description="After how many whole days without any report a facility is silent.")

    def needs(self, measure: Measure) -> int:
        """How many a signal needs at least."""
        return self.least_absent if measure is Measure.ABSENCE else self.least

    def watches(self, one: Statistic) -> bool:
        """Whether a count is one of those that are watched."""
        return one.measure in self.measures and len(one.region) in {_DIGITS[level] for level in self.levels}


class Supplies(BaseModel):
    """When supplies are too few, and how far they are evened out."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    lead: Duration = Field(description="How long a delivery takes: what runs out within it is warned of.")
    window: Duration = Field(gt=0, description="How far before the latest report others count for the use per day.")
    target: Duration = Field(description="The cover up to which a place is given, and below which it gives nothing.")

    @model_validator(mode="after")
    def _target_is_longer(self) -> Self:
        if self.target <= self.lead:
            raise ValueError("supplies: target is not longer than lead; a place with its target would be warned of")
        return self


class Needs(BaseModel):
    """How long a provider has to answer by how long the need can wait, and which reports of one person are one need."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    answer: dict[Urgency, Duration]
    same: Duration = Field(description="Reports of a person and kind with no longer between them are one need.")

    @model_validator(mode="after")
    def _every_urgency(self) -> Self:
        if missing := [one for one in Urgency if not self.answer.get(one)]:
            raise ValueError(f"needs does not say by when a provider answers, or says at once: {', '.join(missing)}")
        return self


class Scale(BaseModel):
    """A questionnaire: how many items it has, each answered by 0 to 3, from which sum on support is offered, and the item that suffices alone from 1 on."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    items: int = Field(ge=1, le=50)
    offer: int = Field(ge=1)
    alone: int | None = None

    def offers(self, answers: Sequence[int]) -> bool:
        """Whether these answers ask for an offer of support."""
        return sum(answers) >= self.offer or (self.alone is not None and answers[self.alone - 1] > 0)


class Screenings(BaseModel):
    """Psychological screening of who isolates: how often it is due, in which regions, and how each questionnaire is judged."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    every: Duration
    regions: list[str] = Field(description="Division codes, or beginnings of them, where support can be had, and so screening is due.")
    scales: dict[str, Scale]


class Crossings(BaseModel):
    """How many crossings of one person of whom no name is known, within how long, ask who it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    often: int = Field(ge=2)
    window: Duration = Field(gt=0)


class Policy(BaseModel):
    """All durations in milliseconds; what each means and where it is from stands in policy.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    assumed_stay: Duration
    longest_stay: Duration
    longest_step: Duration
    lingering: Duration
    before_onset: Duration
    infectious_after: Duration
    tracing_statuses: list[Status]
    depth: int = Field(ge=1, le=3)
    return_window: Duration
    fever: float = Field(gt=36, lt=42)
    fever_signal: FeverSignal
    ruled_out_after: Duration
    transmission: Transmission
    risk_areas: list[RiskArea]
    longest_area: Duration
    tasks: dict[Work, Duration]
    watch: Duration
    testing: list[str] = Field(description="Beginnings of the codes of facilities that can test.")
    escalation: list[Escalation] = Field(min_length=1)
    signals: Warn
    age_bands: Bands = Field(description="The ages in completed years with which the bands begin in which cases are counted.")
    smallest_count: int = Field(ge=2, description="The smallest count of people that leaves the bus.")
    keep: dict[str, Duration]
    collect: dict[str, Level] = Field(default_factory=dict, description="From which level on a kind of records may be collected; others are in peace too.")
    remember: Duration
    levels: dict[Level, Allowed]
    officials: list[str] = Field(description="Beginnings of the staff codes of those who may ask for measures on people.")
    measures: dict[MeasureKind, Measured]
    refusals: Refusals
    isolation: list[Edition] = Field(min_length=1)
    notices: Notices
    supplies: Supplies
    complaints: dict[Literal["accept", "conclude"], Duration]
    closing: list[Level]
    stays: dict[Papers, Duration]
    crossings: Crossings
    needs: Needs
    breaches: Breaches
    screening: Screenings

    @model_validator(mode="after")
    def _longest_is_longest(self) -> Self:
        if self.assumed_stay > self.longest_stay:
            raise ValueError("assumed_stay is longer than longest_stay; contacts are looked for no further back than longest_stay")
        return self

    @model_validator(mode="after")
    def _every_task_is_due(self) -> Self:
        if missing := set(Work) - set(self.tasks):
            raise ValueError(f"tasks does not say by when {', '.join(sorted(missing))} is due")
        if not min(self.tasks.values()):
            raise ValueError("a task is due at once; it takes at least a minute")
        waits = [one.after for one in self.escalation]
        if waits != sorted(set(waits)):
            raise ValueError("escalation is not in the order of time")
        return self

    @model_validator(mode="after")
    def _kept_long_enough(self) -> Self:
        if unknown := set(self.keep) - set(KINDS):
            raise ValueError(f"keep names {', '.join(sorted(unknown))}, which are no kinds of records")
        if unknown := {*self.collect, *(kind for allowed in self.levels.values() for kind in allowed.keep)} - set(KINDS):
            raise ValueError(f"collect or levels names {', '.join(sorted(unknown))}, which are no kinds of records")
        if self.remember < max(self.keep.values(), default=0):
            raise ValueError("remember is shorter than records are kept: one that comes again would be taken for another")
        return self

    @model_validator(mode="after")
    def _every_measure(self) -> Self:
        if missing := set(MeasureKind) - set(self.measures):
            raise ValueError(f"measures does not say what warrants {', '.join(sorted(missing))}")
        return self

    @model_validator(mode="after")
    def _editions_follow(self) -> Self:
        dates = [one.since for one in self.isolation]
        if dates != sorted(set(dates)):
            raise ValueError("isolation: editions are not in the order of the days from which they are in force")
        return self

    @model_validator(mode="after")
    def _every_level(self) -> Self:
        if missing := [level for level in Level if level not in self.levels]:
            raise ValueError(f"levels does not say what {', '.join(missing)} allows")
        if endless := [level for level, allowed in self.levels.items() if (allowed.longest is None) != (level is Level.PEACE)]:
            raise ValueError(f"levels gives no longest time, or one to peace: {', '.join(endless)}")
        if not self.levels[Level.PEACE].depth <= self.levels[Level.ALERT].depth <= self.levels[Level.EMERGENCY].depth:
            raise ValueError("levels allows less tracing at a higher level than at a lower one")
        return self

    @property
    def longest_presence(self) -> int:
        """The longest that a presence can last."""
        return max(self.longest_stay, self.longest_step)

    def kept(self, level: Level) -> dict[str, int]:
        """How long records of a time and place with this level are kept by kind, milliseconds; those that are not named, for ever."""
        shorter = self.levels[level].keep
        return {kind: min(days for days in (self.keep.get(kind), shorter.get(kind)) if days is not None) for kind in self.keep | shorter}

    def collected(self, level: Level, kind: str) -> bool:
        """Whether records of a kind may be collected under a level."""
        return _RANKS.index(level) >= _RANKS.index(self.collect.get(kind, Level.PEACE))

    def everywhere(self, level: Level) -> Self:
        """The policy under which a level is in force everywhere and always: for trials without a bus on which somebody could declare it."""
        higher = {kind: lowest for kind, lowest in self.collect.items() if not self.collected(level, kind)}
        return self.model_copy(update={"levels": self.levels | {Level.PEACE: self.levels[level].model_copy(update={"longest": None})}, "collect": higher})

    def risky(self, region: str | None, start: Millis, end: Millis) -> bool:
        """Whether the region lies in an area that was a risk area at some moment from start to end."""
        return region is not None and any(region.startswith(area.region) and start < area.until and end >= area.since for area in self.risk_areas)


@cache
def load(path: Path | None = None) -> Policy:
    """The policy of a file, or the shipped one; raises ValueError naming the entry that is wrong or has no source."""
    text = path.read_text("utf-8") if path else files("streams").joinpath("policy.yaml").read_text("utf-8")
    entries: dict[str, dict[str, Any]] = yamls.read(text)
    unsourced = [name for name, entry in entries.items() if not entry.get("source")]
    if unsourced:
        raise ValueError(f"policy entries without a source: {', '.join(unsourced)}")
    return Policy.model_validate({name: entry["value"] for name, entry in entries.items()})
