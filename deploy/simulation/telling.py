"""From what happened and what was sent to the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from deploy.simulation.care import Care
from deploy.simulation.faults import LATE, Sending
from deploy.simulation.history import History
from deploy.simulation.manners import MANNERS
from deploy.simulation.people import Person
from deploy.simulation.records import Fields, Handle, Sent
from deploy.simulation.travellers import WUHAN
from deploy.simulation.truth import Broken, CoPresence, Count, Returnee, TrueCase, TrueInfection, TruePerson, TrueRecord, Truth

_CASE = ("suspected", "probable", "confirmed")
"""From the least sure to the surest."""


def identity(source: str, fields: Fields) -> list[str]:
    """What identifies a record at its source."""
    return [str(fields[name]) for name in MANNERS[source].ids]


def tell(history: History, sent: list[Sent], sendings: list[Sending], seed: int, start: date) -> Truth:
    """The truth about everything."""
    return Truth(
        seed=seed,
        start=start.isoformat(),
        days=len(history.days),
        end=history.end,
        people=_people(history, sent),
        infections=[
            TrueInfection(person=one.person.key, by=one.by.key if one.by else None, place=one.place, at=one.at, onset=one.onset,
                          infectious_from=one.since, infectious_until=one.until)
            for one in history.infections.values()
        ],
        cases=_cases(history),
        co_presences=[
            CoPresence(case=one.case.key, other=one.other.key, place=one.place, region=one.region, at=one.at, until=one.until, recorded=one.recorded)
            for one in history.meetings
        ],
        returnees=_returnees(history, sendings, sent),
        sources=[_count(name, sent, [one for one in sendings if one.source == name], history.start) for name in MANNERS],
        broken=[
            Broken(source=one.source, id=identity(one.source, one.fields), fields=list(one.spoilt)) for one in sendings if one.kind == "broken"
        ],
    )  # fmt: skip


@dataclass(slots=True)
class _About:
    """Handles and records of one person, as they are found."""

    handles: dict[Handle, int] = field(default_factory=dict)
    records: list[TrueRecord] = field(default_factory=list)


def _people(history: History, sent: Iterable[Sent]) -> list[TruePerson]:
    about = {person: _About() for person in history.people}
    for one in sent:
        if one.withdrawn is None:
            for number, (person, given) in enumerate(one.people):
                known = about[person].handles
                numbers = [known.setdefault(handle, len(known)) for handle in given]
                about[person].records.append(TrueRecord(source=one.source, id=identity(one.source, one.fields), companion=number > 0, handles=numbers))
    return [_person(person, found) for person, found in about.items()]


def _person(person: Person, found: _About) -> TruePerson:
    return TruePerson(person=person.key, name=person.name, born=person.born.isoformat(), sex=person.sex, group=person.group, community=person.community,
                      household=person.household.number if person.household else None, handles=[list(handle) for handle in found.handles],
                      records=found.records)  # fmt: skip


def _cases(history: History) -> list[TrueCase]:
    found: dict[Person, list[Care]] = {}
    for care in history.cares:
        found.setdefault(care.person, []).append(care)
    cases = [_case(person, cares, infected=person in history.infections) for person, cares in found.items()]
    return [case for case in cases if case]


def _case(person: Person, cares: list[Care], *, infected: bool) -> TrueCase | None:
    words = sorted((at, word) for care in cares for at, word in _words(care))
    status, classification = standing([word for _, word in words])
    if status is None:
        return None
    illness = [care for care in cares if any(word in _CASE for _, word in _words(care))][-1]
    visits = illness.visits
    return TrueCase(
        person=person.key, infected=infected, onset=min((visit.onset for visit in visits if visit.onset is not None), default=None),
        clinic=visits[0].facility.code, referred_to=next((visit.referred_to for visit in visits if visit.referred_to), None),
        classification=classification, status=status, isolated=illness.isolated,
    )  # fmt: skip


def _words(care: Care) -> list[tuple[int, str]]:
    """What was decided when: visits decide, so do results that stand, and the last of two negatives."""
    found = [(visit.at, visit.disposition) for visit in care.visits if visit.disposition != "observed"]
    positive = [(one.at, "confirmed") for one in care.specimens if one.result == "positive" and one.withdrawn is None]
    return found + positive + [(one.at, "ruled_out") for one in care.specimens if one.decides]


def standing(words: Iterable[str]) -> tuple[str | None, str | None]:
    """Status and classification after decisions in their order; both None for who was never a case. What confirms is not undone by what rules out."""
    status = classification = None
    for word in words:
        if word in _CASE:
            classification = max(classification or word, word, key=_CASE.index)
            status = classification if status in (None, "ruled_out", *_CASE) else status
        elif word != "ruled_out":
            status = "in_hospital" if word == "admitted" else word
        elif classification != "confirmed":
            status, classification = "ruled_out", None
    return status, classification


def _returnees(history: History, sendings: Iterable[Sending], sent: Iterable[Sent]) -> list[Returnee]:
    arrived = {one.fields["declaration_no"]: one.at for one in sendings if one.source == "travel" and one.kind in ("plain", "correction") and not one.again}
    declared = {(one.people[0][0], one.fields["from"]): arrived[one.fields["declaration_no"]] for one in sent if one.source == "travel"}
    return [
        Returnee(person=one.person.key, left=one.left, arrived=one.arrived, to=str(one.person.community), declared=declared.get((one.person, WUHAN)))
        for one in history.journeys
        if one.came_from == WUHAN
    ]


def _count(source: str, sent: list[Sent], sendings: list[Sending], start: int) -> Count:
    kinds = Counter(one.kind for one in sendings)
    return Count(
        source=source, messages=len(sendings), records=sum(one.source == source and one.withdrawn is None for one in sent),
        duplicates=sum(one.again for one in sendings), corrections=kinds["correction"], retractions=kinds["retraction"], broken=kinds["broken"],
        late=sum(one.at - max(one.made, start) > LATE for one in sendings),
    )  # fmt: skip
