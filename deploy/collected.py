"""What may not be collected is refused before it is on the bus: the levels in force, held against the place and moment of each record that comes in.

Only sources of kinds that the policy names in `collect` are concerned. A record is understood as `normalise` does. One that it would refuse passes, so that
its sender learns every reason. So does a retraction, and a correction, since what it is about may be on the bus: the fold decides about it. A source whose
version is a time does not say which of its records is a correction, and all are held against the levels.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Any, Protocol

from pydantic import BaseModel

from connectors.following import Following
from deploy.bus import Bus
from deploy.levels import TOPIC
from schemas.document import load
from schemas.models.control import LevelInForce
from schemas.models.raw import Raw
from schemas.models.record import Record
from schemas.source import Source
from schemas.tokens import Keys
from streams import levels
from streams.normalise.content import content, entries
from streams.normalise.interpret import Interpreter
from streams.policy import Policy
from streams.standing import standing

_EVERY = 1.0
"""Seconds for which what was read of the levels counts."""
_TIME = 1_000_000_000
"""A version that is as high is a time in seconds or milliseconds, and no count of corrections."""


class Looks(Protocol):
    """What is asked of the broker; `connectors.following.Following` does it."""

    def look(self) -> Sequence[BaseModel]:
        """All messages of `control.level` in order; raises CannotRead."""

    def close(self) -> None:
        """Let go of the connection."""


class Gate:
    """Whether records may be collected; `connectors.transports.gate.Collects` says what whoever brings them in asks. For any thread."""

    def __init__(self, sources: Mapping[str, Source], policy: Policy, keys: Keys, broker: Looks, clock: Callable[[], float] = time.monotonic) -> None:
        """Take the sources with what they say, which kinds may be collected under which level, and who is asked for the levels in force."""
        self._policy, self._broker, self._clock = policy, broker, clock
        self._interpreters = {name: Interpreter(source, keys.unkept()) for name, source in sources.items() if source.kind in policy.collect}
        self._kinds = {name: sources[name].kind for name in self._interpreters}
        self._plans = {name: entries(sources[name], keys) for name in self._interpreters if not sources[name].derive}
        self._facts: list[LevelInForce] = []
        self._lock, self._thread = Lock(), ThreadPoolExecutor(1, "levels")
        self._asked: Future[None] | None = None
        self._at = 0.0

    def concerns(self, source: str) -> bool:
        """Whether the level matters for a source."""
        return source in self._interpreters

    def fresh(self) -> Future[None]:
        """Done when the levels are known as they were at most a second ago; it raises CannotRead when they cannot be."""
        with self._lock:
            old = self._asked is None or (self._asked.done() and (self._asked.exception() is not None or self._clock() - self._at >= _EVERY))
            if self._asked is None or old:
                self._asked = self._thread.submit(self._learn)
            return self._asked

    def refused(self, raw: Raw) -> str:
        """Why a record may not be collected, naming no value of it; '' when it may be, by the levels that were known last."""
        if raw.source not in self._interpreters or raw.retracts or raw.fault or 1 < raw.version < _TIME:
            return ""
        fields = _fields(raw)
        if self._covered(raw.source, fields) or (record := self._understood(raw, fields)) is None:
            return ""
        level, kind = levels.in_force(self._facts, record.region, record.at, self._policy.levels), self._kinds[raw.source]
        if self._policy.collected(level, kind):
            return ""
        return (f"not collected: at its place and time the level was {level}, and records of the kind {kind} are taken from {self._policy.collect[kind]} on; "
                "send it again if such a level has been declared for them")  # fmt: skip

    def close(self) -> None:
        """Ask no more; what is being asked is waited for."""
        self._thread.shutdown()
        self._broker.close()

    def _learn(self) -> None:
        at = self._clock()
        found = standing(TOPIC, (("", fact) for fact in self._broker.look()))
        self._facts = [fact for fact in found.values() if isinstance(fact, LevelInForce)]
        self._at = at

    def _covered(self, source: str, fields: Mapping[str, Any]) -> bool:
        """Whether the place and time alone say that it may be collected: nearly all that comes under a level, and four times as quick as reading all of it."""
        if source not in self._plans:
            return False
        found, _ = content(self._plans[source], fields)
        at, region = found.get("at"), found.get("region")
        return at is not None and self._policy.collected(levels.in_force(self._facts, region, at, self._policy.levels), self._kinds[source])

    def _understood(self, raw: Raw, fields: Mapping[str, Any]) -> Record | None:
        """What the record says, or None where normalise would refuse it."""
        facts, _ = self._interpreters[raw.source](fields, raw.record, raw.version)
        return facts[0].value if facts and isinstance(facts[0].value, Record) else None


def _fields(raw: Raw) -> dict[str, Any]:
    """The record's fields; none of what cannot be decoded, which then cannot be understood."""
    try:
        return dict(raw.fields) if raw.fields is not None else load(raw.body)
    except ValueError:
        return {}


def gate(bus: Bus) -> Gate | None:
    """The gate of a bus; None where all is taken, and the fold alone decides what is used (LIANFANG_COLLECT is hold)."""
    if bus.settings.collect == "hold":
        return None
    following = Following(bus.brokers, bus.codec, bus.settings.namespace, TOPIC)
    return Gate(bus.sources, bus.policy, bus.settings.keys, following)
