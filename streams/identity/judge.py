"""What a pair weighs with the newest model: that of the software, or one that came since."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from schemas.models.identity import Grade
from streams.identity.model import BadModel, Model, load
from streams.identity.opened import Opened
from streams.identity.score import Scorer
from streams.identity.under import Member
from streams.rows import Table
from streams.stage import State, Verdict

TABLE = Table(2, "The newest model that came.", few=True)

_LARGEST = 2**24
"""Bytes of a model file; that of people has some 33,000."""


class Weighed(NamedTuple):
    """What a pair weighs, in thousandths of a bit, with which model, and its grade."""

    weight: int
    model: int
    grade: Grade


Weigh = Callable[[Member, Member], Weighed | None]


class Judge:
    """Weighs pairs."""

    def __init__(self, model: Model, opened: Opened) -> None:
        """Take the model of the software, and what opens profiles."""
        self._spec, self._opened = opened.spec, opened
        self._own = Scorer(opened.spec, model), model.version
        self._scorer = lru_cache(4)(self._unpacked)

    def take(self, data: bytes, version: int, state: State) -> Verdict:
        """Keep a model, compressed, that came, when it is newer than all before it; one of another spec is rejected."""
        if self._scorer(data) is None:
            return Verdict.REJECTED
        if version <= self.newest(state)[1]:
            return Verdict.DUPLICATE
        state.put(TABLE.about("model"), data)
        return Verdict.APPLIED

    def newest(self, state: State) -> tuple[Scorer, int]:
        """The scorer that counts, and the version of its model. A model of another spec, which came before the software was renewed, counts no more."""
        data = state.get(TABLE.about("model"))
        came = self._scorer(data) if data else None
        return max(came, self._own, key=lambda one: one[1]) if came else self._own

    def weigh(self, state: State) -> Weigh:
        """How two profiles are weighed, a pair that shares several keys once; None for a pair that is not worth a steward's look."""
        scorer, version = self.newest(state)
        prepared, compare = self._opened.prepared, self._opened.compare
        link, review = (round(bits * 1000) for bits in (self._spec.link, self._spec.review))
        known: dict[tuple[str, str], Weighed | None] = {}

        def weighed(one: Member, other: Member) -> Weighed | None:
            a, b = prepared(one.alias, one.sealed), prepared(other.alias, other.sealed)
            levels = compare.levels(a, b)
            weight = scorer.weight(levels, a, b)
            if weight < review:
                return None
            sure = weight >= link and not compare.contradiction(levels)
            return Weighed(weight, version, Grade.LINK if sure else Grade.REVIEW)

        def weigh(one: Member, other: Member) -> Weighed | None:
            pair = one.compared, other.compared
            if pair not in known:
                known[pair] = weighed(one, other)
            return known[pair]

        return weigh

    def _unpacked(self, data: bytes) -> tuple[Scorer, int] | None:
        try:
            model = load(zlib.decompressobj().decompress(data, _LARGEST))
            return Scorer(self._spec, model), model.version
        except (zlib.error, ValueError, BadModel):  # no zlib, no model (pydantic's ValidationError is a ValueError), or one of another spec
            return None
