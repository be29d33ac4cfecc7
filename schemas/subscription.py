"""What an agency's file may ask for besides linked cases: facts of a topic that are about regions or places, and about no person."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints, model_validator

from schemas.models.bulletin import COUNTS, OFFERS
from schemas.models.fact import Millis, Model

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,40}$")]
Region = Annotated[str, StringConstraints(pattern=r"^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12}|\d{15})$")]
_ZONE = ZoneInfo("Asia/Shanghai")


class Subscription(Model):
    """Facts of one topic that the agency is told for one purpose, as they are asserted, corrected and taken back."""

    topic: str = Field(description="Which topic: notice.public, signal, statistic, supply or dispatch.")
    purpose: Name = Field(description="One of the purposes of this agency, whose legal basis it has.")
    regions: list[Region] = Field(
        default_factory=list,
        description="Division codes of what is asked for, with all that lies in them; unset means the agency's own region or facility. A notice also of what "
        "they lie in, whose public they are part of. Counts without `small_counts` of just these divisions, none of which may lie in another.",
    )
    fields: list[str] = Field(default_factory=list, description="Fields of the bulletin that are told; unset means the least that says what it is about.")
    until: date | None = Field(default=None, description="The last day in Asia/Shanghai on which it is told; then all of it is taken back. Unset: none.")
    small_counts: Annotated[str, StringConstraints(min_length=8)] | None = Field(
        default=None,
        description="Why counts are needed as they are, in a sentence. Unset: no small count is told, nor what gives one away, and others as at least so many.",
    )

    @property
    def asked(self) -> tuple[str, ...]:
        """The fields that are told."""
        return tuple(self.fields) or OFFERS[self.topic].least

    @property
    def ends(self) -> Millis | None:
        """The end of its last day, UTC milliseconds."""
        return None if self.until is None else int(datetime.combine(self.until + timedelta(days=1), time(), _ZONE).timestamp() * 1000) - 1

    @property
    def coarse(self) -> bool:
        """Whether it is of counts that are not told as they are."""
        return self.topic in COUNTS and self.small_counts is None

    @model_validator(mode="after")
    def _offered(self) -> Subscription:
        if self.topic not in OFFERS:
            raise ValueError(f"topic: agencies are told of {', '.join(OFFERS)}, and not of {self.topic}")
        if strange := sorted(set(self.fields) - set(OFFERS[self.topic].fields)):
            raise ValueError(f"fields: {self.topic} has no {', '.join(strange)}; it has {', '.join(OFFERS[self.topic].fields)}")
        if self.coarse and "observed" in self.fields:
            raise ValueError("fields: observed is a count as it is: say under small_counts why it is needed, or leave it out")
        if self.small_counts and self.topic not in COUNTS:
            raise ValueError(f"small_counts: {self.topic} counts nobody")
        return self

    @model_validator(mode="after")
    def _apart(self) -> Subscription:
        nested = [(one, other) for one in self.regions for other in self.regions if one != other and other.startswith(one)]
        if nested and self.topic == "statistic" and self.coarse:
            one, other = nested[0]
            raise ValueError(f"regions: {other} lies in {one}: from the counts of both, small ones of the rest follow; name one of them")
        return self
