"""An agency tried on the linked cases that stand: what it would be released, by routing's own functions, beside what stands released to it. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from deploy.agencies.masked import sample
from schemas.agency import Agency
from schemas.models.case import LinkedCase
from schemas.models.release import Release
from schemas.privacy import strictest_first
from schemas.tokens import Keys
from streams.routing.match import grounds
from streams.routing.project import release, released

Key = tuple[str, str]
"""Person and purpose."""


@dataclass(slots=True)
class Tried:
    """One purpose: releases and people, of them how many are new, changed or the same; those that would end; and of how many people each field would be got."""

    releases: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    ended: int = 0
    fields: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Trial:
    """The whole: each purpose, how many cases were looked at, how many people some purpose is of, before and after, and masked samples."""

    cases: int
    people: int
    people_before: int
    purposes: dict[str, Tried]
    samples: list[dict[str, Any]]


def tried(agency: Agency, cases: Iterable[LinkedCase], standing: Mapping[Key, Release], keys: Keys, most: int) -> Trial:
    """What the agency would be released if every case were routed now. Raises cryptography's InvalidTag when the keys are others'."""
    trial = Trial(0, 0, len({person for person, _ in standing}), {purpose.name: Tried() for purpose in agency.purposes}, [])
    left = dict(standing)
    for case in cases:
        trial.cases += 1
        found = [release(agency, case, ground, keys) for ground in grounds(agency, case)]
        trial.people += bool(found)
        for one in found:
            before = left.pop((one.person, one.purpose), None)
            _count(trial.purposes[one.purpose], one, before)
            if len(trial.samples) < most and (before is None or before.id != one.id):
                trial.samples.append(sample(one, "new" if before is None else "changed"))
    for _, purpose in left:
        trial.purposes.setdefault(purpose, Tried()).ended += 1
    for each in trial.purposes.values():
        each.fields = {name: each.fields[name] for name in strictest_first(each.fields)}
    return trial


def _count(tally: Tried, one: Release, before: Release | None) -> None:
    tally.releases += 1
    for name in released(one.view):
        if getattr(one.view, name):
            tally.fields[name] = tally.fields.get(name, 0) + 1
    if before is None:
        tally.new += 1
    elif before.id == one.id:
        tally.same += 1
    else:
        tally.changed += 1
