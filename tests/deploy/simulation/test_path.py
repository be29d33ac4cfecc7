"""A small outbreak through the real connectors and the whole path, in memory, against its truth."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pytest

from connectors import registry
from connectors.envelope import envelopes
from connectors.transports.files import items
from deploy.simulation import Truth, simulate
from deploy.simulation.write import save
from schemas.models.case import LinkedCase, Role
from schemas.models.identity import Link
from schemas.models.raw import Reject
from schemas.models.record import Record
from schemas.tokens import Keys
from streams import memory, path, policy
from streams.normalise.names import reading
from streams.stage import Emit, Verdict
from tests.levels import declare

KEYS = Keys(bytes(32))
SOURCES, AGENCIES = registry.sources(), registry.agencies()


@dataclass(frozen=True)
class Shown:
    """The bus after everything has arrived, the truth, the true person of each alias, and the linked person of each alias in a record."""

    bus: memory.Bus
    truth: Truth
    owner: dict[str, str]
    records: list[Record]
    person: dict[str, str]
    cases: dict[str, LinkedCase]
    """By true person; only where a person has exactly one."""


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """90 people, 14 days."""
    outbreak = simulate(5, 90, 14)
    bus = declare(memory.Bus(path.build(SOURCES, list(AGENCIES.values()), policy.load(), KEYS)))
    for source, file in save(outbreak, tmp_path_factory.mktemp("outbreak")).items():
        raws = [raw for item in items(file, SOURCES[source]) for raw in envelopes(SOURCES[source], item, KEYS)]
        bus.publish(Emit(f"raw.{source}", raw.record, raw) for raw in raws)
    bus.run()
    owner = {token(handle): person.person for person in outbreak.truth.people for handle in person.handles}
    records = [one for topic in list(bus.topics) if topic.startswith("record.") for one in bus.standing(topic).values() if isinstance(one, Record)]
    links = {one.alias: one.person for one in bus.standing("identity.link").values() if isinstance(one, Link)}
    linked = [one for one in bus.standing("case.linked").values() if isinstance(one, LinkedCase)]
    person = {one.alias: links.get(one.alias, one.alias) for one in records}
    return Shown(bus, outbreak.truth, owner, records, person, {owner[alias]: case for case in linked for alias in case.aliases})


def token(handle: list[str]) -> str:
    """The alias of a true handle."""
    kind, *parts = handle
    return KEYS.token(kind, parts[0], reading(parts[1])) if kind == "phone" else KEYS.token(kind, *parts)


def test_every_agency_receives_something(shown: Shown) -> None:
    """None of the shipped agencies is left without a release, but for who only serves needs, of which the simulator writes none."""
    others = [name for name, agency in AGENCIES.items() if any(want.role is not Role.NEED for want in agency.wants)]
    assert [name for name in others if not shown.bus.standing(f"deliver.{name}")] == []


def test_only_what_is_broken_on_purpose_is_refused(shown: Shown) -> None:
    """As many records of each source are refused as are broken, those with an identity are the very ones, and for the reasons in the truth."""
    rejects = [one for one in shown.bus.standing("reject").values() if isinstance(one, Reject)]
    assert Counter(one.source for one in rejects) == Counter(one.source for one in shown.truth.broken)
    refused = {one.record: {reason.field for reason in one.reasons} for one in rejects}
    whole = [one for one in shown.truth.broken if all(one.id) and "created" not in one.fields]
    assert len(whole) >= len(shown.truth.broken) - 2
    for one in whole:
        assert refused[KEYS.token("record", one.source, *one.id)] & {*one.fields, ""}


def test_what_stands_is_what_the_truth_says(shown: Shown) -> None:
    """After late, doubled, corrected and retracted messages as many records of each source stand as there should, about the right people."""
    tokens = Counter(source for source, _ in {(one.source, one.record) for one in shown.records})
    assert tokens == {one.source: one.records for one in shown.truth.sources}
    true = {(KEYS.token("record", record.source, *record.id), person.person) for person in shown.truth.people for record in person.records}
    assert {(one.record, shown.owner[one.alias]) for one in shown.records} == true
    assert shown.bus.counts["normalise"][Verdict.DUPLICATE] >= sum(one.duplicates for one in shown.truth.sources)


def components(groups: list[list[int]]) -> int:
    """How many sets remain when those that share something are joined."""
    joined: list[set[int]] = []
    for group in groups:
        touching = [one for one in joined if one & set(group)]
        joined = [one for one in joined if not one & set(group)] + [set(group).union(*touching)]
    return len(joined)


def test_linked_people_are_the_true_people(shown: Shown) -> None:
    """No linked person is two true ones, and a true person is as many linked ones as their handles leave apart: for nearly all, one."""
    owners: dict[str, set[str]] = {}
    parts: dict[str, set[str]] = {}
    for alias, person in shown.person.items():
        owners.setdefault(person, set()).add(shown.owner[alias])
        parts.setdefault(shown.owner[alias], set()).add(person)
    assert all(len(found) == 1 for found in owners.values())
    assert {person: len(found) for person, found in parts.items()} == {
        one.person: components([record.handles for record in one.records]) for one in shown.truth.people if one.records
    }
    assert sum(len(found) == 1 for found in parts.values()) > 0.95 * len(parts)


def test_cases_stand_as_in_the_truth(shown: Shown) -> None:
    """Every true case is a linked case with the true status and classification, and nobody else has a status."""
    found = {person: (case.status and case.status.value, case.classification and case.classification.value) for person, case in shown.cases.items() if case.status}
    assert found == {one.person: (one.status, one.classification) for one in shown.truth.cases}
    assert len(found) >= 6


def test_returnees_are_those_who_came_from_wuhan(shown: Shown) -> None:
    """Declarations that were corrected or cancelled leave no false returnee, and late ones find every true one."""
    assert {person for person, case in shown.cases.items() if Role.RETURNEE in case.roles} == {one.person for one in shown.truth.returnees}


def test_true_co_presences_are_found(shown: Shown) -> None:
    """Of those whom a case met, and of whom records tell, more than half are its contacts, although a scan without its pair says little of a stay."""
    known = {(one.case, one.other) for one in shown.truth.co_presences if one.recorded and one.case in {case.person for case in shown.truth.cases}}
    keys = {case.person: person for person, case in shown.cases.items()}
    found = {(person, keys[meeting.person]) for person, case in shown.cases.items() for meeting in case.contacts}
    assert len(known & found) > len(known) / 2 > 5
