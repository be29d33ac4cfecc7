"""Bulletins: what an agency is told of a fact about a region or a place and about no person; and what may be asked of each topic that has such facts."""

from __future__ import annotations

from typing import NamedTuple

from pydantic import Field

from schemas.models.control import Level
from schemas.models.fact import Millis, Model
from schemas.models.notice import NoticeKind
from schemas.models.record import DispatchStep, SupplyItem
from schemas.models.statistic import Measure
from schemas.models.supply import Cover


class Bulletin(Model):
    """The fields of a fact about no person that an agency may see; a field that was not asked for is null."""

    topic: str = Field(description="Topic of the fact.")
    region: str | None = Field(default=None, description="Division code, of a notice also the code of a country.")
    place: str | None = Field(default=None, description="Code of the place; of a dispatch that which gives.")
    kind: NoticeKind | None = Field(default=None, description="What a notice is about.")
    template: str | None = Field(default=None, description="Name and version of the text of a notice, such as `place/1`.")
    level: Level | None = Field(default=None, description="The level that is in force or has ended.")
    until: Millis | None = Field(default=None, description="Until when what a notice tells of holds, the end excluded: UTC milliseconds.")
    measure: Measure | None = Field(default=None, description="By what is counted.")
    value: str | None = Field(default=None, description="The word under which is counted.")
    day: str | None = Field(default=None, description="The day in Asia/Shanghai, as 2020-01-22; '' for what is of no day.")
    count: int | None = Field(default=None, description="How many; to who is not told small counts at least so many, a multiple of the smallest that leaves.")
    observed: int | None = Field(default=None, description="How many people a signal is of.")
    item: SupplyItem | None = Field(default=None, description="Which item.")
    on_hand: int | None = Field(default=None, description="Units that the place has.")
    use_per_day: float | None = Field(default=None, description="Mean use: units a day.")
    cover: float | None = Field(default=None, description="Days for which that is enough, from the latest report on.")
    short_on: Millis | None = Field(default=None, description="When it runs out: UTC milliseconds.")
    state: Cover | None = Field(default=None, description="Whether that is enough by the latest tick.")
    coming: int | None = Field(default=None, description="Units that were sent there and not received yet.")
    to_get: int | None = Field(default=None, description="Units that are promised to it and not sent.")
    to_give: int | None = Field(default=None, description="Units that it has promised and not sent.")
    number: str | None = Field(default=None, description="Number of the dispatch.")
    to: str | None = Field(default=None, description="Code of the place that gets it.")
    quantity: int | None = Field(default=None, description="Units by the furthest step of a dispatch.")
    step: DispatchStep | None = Field(default=None, description="The furthest step of a dispatch.")


class Offer(NamedTuple):
    """What may be asked of a topic: fields that are told when none are named, and those that are told when they are named."""

    least: tuple[str, ...]
    more: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """All of them."""
        return self.least + self.more


OFFERS = {
    "notice.public": Offer(("kind", "region", "place", "level", "until"), ("template",)),
    "signal": Offer(("region", "measure", "value", "day"), ("observed",)),
    "statistic": Offer(("region", "measure", "value", "day", "count")),
    "supply": Offer(("place", "item", "region", "state"), ("on_hand", "use_per_day", "cover", "short_on", "coming", "to_get", "to_give")),
    "dispatch": Offer(("number", "item", "place", "to", "step"), ("quantity",)),
}
"""By topic. Staff codes, causes and sentences with counts in them are of no agency's business."""
COUNTS = ("signal", "statistic")
"""Topics whose facts are counts of people, of which small ones are kept back."""
