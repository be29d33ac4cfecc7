"""Tells a story to a world: sends what each step sends, and compares what then stands with what the step expects and with the oracle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any

from schemas.agency import Agency
from schemas.models.case import LinkedCase
from schemas.models.control import RiskArea
from schemas.models.identity import Link
from schemas.models.measure import MeasureAlert, MeasureInForce, MeasureRefused
from schemas.models.raw import Reject
from schemas.models.release import Release
from schemas.models.signal import Signal, Silence
from schemas.models.statistic import Statistic
from schemas.models.task import Task
from tests.levels import STORY
from tests.oracle import values
from tests.oracle.content import contents, difference
from tests.oracle.facts import Sent
from tests.oracle.releases import called
from tests.scenarios.shown import fields_of_case, fields_of_release, infected, local, measure_line, signal_line, sources, statistic_line, task_line
from tests.scenarios.story import Case, Expect, Handle, Story
from tests.scenarios.world import World


def tell(story: Story, world: World) -> None:
    """Go through the steps; raises AssertionError naming the step and what is otherwise than expected."""
    sent: list[Sent] = []
    now: int | None = None
    areas: list[RiskArea] = []
    for number, step in enumerate(story.steps, 1):
        for publish in step.publish:
            world.publish(publish.source, publish.sent())
            sent += [(publish.source, item) for record in publish.sent() for item in world.oracle.sources[publish.source].items(record)]
        if step.areas is not None:
            areas = [_area(text) for text in step.areas]
            world.declare(areas)
        if step.clock:
            now = values.moment(step.clock, "Asia/Shanghai")
            world.pass_time(now)
        world.settle()
        where = f"step {number}: {step.says}"
        if step.expect:
            _expect(step.expect, _Cast(story, world), where)
        names = [agency.name for agency in world.oracle.agencies]
        wrong = difference(contents(world.standing, names, world.oracle.keys), world.oracle.answer(sent, now=now, levels=STORY, areas=areas))
        assert not wrong, f"{where}\n{wrong}"


def _area(text: str) -> RiskArea:
    region, _, *between = text.split(" ")
    since, until = (values.moment(" ".join(words), "Asia/Shanghai") for words in (between[:2], between[3:]))
    return RiskArea.of(causes=[], at=since, region=region, legal_basis="突发公共卫生事件应急条例, art. 33", until=until, by="OP-STORY-1", approved_by="OP-STORY-2")


class _Cast:
    """Who is who at a moment of the story."""

    def __init__(self, story: Story, world: World) -> None:
        self.world = world
        self.tokens = {name: _token(handle, world) for name, handle in story.people.items()}
        links = {link.alias: link.person for link in world.standing("identity.link").values() if isinstance(link, Link)}
        self.keys = {name: links.get(token, token) for name, token in self.tokens.items()}

    def name(self, key: str) -> str:
        """What the story calls the person; two who are one have both names."""
        return " = ".join(name for name, theirs in self.keys.items() if theirs == key) or "somebody unnamed"

    def cases(self) -> list[LinkedCase]:
        """The linked cases that stand."""
        return [case for case in self.world.standing("case.linked").values() if isinstance(case, LinkedCase)]

    def whom(self, agency: Agency, release: Release) -> str:
        """What the story calls the person of a release."""
        return self.called(agency, release.purpose, release.person)

    def called(self, agency: Agency, purpose: str, code: str) -> str:
        """What the story calls the person whom an agency calls so for a purpose."""
        (of,) = [one for one in agency.purposes if one.name == purpose]
        return " = ".join(name for name, key in self.keys.items() if called(agency, of, key, self.world.oracle.keys) == code) or "somebody unnamed"


def _token(handle: Handle, world: World) -> str:
    token = world.oracle.keys.token
    if handle.resident:
        return token("document", "resident", "CN", values.resident(handle.resident)[0])
    if handle.certificate:
        return token("document", "border-certificate", *handle.certificate.split(" ", 1))
    if handle.passport:
        return token("document", "passport", *handle.passport.split(" ", 1))
    if handle.account:
        return token("account", "scan-app", handle.account)
    if handle.patient:
        return token("patient", *handle.patient.split(" ", 1))
    if handle.number:
        return token("number", values.phone(handle.number))
    if handle.record:
        source, *parts = handle.record.split(" ")
        return token("record", source, token("record", source, *parts), "0")
    number, name = str(handle.phone).split(" ", 1)
    return token("phone", values.phone(number), values.reading(name))


def _expect(expect: Expect, cast: _Cast, where: str) -> None:
    world, keys = cast.world, cast.world.oracle.keys
    if expect.cases is not None:
        _compare(expect.cases, {cast.name(case.person): fields_of_case(case, cast.name, keys) for case in cast.cases()}, f"{where}, linked cases")
    if expect.releases is not None:
        assert not expect.releases.keys() - {agency.name for agency in world.oracle.agencies}, f"{where}: an agency that there is not"
        for agency in world.oracle.agencies:
            releases = [release for release in world.standing(f"deliver.{agency.name}").values() if isinstance(release, Release)]
            found = {cast.whom(agency, release): fields_of_release(release, partial(cast.called, agency, release.purpose)) for release in releases}
            assert len(found) == len(releases), f"{where}: {agency.name} has two releases about one person"
            _compare(expect.releases.get(agency.name, {}), found, f"{where}, releases to {agency.name}")
    if expect.tasks is not None:
        have, want = _tasks(cast), {name: sorted(lines) for name, lines in expect.tasks.items()}
        assert have == want, f"{where}: tasks are {have}, and not {want}"
    if expect.sources is not None:
        have = sources(cast.cases(), world.oracle.policy.transmission, cast.name)
        assert have == expect.sources, f"{where}: sources are {have}, and not {expect.sources}"
    if expect.infected is not None:
        have, want = infected(cast.cases(), world.oracle.policy.transmission, cast.name), {name: sorted(ones) for name, ones in expect.infected.items()}
        assert have == want, f"{where}: infected are {have}, and not {want}"
    _expect_measures(expect, cast, where)
    _warned(expect, world, where)
    if expect.rejects is not None:
        rejects = [reject for reject in world.standing("reject").values() if isinstance(reject, Reject)]
        assert sorted(_reject(reject) for reject in rejects) == sorted(expect.rejects), f"{where}, rejects"
    for name, heir in (expect.superseded or {}).items():
        last = dict(world.messages("case.linked")).get(cast.tokens[name])
        assert isinstance(last, LinkedCase), f"{where}: {name} never had a linked case"
        assert last.retracted, f"{where}: the linked case of {name} stands"
        assert cast.name(str(last.superseded_by)) == heir, f"{where}, what superseded {name}"


def _expect_measures(expect: Expect, cast: _Cast, where: str) -> None:
    """Measures in force, refusals and alerts, as far as they are told."""
    stands = {topic: list(cast.world.standing(topic).values()) for topic in ("measure.standing", "measure.refused", "measure.alert")}
    in_force = [one for one in stands["measure.standing"] if isinstance(one, MeasureInForce)]
    lines = {name: sorted(measure_line(one) for one in in_force if cast.name(one.person) == name) for name in {cast.name(one.person) for one in in_force}}
    refused = Counter(f"{one.official} {one.why}" for one in stands["measure.refused"] if isinstance(one, MeasureRefused))
    alerts = sorted(f"{one.official} {local(one.at)}" for one in stands["measure.alert"] if isinstance(one, MeasureAlert))
    for name, want, have in (("measures", expect.measures, lines), ("refused", expect.refused, dict(refused)), ("alerts", expect.alerts, alerts)):
        assert want is None or have == want, f"{where}: {name} are {have}, and not {want}"


def _warned(expect: Expect, world: World, where: str) -> None:
    """Counts and signals."""
    counts = [one for one in world.standing("statistic").values() if isinstance(one, Statistic)]
    for name, lines in (expect.statistics or {}).items():
        have = sorted(statistic_line(one) for one in counts if f"{one.region} {one.measure}" == name)
        assert have == sorted(lines), f"{where}: of {name} count {have}, and not {lines}"
    if expect.signals is not None:
        found = [one for topic in ("signal", "signal.silence") for one in world.standing(topic).values() if isinstance(one, Signal | Silence)]
        have = sorted(signal_line(one) for one in found)
        assert have == sorted(expect.signals), f"{where}: signals are {have}, and not {expect.signals}"


def _tasks(cast: _Cast) -> dict[str, list[str]]:
    """The lines of each person's tasks, sorted."""
    tasks = [task for task in cast.world.standing("task").values() if isinstance(task, Task)]
    names = {cast.name(task.person) for task in tasks}
    return {name: sorted(task_line(task) for task in tasks if cast.name(task.person) == name) for name in names}


def _compare(expected: Mapping[str, Case], found: dict[str, dict[str, Any]], where: str) -> None:
    """The same people, and of each the fields that are expected."""
    assert sorted(found) == sorted(expected), f"{where}: of {sorted(found)}, and not of {sorted(expected)}"
    for name, case in expected.items():
        for field, value in case.model_dump(by_alias=True, exclude_unset=True).items():
            want, have = _plain(field, value), _plain(field, found[name][field])
            assert have == want, f"{where}, {name}: {field} is {have}, and not {want}"


def _plain(field: str, value: Any) -> Any:
    """`none` is written for nothing; the order of roles, reasons and field names says nothing."""
    return None if value == "none" else sorted(value) if field in ("fields", "roles", "why") else value


def _reject(reject: Reject) -> str:
    return f"{reject.source}: {', '.join(sorted(reason.field for reason in reject.reasons)) or 'the whole'}"
