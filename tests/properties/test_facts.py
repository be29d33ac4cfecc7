"""Facts have causes, stand once, and are accounted for."""

from __future__ import annotations

from collections import Counter

from hypothesis import example, given
from pydantic import BaseModel

from schemas.models.case import LinkedCase
from schemas.models.fact import Fact, fact_id
from schemas.models.identity import Link, Mention, Profile
from schemas.models.release import Audit, Decision, Release
from schemas.models.signal import Signal
from schemas.models.statistic import Statistic
from streams.identity.said import saying
from streams.memory import Bus
from streams.routing.bulletins import about
from streams.stage import Verdict
from streams.standing import VIEWS
from tests.oracle.facts import standing
from tests.oracle.releases import known as known_as
from tests.properties import bus
from tests.properties.effort import examples
from tests.properties.found import COMPANION_TWICE
from tests.properties.people import HUMANS
from tests.properties.worlds import World, worlds

_NO_FACTS = ("raw.", "audit", "reject", "control.")


def _run(world: World) -> Bus:
    inside = bus.bus(world, bus.DEEPER)
    for portion in world.portions:
        bus.publish(inside, portion)
        inside.run()
    return inside


def _facts(inside: Bus) -> list[str]:
    """Topics of derived facts that stand until they are retracted."""
    return [topic for topic in inside.topics if not topic.startswith((*_NO_FACTS, *VIEWS))]


@given(worlds())
@examples(20)
def test_every_message_is_counted_once(world: World) -> None:
    """Received = applied + duplicates + rejected for every stage, and every message of its inputs was received; each rejection has its reject."""
    inside = _run(world)
    for stage in bus.stages(bus.DEEPER):
        assert sum(len(inside.topics.get(topic, [])) for topic in stage.inputs) == sum(inside.counts[stage.name].values())
    rejected = sum(counts[Verdict.REJECTED] for counts in inside.counts.values())
    assert rejected <= len(inside.topics.get("reject", []))


@given(worlds())
@example(COMPANION_TWICE)
@examples(20)
def test_a_fact_stands_once_and_falls_once(world: World) -> None:
    """On every topic of facts, assertion and retraction of an id take turns, beginning with the assertion."""
    inside = _run(world)
    for topic in _facts(inside):
        stands: set[str] = set()
        for emit in inside.topics[topic]:
            assert isinstance(emit.value, Fact)
            assert (emit.value.id in stands) == emit.value.retracted, topic
            stands ^= {emit.value.id}


@given(worlds())
@examples(20)
def test_nobody_is_told_the_same_twice_in_a_row(world: World) -> None:
    """On every topic where the latest of a key counts, a message differs from the one before it under its key, and the first of a key is no retraction."""
    inside = _run(world)
    for topic in inside.topics:
        latest: dict[str, BaseModel] = {}
        for emit in inside.topics[topic] if topic.startswith(VIEWS) else []:
            assert isinstance(emit.value, Fact)
            assert emit.value != latest.get(emit.key), topic
            assert emit.key in latest or not emit.value.retracted, topic
            latest[emit.key] = emit.value


@given(worlds())
@examples(20)
def test_a_case_that_was_taken_over_points_to_who_has_it(world: World) -> None:
    """A linked case that was taken back names the person that its alias now belongs to, and nobody when the alias stands for itself."""
    inside = _run(world)
    links = {link.alias: link.person for link in inside.standing("identity.link").values() if isinstance(link, Link)}
    for key, case in {emit.key: emit.value for emit in inside.topics.get("case.linked", [])}.items():
        assert isinstance(case, LinkedCase)
        heir = links.get(key, key)
        assert case.superseded_by == (heir if case.retracted and heir != key else None)


@given(worlds())
@examples(20)
def test_the_audit_has_a_line_for_every_delivery(world: World) -> None:
    """Each release and each retraction of one has its line in the audit, with the fields that the release carries; its retraction carries none."""
    inside = _run(world)
    deliveries = [emit.value for topic in inside.topics if topic.startswith("deliver.") for emit in inside.topics[topic]]
    lines = [emit.value for emit in inside.topics.get("audit", [])]
    releases = [one for one in deliveries if isinstance(one, Release)]
    fields = {one.id: _fields(one) for one in releases if not one.retracted}
    assert not any(_fields(one) for one in releases if one.retracted)
    told = Counter((one.id, one.agency, one.retracted, fields[one.id]) for one in releases)
    assert told == Counter((one.release, one.agency, one.decision is Decision.RETRACTED, tuple(one.fields)) for one in lines if isinstance(one, Audit))


@given(worlds())
@examples(20)
def test_what_stands_has_causes_that_stand(world: World) -> None:
    """Every cause is a standing fact (a level or an area too), as the agency calls it in a release, what a standing mention says or a standing profile has compared, or a version of a record that stands at its source."""
    inside = _run(world)
    told, _ = standing(world.sent, bus.sources(), bus.KEYS)
    facts = [fact for topic in inside.topics if not topic.startswith(_NO_FACTS) for fact in inside.standing(topic).values() if isinstance(fact, Fact)]
    known = {fact_id("raw", one.source, one.record, one.version) for one in told} | {fact.id for fact in facts}
    known |= {fact.id for topic in ("control.level", "control.area") for fact in inside.standing(topic).values() if isinstance(fact, Fact)}
    known |= {saying(fact) for fact in facts if isinstance(fact, Mention)} | {fact.compared for fact in facts if isinstance(fact, Profile)}
    known |= {known_as(agency, name, bus.KEYS) for agency in bus.agencies() for fact in facts for name in _names(fact)}
    assert not [fact for fact in facts if not fact.causes or not known.issuperset(fact.causes)]


@given(worlds())
@examples(20)
def test_a_fact_that_comes_again_changes_nothing(world: World) -> None:
    """What stands, asserted again, and what fell, retracted again, is a duplicate for every stage: nothing at all follows."""
    inside = _run(world)
    before = len(inside.hops)
    again = []
    for topic in sorted(inside.topics):
        last = {emit.key if topic.startswith(VIEWS) else getattr(emit.value, "id", str(place)): emit for place, emit in enumerate(inside.topics[topic])}
        again += [] if topic == "audit" else list(last.values())
    inside.publish(again)
    inside.run()
    assert inside.hops[before:] == []


@given(worlds())
@examples(20)
def test_no_release_carries_more_than_its_agency_may_see(world: World) -> None:
    """Every field of a release is named in the agency's file, for a role and a purpose of the release."""
    inside = _run(world)
    for agency in bus.agencies():
        for release in inside.standing(f"deliver.{agency.name}").values():
            assert isinstance(release, Release)
            if release.bulletin is not None:
                asked = next(one for one in agency.subscribes if (one.topic, one.purpose) == (release.bulletin.topic, release.purpose))
                assert set(_fields(release)) <= set(asked.asked)
            allowed = {field for want in agency.wants if want.purpose == release.purpose and want.role in release.roles for field in want.fields}
            assert {name for name, value in release.view if value is not None} <= allowed
            assert release.agency == agency.name


@given(worlds())
@examples(20)
def test_direct_identifiers_are_nowhere_in_the_clear(world: World) -> None:
    """No name, phone or number of a person is on any topic but the raw ones and the agencies' own."""
    inside = _run(world)
    secrets = [value for human in HUMANS for value in (human.name, human.phone, human.id_no, human.certificate) if value]
    for topic, emits in inside.topics.items():
        if not topic.startswith(("raw.", "deliver.")):
            text = "".join(emit.key + emit.value.model_dump_json() for emit in emits)
            assert not [secret for secret in secrets if secret in text], topic


def _names(fact: Fact) -> tuple[str, ...]:
    """By what a release says that it follows from a fact: its id, and of a count also what it is about."""
    return (fact.id, about(fact)) if isinstance(fact, Signal | Statistic) else (fact.id,)


def _fields(release: Release) -> tuple[str, ...]:
    return tuple(sorted(name for name, value in release.bulletin or release.view if value is not None and name != "topic"))
