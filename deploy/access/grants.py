"""What each principal may do, from the contract alone; pure. Whatever is not granted here is refused by the broker.

Reading or writing includes describing, as Kafka has it. Nobody but the administrator may create, alter or delete anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from deploy.access import roles
from schemas.agency import Agency, Webhook
from schemas.topics import Topic
from streams.stage import Stage

Line = tuple[str, str, str, str, bool]
_CLOSED = ("state.", "audit.order")
"""What operators do not read, although they may read every topic: what only its writer understands."""
_FIXED = {"deliver": roles.DELIVER, "clock": roles.CLOCK, "carry": roles.CARRY, "log": roles.LOG, "stewards": roles.STEWARD, "operators": roles.OPERATOR,
          "subscribers": roles.SUBSCRIBER}  # fmt: skip
_BESIDE: dict[str, tuple[str, ...]] = {
    roles.CLOCK: ("control.tick",),  # not to say a moment twice
    roles.LOG: ("audit.order", "audit.checkpoint"),
    roles.REPLAY: ("reject",),
    roles.CARRY: ("state.normalise",),
    roles.stage("routing"): ("agency.proposal", "agency.approval"),  # whether its agency files were approved, before it starts
}
"""Topics that are read by a role that is no reader of theirs in the contract."""


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """One thing that a principal may do, or with `allow` unset may not; the contract has only things that one may. `prefixed`: on all names that begin so.

    `kind` and `operation` are Kafka's words in small letters, `host` is where the client may be, * for anywhere.
    """

    principal: str
    kind: str
    name: str
    operation: str
    prefixed: bool = False
    host: str = "*"
    allow: bool = True

    def covers(self, other: Grant) -> bool:
        """Whether it is also about what the other is about."""
        if self.kind != other.kind:
            return False
        whole = not self.prefixed and self.name == "*"
        within = (self.prefixed and other.name.startswith(self.name)) or (other.prefixed and self.name.startswith(other.name))
        return whole or within or self.name == other.name


@dataclass(frozen=True, slots=True)
class Parts:
    """What grants follow from; topics, sources and agencies by name."""

    namespace: str
    topics: Mapping[str, Topic]
    sources: Iterable[str]
    agencies: Mapping[str, Agency]
    stages: tuple[Stage, ...]

    def principals(self) -> list[str]:
        """Every principal but the administrator."""
        fixed = (*_FIXED.values(), roles.INTAKE, roles.REPLAY)
        made = [*map(roles.source, self.sources), *(roles.stage(one.name) for one in self.stages), *map(roles.agency, self.agencies), *fixed]
        return [self.namespace + role for role in made]

    def grants(self) -> set[Grant]:
        """Everything that any principal may do."""
        return {
            Grant(self.namespace + role, kind, self.namespace + name, operation, prefixed)
            for role, kind, name, operation, prefixed in (*self._topics(), *self._groups(), *self._waits())
        }

    def _topics(self) -> Iterator[Line]:
        for name, topic in self.topics.items():
            yield from ((role, "topic", name, "write", False) for role in self._roles(name, topic.writer))
            yield from ((role, "topic", name, "read", False) for word in topic.readers for role in self._roles(name, word))
            if not name.startswith(_CLOSED):
                yield roles.OPERATOR, "topic", name, "read", False
            if name.startswith("raw."):
                yield roles.REPLAY, "topic", name, "read", False
        for role in (roles.INTAKE, *map(roles.source, self.sources)):
            yield role, "topic", "control.level", "read", False  # what may be collected
        for role, names in _BESIDE.items():
            yield from ((role, "topic", name, "read", False) for name in names)

    def _roles(self, topic: str, word: str) -> list[str]:
        """The roles that a word of the contract means, for one topic."""
        own = topic.partition(".")[2]
        stages = [one.name for one in self.stages]
        if word == "connectors":
            return [roles.source(own), roles.INTAKE, roles.REPLAY]
        if word == "the agency":
            return [roles.agency(own)]
        if word == "the stage":
            return [roles.stage(own)]
        if word == "deliver" and topic.startswith("deliver."):
            return [roles.DELIVER] if isinstance(self.agencies[own].deliver, Webhook) else []
        if word == "workers":
            return [roles.stage("routing")]
        if word == "stages":
            return [roles.stage(name) for name in stages]
        return [roles.stage(word)] if word in stages else [_FIXED[word]]

    def _groups(self) -> Iterator[Line]:
        for one in self.stages:
            yield roles.stage(one.name), "group", f"lianfang.{one.name}", "read", False
            yield roles.stage(one.name), "transactional_id", f"lianfang.{one.name}.", "write", True
        yield roles.LOG, "transactional_id", "lianfang.log", "write", False
        yield roles.CARRY, "group", "lianfang.carry", "read", False
        for name, agency in self.agencies.items():
            if isinstance(agency.deliver, Webhook):
                yield roles.DELIVER, "group", f"lianfang.deliver.{name}", "read", False
            yield roles.agency(name), "group", f"agency.{name}.", "read", True
        yield roles.SUBSCRIBER, "group", "subscriber.", "read", True

    def _waits(self) -> Iterator[Line]:
        """How far each stage has read: whoever takes records in waits while too many wait."""
        inputs = {topic for one in self.stages for topic in one.inputs}
        for role in (roles.INTAKE, *map(roles.source, self.sources)):
            yield from ((role, "group", f"lianfang.{one.name}", "describe", False) for one in self.stages)
            yield from ((role, "topic", name, "describe", False) for name in sorted(inputs))
