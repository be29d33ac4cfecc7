"""Records through the real stages `profiles`, `pairs` and `links` in memory, one at a time, in an order that is drawn."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from deploy.linkage.measure import Pair, grouped, pair
from schemas.models.fact import fact_id
from schemas.models.identity import Doubt, Grade, Link, Match, Mention, Review
from schemas.tokens import Keys
from streams.identity import links, pairs, profiles
from streams.identity.model import Model
from streams.identity.opened import Opened
from streams.identity.records import Record
from streams.identity.spec import Spec
from streams.memory import Bus
from streams.stage import Emit

Tell = Callable[[str], None]
QUIET = 2.0
"""Seconds between two lines of progress."""
_SECRET = b"of tokens and seals that no memory but ours ever holds"
"""The same each time, since one of a thousand links is sampled for a steward by its token: drawn anew, equal records would now and then give another queue."""


class Linked(NamedTuple):
    """What came of the records, all by their ids: the group of each, the pairs that were linked by weight, and the pairs that wait for a steward and why.

    Weights are thousandths of a bit. `seconds` is how long each record took from its mention to all that follows, in the order of arrival.
    """

    group: dict[str, str]
    links: dict[Pair, int]
    reviews: dict[Pair, Doubt]
    seconds: list[float]

    @property
    def per_second(self) -> float:
        """Records a second, of one processor."""
        return len(self.seconds) / sum(self.seconds) if self.seconds else 0.0

    def quantile(self, share: float) -> float:
        """The seconds within which this share of the records was linked."""
        return sorted(self.seconds)[min(len(self.seconds) - 1, int(share * len(self.seconds)))] if self.seconds else 0.0


def link(spec: Spec, model: Model, records: Sequence[Record], seed: int, tell: Tell = lambda _: None) -> Linked:
    """Link records as they come, each an alias of its own; equal seeds give equal orders, and all orders one result.

    Raises BadModel when the model is not of the spec.
    """
    keys = Keys(_SECRET)
    named = {keys.token("record", record.id): record.id for record in records}
    arriving = [_mention(keys, number, record) for number, record in enumerate(sorted(records))]
    random.Random(seed).shuffle(arriving)  # noqa: S311 - an order, no secret
    opened = Opened(spec, keys)
    bus = Bus((profiles.stage(opened), pairs.stage(model, opened), links.stage(opened)))
    return _linked(bus, named, _seconds(bus, arriving, tell))


def _mention(keys: Keys, number: int, record: Record) -> Mention:
    """What normalise writes of a record without any handle. Its moment is its place among the ids, so that it does not tell the order of arrival."""
    alias = keys.token("record", record.id)
    said = {field: values[0] for field, values in record.profile.items()}
    return Mention.of(causes=[fact_id("record", alias)], at=number, alias=alias, source="file", sealed=keys.seal(alias, said))


def _seconds(bus: Bus, arriving: Sequence[Mention], tell: Tell) -> list[float]:
    seconds: list[float] = []
    told = time.perf_counter()
    for mention in arriving:
        began = time.perf_counter()
        bus.publish([Emit("identity.mention", mention.alias, mention)])
        bus.run()
        seconds.append(time.perf_counter() - began)
        if began - told > QUIET:
            told = began
            tell(f"{len(seconds):,} of {len(arriving):,} records linked, {len(seconds) / sum(seconds):,.0f} a second")
    return seconds


def _linked(bus: Bus, named: dict[str, str], seconds: list[float]) -> Linked:
    group = {record: record for record in named.values()}
    for joined in grouped({named[one.alias]: one.person for one in bus.standing("identity.link").values() if isinstance(one, Link)}).values():
        group |= dict.fromkeys(joined, min(joined))  # the key of a person is a token, which says nothing
    found = (one for one in bus.standing("identity.match").values() if isinstance(one, Match) and one.grade is Grade.LINK)
    linked = {pair(named[one.a], named[one.b]): one.weight for one in found}
    waiting = (one for one in bus.standing("identity.review").values() if isinstance(one, Review) and one.a != one.b)
    return Linked(group, linked, {pair(named[one.a], named[one.b]): one.doubt for one in waiting}, seconds)
