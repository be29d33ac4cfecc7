"""What the level in force at a place lets be collected, kept, linked and released: the policy as people ask for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from schemas.agency import Agency
from schemas.models.case import Role
from schemas.models.control import Level, LevelInForce
from schemas.models.fact import Millis
from schemas.source import KINDS
from streams import levels
from streams.policy import Policy


class Kind(NamedTuple):
    """A kind of records: whether it may be collected, and for how long it is kept, milliseconds; None is for ever."""

    name: str
    collected: bool
    kept: int | None


class Release(NamedTuple):
    """What an agency receives for a purpose: the roles of people, and of them those that nobody has without tracing."""

    agency: str
    purpose: str
    roles: list[str]
    needs_tracing: list[str]


class AllowedAt(NamedTuple):
    """The level at a place and moment, by which facts and until when at least it holds, and what follows from it."""

    level: Level
    facts: list[LevelInForce]
    until: Millis | None
    kinds: list[Kind]
    depth: int
    released: list[Release]

    def document(self) -> dict[str, Any]:
        """The same as JSON."""
        return {
            "level": self.level.value, "until": self.until, "legal_basis": sorted({one.legal_basis for one in self.facts}),
            "records": {one.name: {"collected": one.collected, "kept_ms": one.kept} for one in self.kinds}, "rounds_traced": self.depth,
            "released": [one._asdict() for one in self.released],
        }  # fmt: skip


def allowed_at(region: str, at: Millis, declared: Iterable[LevelInForce], policy: Policy, agencies: Iterable[Agency]) -> AllowedAt:
    """What is allowed at a division code and a moment, UTC milliseconds, by the levels that are declared."""
    facts = list(declared)
    level = levels.in_force(facts, region, at, policy.levels)
    holding = [one for one in facts if one.level is level and levels.in_force([one], region, at, policy.levels) is level]
    ends = [levels.span(one, policy.levels)[1] for one in holding]
    depth = min(policy.depth, policy.levels[level].depth)
    kinds = [Kind(kind, policy.collected(level, kind), policy.kept(level).get(kind)) for kind in KINDS]
    return AllowedAt(level, holding, max(ends, default=None) if level is not Level.PEACE else None, kinds, depth, list(_released(agencies, depth)))


def _released(agencies: Iterable[Agency], depth: int) -> Iterable[Release]:
    for agency in agencies:
        for purpose in agency.purposes:
            roles = sorted({one.role for one in agency.wants if one.purpose == purpose.name})
            untraced = [role.value for role in roles if role is Role.CONTACT and not depth]
            yield Release(agency.name, purpose.name, [role.value for role in roles if role.value not in untraced], untraced)
