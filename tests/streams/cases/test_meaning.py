"""What each kind of record, a contact and a found presence tell about a person."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.models.case import Evidence, What
from schemas.models.fact import Fact
from schemas.models.movement import Contact, Presence
from schemas.models.record import (
    CareVisit,
    Clockin,
    Crossing,
    Direction,
    Disposition,
    Gate,
    Household,
    Lab,
    Papers,
    Reached,
    Record,
    Result,
    Scan,
    Service,
    Step,
    Travel,
    Visit,
)
from streams.cases import returns
from streams.cases.meaning import meaning
from streams.memory import MemoryState
from streams.policy import load
from tests.streams.cases.pieces import ME, OTHER
from tests.streams.trial import DAY, at

POLICY = load()
W = What
NOON = at("2020-01-25 12:00")


def made(kind: type[Record], **content: Any) -> Record:
    """A record of a kind at noon of 25 January 2020."""
    return kind.of(causes=["raw"], **({"at": NOON, "source": "s", "record": "r", "alias": ME, "region": "530624", "sealed": b"sealed"} | content))


def visit(**content: Any) -> Record:
    """A visit to a clinic, only observed."""
    return made(Visit, **({"place": "CLIN-1", "disposition": Disposition.OBSERVED} | content))


def told(fact: Fact) -> list[tuple[What, str]]:
    """What a fact tells, with its note."""
    return [(one.what, one.note) for one in with_return(fact)]


def with_return(fact: Fact) -> list[Evidence]:
    """All evidence in a fact, where only the areas of the policy are risky."""
    found = returns.of(fact, POLICY)
    return meaning(fact, POLICY) + ([found.evidence] if found and returns.risky(MemoryState(), returns.tables(1), found, POLICY) else [])


DECIDED = {
    Disposition.OBSERVED: [], Disposition.SUSPECTED: [W.SUSPECTED], Disposition.PROBABLE: [W.PROBABLE], Disposition.CONFIRMED: [W.CONFIRMED],
    Disposition.RULED_OUT: [W.RULED_OUT], Disposition.ISOLATED: [W.ISOLATED], Disposition.ADMITTED: [W.ADMITTED], Disposition.RECOVERED: [W.RECOVERED], Disposition.DIED: [W.DIED],
}  # fmt: skip


@pytest.mark.parametrize("disposition", Disposition)
def test_every_decision_of_a_clinic(disposition: Disposition) -> None:
    """Each decision is its own evidence beside the visit; observing is none."""
    assert [what for what, _ in told(visit(disposition=disposition))] == [W.SEEN, *DECIDED[disposition]]


def test_a_whole_visit() -> None:
    """Symptoms with fever by temperature once, the onset at its own time, the decision, and the referral to where."""
    found = meaning(visit(symptoms=["fever", "cough"], temperature=38.2, onset=NOON - 2 * DAY, disposition=Disposition.SUSPECTED, referred_to="HOSP-1"), POLICY)
    assert [(one.what, one.note, one.other) for one in found] == [
        (W.SEEN, "", None), (W.SYMPTOM, "cough", None), (W.SYMPTOM, "fever", None), (W.ONSET, "", None), (W.SUSPECTED, "", None), (W.REFERRED, "", "HOSP-1"),
    ]  # fmt: skip
    assert [one.at for one in found if one.what is W.ONSET] == [one.until for one in found if one.what is W.ONSET] == [NOON - 2 * DAY]
    assert {(one.person, one.alias, one.region, one.place, one.source, one.sealed) for one in found} == {("", ME, "530624", "CLIN-1", "s", b"sealed")}


@pytest.mark.parametrize(("result", "what"), [(Result.POSITIVE, [W.POSITIVE]), (Result.NEGATIVE, [W.NEGATIVE]), (Result.INCONCLUSIVE, [])])
def test_laboratory(result: Result, what: list[What]) -> None:
    """A result counts when the specimen was taken, with its method; an inconclusive one tells nothing."""
    found = meaning(made(Lab, place="LAB-1", reported=NOON + DAY, result=result, method="RT-PCR"), POLICY)
    assert [one.what for one in found] == what
    assert all((one.at, one.note) == (NOON, "RT-PCR") for one in found)


def test_a_band_of_ages() -> None:
    """A visit and a result tell the band of ages at their moment, of no place; an inconclusive result tells nothing, so it tells no age either."""
    for record in (visit(age_band="30-39"), made(Lab, place="LAB-1", reported=NOON + DAY, result=Result.NEGATIVE, age_band="30-39")):
        (aged,) = [one for one in meaning(record, POLICY) if one.what is W.AGED]
        assert (aged.note, aged.at, aged.region, aged.place, aged.source) == ("30-39", record.at, None, None, "s")
    assert told(made(Lab, place="LAB-1", reported=NOON + DAY, result=Result.INCONCLUSIVE, age_band="30-39")) == []


@pytest.mark.parametrize(("degrees", "fever"), [(None, False), (37.2, False), (37.3, True), (39.0, True)])
def test_fever_by_temperature(degrees: float | None, fever: bool) -> None:
    """From 37.3 degrees on, at the gate, in a declaration and at the clinic."""
    for record in (made(Gate, place="G", direction=Direction.IN, temperature=degrees), made(Clockin, temperature=degrees), visit(temperature=degrees)):
        assert ((W.SYMPTOM, "fever") in told(record)) == fever


def test_declaration() -> None:
    """A daily declaration tells its symptoms, each once."""
    assert told(made(Clockin, temperature=38.0, symptoms=["cough", "fever"])) == [(W.SYMPTOM, "cough"), (W.SYMPTOM, "fever")]


def test_household() -> None:
    """A registration tells the residence and who looks after it, to the person and to the household."""
    one, home = meaning(made(Household, household="h", grid_worker="GW-1", region="530624100001003"), POLICY)
    assert (one.what, one.region, one.note, one.place) == (W.RESIDENCE, "530624100001003", "GW-1", None)
    assert (home.what, home.region, home.note, home.other) == (W.HOUSEHOLD, "530624100001003", "GW-1", "h")


@pytest.mark.parametrize(
    ("came_from", "left", "moment", "returned"),
    [
        ("4201", None, "2020-01-25", True), ("420106", None, "2020-01-25", True), ("42", None, "2020-01-25", True), ("4305", None, "2020-01-25", False), ("4", None, "2020-01-25", False),
        ("4203", None, "2020-01-20", False), ("4203", None, "2020-01-24", True), ("4201", None, "2019-12-30", False), ("4201", None, "2020-04-21", True),
        ("4201", None, "2020-04-23", False), ("4201", "2020-01-20", "2020-01-25", True), ("4201", "2020-01-10", "2020-01-25", False), ("4201", "2020-01-11", "2020-01-25", True),
    ],
)  # fmt: skip
def test_returned_from_a_risk_area(came_from: str, left: str | None, moment: str, returned: bool) -> None:
    """Who comes from an area that was one within fourteen days before arrival, or since leaving it when that is known, is a returnee."""
    record = made(Travel, at=at(moment), came_from=came_from, left=at(left) if left else None)
    assert told(record) == ([(W.RETURNED, came_from)] if returned else [])


def test_gate_tells_of_a_return() -> None:
    """Who says at a gate to come from a risk area is a returnee too; who says nothing is none."""
    assert told(made(Gate, place="G", direction=Direction.IN, came_from="4201")) == [(W.RETURNED, "4201")]
    assert told(made(Gate, place="G", direction=Direction.IN)) == []


@pytest.mark.parametrize(("direction", "country", "moment", "returned"), [
    (Direction.IN, "MM", "2020-04-02", True), (Direction.OUT, "MM", "2020-04-02", False), (Direction.IN, "", "2020-04-02", False), (Direction.IN, "MM", "2020-01-25", False)])  # fmt: skip
def test_crossing(direction: Direction, country: str, moment: str, returned: bool) -> None:
    """A crossing is a stay at the port, with its direction; into the country, from one that was a risk then, it is a return."""
    found = told(made(Crossing, at=at(moment), place="PORT-1", direction=direction, came_from=country))
    assert found == [(W.STAY, direction), *([(W.RETURNED, country)] if returned else [])]


@pytest.mark.parametrize(("papers", "entered"), [
    (Papers.BORDER_CERTIFICATE, True), (Papers.PASSPORT, True), (Papers.NONE, True), (Papers.RESIDENT, False), (None, False)])  # fmt: skip
def test_papers(papers: Papers | None, entered: bool) -> None:
    """Who comes in without being at home here may have a time to go; who goes out, or of whose papers nothing is said, has none."""
    found = told(made(Crossing, at=at("2020-01-25"), place="PORT-1", direction=Direction.IN, came_from="", papers=papers))
    assert found == [(W.STAY, Direction.IN), *([(W.ENTERED, papers)] if entered else [])]
    assert told(made(Crossing, at=at("2020-01-25"), place="PORT-1", direction=Direction.OUT, came_from="", papers=papers)) == [(W.STAY, Direction.OUT)]


@pytest.mark.parametrize(("papers", "known", "note"), [
    (Papers.PASSPORT, ["document", "name"], "passport document name"), (None, ["phone"], "phone"), (Papers.NONE, [], "none"), (None, [], ""), (Papers.NONE, None, None)])  # fmt: skip
def test_by_what_who_crosses_is_known(papers: Papers | None, known: list[str] | None, note: str | None) -> None:
    """Either way; of records of before it was told nothing is said."""
    found = told(made(Crossing, at=at("2020-01-25"), place="PORT-1", direction=Direction.OUT, came_from="", papers=papers, known_by=known))
    assert found == [(W.STAY, Direction.OUT), *([] if note is None else [(W.IDENTIFIED, note)])]


@pytest.mark.parametrize(("event", "what"), [
    ("symptom", W.SYMPTOM), ("onset", W.ONSET), ("isolated", W.ISOLATED), ("admitted", W.ADMITTED), ("visit", W.SEEN), ("confirmed", W.CONFIRMED), ("recovered", W.RECOVERED),
    ("died", W.DIED), ("", None), ("shopping", None)])  # fmt: skip
def test_events_of_a_published_step(event: str, what: What | None) -> None:
    """A step is a stay as long as it says; its event, when it is one of ours, is evidence at its beginning."""
    found = [one for one in meaning(made(Step, place="p", until=NOON + DAY, precise=False, event=event), POLICY) if one.what is not W.PUBLISHED]
    assert [(one.what, one.at, one.until) for one in found] == [(W.STAY, NOON, NOON + DAY), *([(what, NOON, NOON)] if what else [])]


def test_published_confirmation_and_return() -> None:
    """The day on which a case was published as confirmed is evidence of that day, without a place; a named risk area makes a returnee."""
    found = with_return(made(Step, place="p", until=NOON, precise=False, reported=NOON + 3 * DAY, came_from="42"))
    assert [(one.what, one.at, one.place) for one in found] == [(W.STAY, NOON, "p"), (W.CONFIRMED, NOON + 3 * DAY, None), (W.RETURNED, NOON, "p")]


def test_published_without_a_date() -> None:
    """A published case is a confirmed one; when nobody says since when, the step says only that it was published, at its end."""
    found = meaning(made(Step, place="p", until=NOON + DAY, precise=False), POLICY)
    assert [(one.what, one.at, one.until, one.place) for one in found] == [(W.STAY, NOON, NOON + DAY, "p"), (W.PUBLISHED, NOON + DAY, NOON + DAY, None)]


def test_scan_tells_nothing() -> None:
    """A scan is a presence for tracing and no evidence about the person."""
    assert meaning(made(Scan, place="MKT-1", direction=Direction.IN), POLICY) == []


def test_contact_and_found_presence() -> None:
    """A contact tells who exposed the person, where, how long and how deep; a presence found by tracing is a stay. Both bring the seal."""
    content: dict[str, Any] = {"causes": ["x"], "at": NOON, "until": NOON + DAY, "alias": ME, "place": "MKT-1", "region": "530624", "sealed": b"sealed"}
    (met,) = meaning(Contact.of(**content, person=OTHER, depth=2), POLICY)
    assert (met.what, met.other, met.depth, met.at, met.until, met.place, met.region, met.sealed) == (W.CONTACT, OTHER, 2, NOON, NOON + DAY, "MKT-1", "530624", b"sealed")
    (stay,) = meaning(Presence.of(**content), POLICY)
    assert (stay.what, stay.other, stay.at, stay.until, stay.place, stay.sealed) == (W.STAY, None, NOON, NOON + DAY, "MKT-1", b"sealed")


ALL = [visit(disposition=Disposition.SUSPECTED, symptoms=["cough"], temperature=39, onset=NOON), made(Step, place="p", until=NOON, precise=True, event="confirmed", reported=NOON),
       made(Gate, place="G", direction=Direction.IN, temperature=38, came_from="4201")]  # fmt: skip


@pytest.mark.parametrize("record", ALL)
def test_each_piece_is_caused_by_its_record_and_once(record: Record) -> None:
    """Every piece names the record, has an id of its own, and is the same when it is read again; of another record it is another."""
    found: list[Evidence] = with_return(record)
    assert {tuple(one.causes) for one in found} == {(record.id,)}
    assert len({one.id for one in found}) == len(found)
    assert with_return(record) == found
    assert not {one.id for one in found} & {one.id for one in with_return(record.model_copy(update={"id": "another"}))}


def test_a_care_visit() -> None:
    """How the person was reached and by whom, signs of illness, and each service; who asks in an app was not visited, and of who was not there nothing else counts."""
    content = {"by": "GW-1", "temperature": 37.6, "symptoms": ["cough"], "services": [Service.FOOD, Service.DIALYSIS]}
    asked = [(W.SYMPTOM, "cough"), (W.SYMPTOM, "fever"), (W.ASKED, "food"), (W.ASKED, "dialysis")]
    found = meaning(made(CareVisit, reached=Reached.AT_HOME, **content), POLICY)
    assert [(one.what, one.note) for one in found] == [(W.CARED, "at_home"), *asked]
    assert found[0].other == "GW-1"
    assert told(made(CareVisit, reached=Reached.BY_APP, **content)) == asked
    assert told(made(CareVisit, reached=Reached.NOBODY_THERE, **content)) == [(W.ABSENT, "")]
