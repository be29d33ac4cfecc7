"""Compares what stands with what a step of a story expects. Each part that the step gives is complete; a difference is told in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any

from deploy.scenarios.cast import Cast
from deploy.scenarios.messages import answer_lines
from deploy.scenarios.shown import (
    announced_line,
    beyond_line,
    bulletin_line,
    closure_line,
    complaint_line,
    dispatch_line,
    fields_of_case,
    fields_of_release,
    infected,
    isolation_line,
    local,
    measure_line,
    need_line,
    notice_line,
    signal_line,
    sources,
    statistic_line,
    supply_line,
    task_line,
)
from deploy.scenarios.story import Case, Expect
from deploy.scenarios.world import World
from schemas.models.case import LinkedCase
from schemas.models.isolation import Breach, Isolation, MeasureBeyond
from schemas.models.measure import MeasureAlert, MeasureInForce, MeasureRefused
from schemas.models.need import Need
from schemas.models.notice import PublicNotice, ResidentNotice
from schemas.models.raw import Reject
from schemas.models.release import Release
from schemas.models.rights import ClosureAlert, Complaint
from schemas.models.signal import Signal, Silence
from schemas.models.statistic import Statistic
from schemas.models.supply import Dispatch, Supply
from schemas.models.task import Task


class NotAsTold(AssertionError):
    """What stands is otherwise than the story says; the message names the step and the difference."""


def _must(true: bool, otherwise: str) -> None:
    if not true:
        raise NotAsTold(otherwise)


def compare(expect: Expect, cast: Cast, where: str) -> None:
    """Return when what stands is what is expected; raises NotAsTold, which begins with `where`."""
    world, keys = cast.world, cast.world.keys
    if expect.cases is not None:
        _people(expect.cases, {cast.name(case.person): fields_of_case(case, cast.name, keys) for case in cast.cases()}, f"{where}, linked cases")
    if expect.releases is not None:
        _must(not expect.releases.keys() - {agency.name for agency in world.agencies}, f"{where}: an agency that there is not")
        for agency in world.agencies:
            releases = [one for one in cast.those(f"deliver.{agency.name}", Release) if one.bulletin is None]
            found = {cast.whom(agency, release): fields_of_release(release, partial(cast.called, agency, release.purpose)) for release in releases}
            _must(len(found) == len(releases), f"{where}: {agency.name} has two releases about one person")
            _people(expect.releases.get(agency.name, {}), found, f"{where}, releases to {agency.name}")
    if expect.tasks is not None:
        have, want = _tasks(cast), {name: sorted(lines) for name, lines in expect.tasks.items()}
        _must(have == want, f"{where}: tasks are {have}, and not {want}")
    if expect.sources is not None:
        have = sources(cast.cases(), world.policy.transmission, cast.name)
        _must(have == expect.sources, f"{where}: sources are {have}, and not {expect.sources}")
    if expect.infected is not None:
        have, want = infected(cast.cases(), world.policy.transmission, cast.name), {name: sorted(ones) for name, ones in expect.infected.items()}
        _must(have == want, f"{where}: infected are {have}, and not {want}")
    _expect_measures(expect, cast, where)
    _apart(expect, cast, where)
    _warned(expect, world, where)
    _expect_notices(expect, cast, where)
    _supplied(expect, world, where)
    _told(expect, cast, where)
    _needed(expect, cast, where)
    _answered(expect, cast, where)
    for name, heir in (expect.superseded or {}).items():
        last = dict(world.messages("case.linked")).get(cast.tokens[name])
        if not isinstance(last, LinkedCase):
            raise NotAsTold(f"{where}: {name} never had a linked case")
        _must(last.retracted, f"{where}: the linked case of {name} stands")
        _must(cast.name(str(last.superseded_by)) == heir, f"{where}, what superseded {name}")


def _expect_measures(expect: Expect, cast: Cast, where: str) -> None:
    """Measures in force, refusals and alerts, as far as they are told."""
    stands = {topic: list(cast.world.standing(topic).values()) for topic in ("measure.standing", "measure.refused", "measure.alert")}
    in_force = [one for one in stands["measure.standing"] if isinstance(one, MeasureInForce)]
    lines = {name: sorted(measure_line(one) for one in in_force if cast.name(one.person) == name) for name in {cast.name(one.person) for one in in_force}}
    refused = Counter(f"{one.official} {one.why}" for one in stands["measure.refused"] if isinstance(one, MeasureRefused))
    alerts = sorted(f"{one.official} {local(one.at)}" for one in stands["measure.alert"] if isinstance(one, MeasureAlert))
    for name, want, have in (("measures", expect.measures, lines), ("refused", expect.refused, dict(refused)), ("alerts", expect.alerts, alerts)):
        _must(want is None or have == want, f"{where}: {name} are {have}, and not {want}")


def _apart(expect: Expect, cast: Cast, where: str) -> None:
    """Isolations, and orders for more days than the plan."""
    stands = {topic: list(cast.world.standing(topic).values()) for topic in ("isolation", "measure.beyond")}
    have = {cast.name(one.person): isolation_line(one) for one in stands["isolation"] if isinstance(one, Isolation)}
    _must(expect.isolations is None or have == expect.isolations, f"{where}: isolations are {have}, and not {expect.isolations}")
    seen = cast.those("breach", Breach)
    names = {cast.name(one.person) for one in seen}
    elsewhere = {name: sorted(f"{local(one.at)} {one.place}" for one in seen if cast.name(one.person) == name) for name in names}
    _must(expect.breaches is None or elsewhere == expect.breaches, f"{where}: breaches are {elsewhere}, and not {expect.breaches}")
    lines = sorted(beyond_line(one) for one in stands["measure.beyond"] if isinstance(one, MeasureBeyond))
    _must(expect.beyond is None or lines == sorted(expect.beyond), f"{where}: orders beyond the plan are {lines}, and not {expect.beyond}")


def _expect_notices(expect: Expect, cast: Cast, where: str) -> None:
    """What residents and the public are told, as far as it is expected; levels are those of every story, and are left out."""
    residents = cast.those("notice", ResidentNotice)
    lines = {name: sorted(notice_line(one) for one in residents if cast.name(one.person) == name) for name in {cast.name(one.person) for one in residents}}
    public = cast.those("notice.public", PublicNotice)
    announced = sorted(announced_line(one) for one in public if one.level is None)
    if expect.notices is not None:
        want = {name: sorted(ones) for name, ones in expect.notices.items()}
        _must(lines == want, f"{where}: notices are {lines}, and not {want}")
    if expect.announced is not None:
        _must(announced == sorted(expect.announced), f"{where}: announced is {announced}, and not {expect.announced}")


def _warned(expect: Expect, world: World, where: str) -> None:
    """Counts and signals."""
    counts = [one for one in world.standing("statistic").values() if isinstance(one, Statistic)]
    for name, lines in (expect.statistics or {}).items():
        have = sorted(statistic_line(one) for one in counts if f"{one.region} {one.measure}" == name)
        _must(have == sorted(lines), f"{where}: of {name} count {have}, and not {lines}")
    if expect.signals is not None:
        found = [one for topic in ("signal", "signal.silence") for one in world.standing(topic).values() if isinstance(one, Signal | Silence)]
        have = sorted(signal_line(one) for one in found)
        _must(have == sorted(expect.signals), f"{where}: signals are {have}, and not {expect.signals}")


def _told(expect: Expect, cast: Cast, where: str) -> None:
    """What agencies are told of facts about no person."""
    for name, lines in (expect.bulletins or {}).items():
        agency, _, topic = name.partition(" ")
        found = [one.bulletin for one in cast.those(f"deliver.{agency}", Release) if one.bulletin is not None]
        have = sorted(bulletin_line(one) for one in found if one.topic == topic and not one.level)
        _must(have == sorted(lines), f"{where}: {agency} is told {have}, and not {lines}")


def _supplied(expect: Expect, world: World, where: str) -> None:
    """What places have, how far dispatches and complaints are, and what is closed without a decision."""
    stock = [one for one in world.standing("supply").values() if isinstance(one, Supply)]
    have = {place: sorted(supply_line(one) for one in stock if one.place == place) for place in {one.place for one in stock}}
    if expect.supplies is not None:
        want = {place: sorted(lines) for place, lines in expect.supplies.items()}
        _must(have == want, f"{where}: supplies are {have}, and not {want}")
    going = sorted(dispatch_line(one) for one in world.standing("dispatch").values() if isinstance(one, Dispatch))
    said = sorted(complaint_line(one) for one in world.standing("complaint").values() if isinstance(one, Complaint))
    _must(expect.complaints is None or said == sorted(expect.complaints), f"{where}: complaints are {said}, and not {expect.complaints}")
    shut = sorted(closure_line(one) for one in world.standing("closure.alert").values() if isinstance(one, ClosureAlert))
    _must(expect.closures is None or shut == sorted(expect.closures), f"{where}: closures are {shut}, and not {expect.closures}")
    _must(expect.dispatches is None or going == sorted(expect.dispatches), f"{where}: dispatches are {going}, and not {expect.dispatches}")


def _answered(expect: Expect, cast: Cast, where: str) -> None:
    """What sources are told: village clinics what became of each report, all others what was refused."""
    for clinic, lines in (expect.answers or {}).items():
        told = answer_lines(clinic, cast.world)
        _must(sorted(told) == sorted(lines), f"{where}: {clinic} is answered {told}, and not {lines}")
    if expect.rejects is not None:
        rejects = sorted(map(_reject, cast.those("reject", Reject)))
        _must(rejects == sorted(expect.rejects), f"{where}: rejects are {rejects}, and not {expect.rejects}")


def _needed(expect: Expect, cast: Cast, where: str) -> None:
    """What people need, and how far it is."""
    needs = cast.those("need", Need)
    have = {name: sorted(need_line(one.line) for one in needs if cast.name(one.person) == name) for name in {cast.name(one.person) for one in needs}}
    if expect.needs is not None:
        want = {name: sorted(lines) for name, lines in expect.needs.items()}
        _must(have == want, f"{where}: needs are {have}, and not {want}")


def _tasks(cast: Cast) -> dict[str, list[str]]:
    """The lines of each person's tasks, sorted."""
    tasks = cast.those("task", Task)
    names = {cast.name(task.person) for task in tasks}
    return {name: sorted(task_line(task) for task in tasks if cast.name(task.person) == name) for name in names}


def _people(expected: Mapping[str, Case], found: dict[str, dict[str, Any]], where: str) -> None:
    """The same people, and of each the fields that are expected."""
    _must(sorted(found) == sorted(expected), f"{where}: of {sorted(found)}, and not of {sorted(expected)}")
    for name, case in expected.items():
        for field, value in case.model_dump(by_alias=True, exclude_unset=True).items():
            want, have = _plain(field, value), _plain(field, found[name][field])
            _must(have == want, f"{where}, {name}: {field} is {have}, and not {want}")


def _plain(field: str, value: Any) -> Any:
    """`none` is written for nothing; the order of roles, reasons and field names says nothing."""
    return None if value == "none" else sorted(value) if field in ("fields", "roles", "why") else value


def _reject(reject: Reject) -> str:
    return f"{reject.source}: {', '.join(sorted(reason.field for reason in reject.reasons)) or 'the whole'}"
