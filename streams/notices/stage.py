"""The stage `notices`: linked cases, isolations, exposures, risk areas, levels and ticks in; what the public and what residents are told out.

What is to be told follows from the facts; whether it is told now also from the latest tick of the slot of what it is about. When that changes next is in an
index by slot and moment, so that a tick costs what begins, ends or is late by it. Facts about regions are on every partition: the first one alone tells them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from pydantic import Field

from schemas.avro import pack, unpack
from schemas.models.case import LinkedCase
from schemas.models.control import LevelInForce, RiskArea, Tick
from schemas.models.fact import Millis, Model
from schemas.models.isolation import Isolation
from schemas.models.movement import Exposure
from schemas.models.notice import PublicNotice, ResidentNotice
from streams import areas, clock, levels
from streams.notices import public, residents
from streams.notices.told import Told, changes, resident
from streams.policy import Policy
from streams.rows import Table, moment, name
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict, as_it_is
from streams.standing import take


class Plan(Model):
    """What is to be told about one thing, what is written of it, and the moment from which on it is otherwise (none: as long as nothing else is known).

    Of a person it follows from the linked case and the isolation, which are kept with it.
    """

    case: LinkedCase | None = None
    apart: Isolation | None = None
    told: list[Told] = Field(default_factory=list)
    public: list[PublicNotice] = Field(default_factory=list)
    resident: list[ResidentNotice] = Field(default_factory=list)
    again: Millis | None = None


N = TypeVar("N", PublicNotice, ResidentNotice)
_PLAN = Table(1, "What is to be told about a person, a place, the areas or the levels.", Plan)
_EXPOSED = Table(2, "An exposure at a public place.", Exposure)
_LEVELS, _AREAS = levels.table(3), areas.table(4)
_AGAIN = Table(5, "What is to be looked at again at a moment, by slot.")
CLOCK = clock.table(6)
_REGIONS = ("areas", "levels")
"""Names of what is told of regions; of a place it is `place` with its code."""


def stage(policy: Policy) -> Stage:
    """The stage under a policy."""

    def step(message: Message, state: State) -> Outcome:
        fact = message.value
        if isinstance(fact, Tick):
            return _pass_time(fact, state, policy)
        if isinstance(fact, LinkedCase | Isolation):
            return _of_person(fact, state, policy)
        if isinstance(fact, Exposure):
            return _exposure(fact, state, policy)
        assert isinstance(fact, RiskArea | LevelInForce)
        return _of_region(fact, state) if message.partition == 0 else Outcome(Verdict.APPLIED)

    def settle(about: str, state: State) -> Iterable[Emit]:
        return list(_write(about, Plan(told=list(_follows(about, state, policy))), state, policy))

    inputs = ("case.linked", "isolation", "exposure", "control.area", "control.level", "control.tick")
    tables = (_PLAN, _EXPOSED, _LEVELS, _AREAS, _AGAIN, CLOCK)
    return Stage("notices", inputs, ("notice", "notice.public"), step, settle, tables=tables, version=6, migrations=dict.fromkeys((3, 4, 5), as_it_is))


def _of_person(fact: LinkedCase | Isolation, state: State, policy: Policy) -> Outcome:
    plan = _held(fact.person, state)
    old = plan.case if isinstance(fact, LinkedCase) else plan.apart
    if (old.id if old else "") == ("" if fact.retracted else fact.id):
        return Outcome(Verdict.DUPLICATE)
    case, apart = plan.case, plan.apart
    if isinstance(fact, LinkedCase):
        case = None if fact.retracted else fact.model_copy(update={"sealed": [], "contacts": [], "contact_of": []})
    else:
        apart = None if fact.retracted else fact
    told = list(residents.notices(case, apart, policy)) if case and apart else []
    return Outcome(Verdict.APPLIED, list(_write(fact.person, Plan(case=case, apart=apart, told=told), state, policy)))


def _exposure(fact: Exposure, state: State, policy: Policy) -> Outcome:
    if not public.may_tell(fact, policy):
        return Outcome(Verdict.APPLIED)
    about = f"place {fact.place}"
    outcome = take(state, _EXPOSED.about(about) + name(fact.id), fact)
    if outcome.verdict is Verdict.APPLIED:
        outcome.touched.append(about)
    return outcome


def _of_region(fact: RiskArea | LevelInForce, state: State) -> Outcome:
    area = isinstance(fact, RiskArea)
    outcome = areas.learn(state, _AREAS, fact) if isinstance(fact, RiskArea) else levels.learn(state, _LEVELS, fact)
    if outcome.verdict is Verdict.APPLIED:
        outcome.touched.append("areas" if area else "levels")
    return outcome


def _follows(about: str, state: State, policy: Policy) -> Iterator[Told]:
    """What is to be told of a place or of regions, by the facts that stand."""
    if about == "areas":
        return public.of_areas(areas.known(state, _AREAS), policy)
    if about == "levels":
        return public.of_levels(levels.known(state, _LEVELS), policy)
    return public.of_place([unpack(Exposure, data) for _, data in state.scan(*_EXPOSED.under(about))], policy)


def _pass_time(tick: Tick, state: State, policy: Policy) -> Outcome:
    """Let it be so late; only what looks otherwise by it is looked at."""
    slots = clock.later(CLOCK, tick, state)
    outcome = Outcome(Verdict.APPLIED if slots else Verdict.DUPLICATE)
    for _, about in clock.due(_AGAIN, slots, tick.at + 1, state):
        outcome.emits += _write(about, _held(about, state), state, policy)
    return outcome


def _held(about: str, state: State) -> Plan:
    data = state.get(_PLAN.about(about))
    return unpack(Plan, data) if data else Plan()


def _write(about: str, plan: Plan, state: State, policy: Policy) -> Iterator[Emit]:
    """Keep a plan in place of the one there is, as it looks now, and say what is otherwise by it. What is over is kept no longer."""
    old, now = _held(about, state), clock.latest(CLOCK, clock.slot(_PLAN.about(about)), state)
    told = [one for one in plan.told if now < one.ends]
    shown = [one for one in told if one.shows(now)]
    again = min((at for one in told for at in changes(one, now, policy)), default=None)
    to_residents = [notice for one in shown if (notice := resident(one, now, policy))]
    new = plan.model_copy(update={"told": told, "public": [one.public for one in shown if one.public], "resident": to_residents, "again": again})
    _keep(about, old, new, state)
    yield from _changed(old.public, new.public, "notice.public")
    yield from _changed(old.resident, new.resident, "notice")


def _keep(about: str, old: Plan, new: Plan, state: State) -> None:
    if old.again is not None:
        state.delete(_again(about, old.again))
    if new.again is not None:
        state.put(_again(about, new.again), about.encode())
    if new.case or new.apart or new.told:
        state.put(_PLAN.about(about), pack(new))
    else:
        state.delete(_PLAN.about(about))


def _changed(old: Sequence[N], new: Sequence[N], topic: str) -> Iterator[Emit]:
    """The withdrawals, then what is new or otherwise, under the names of the notices."""
    before, after = {one.notice: one for one in old}, {one.notice: one for one in new}
    for gone in sorted(before.keys() - after.keys()):
        yield Emit(topic, gone, before[gone].taken_back())
    for key, one in after.items():
        if key not in before or before[key].id != one.id:
            yield Emit(topic, key, one)


def _again(about: str, at: Millis) -> bytes:
    return _AGAIN.about(str(clock.slot(_PLAN.about(about)))) + moment(at) + name(about)
