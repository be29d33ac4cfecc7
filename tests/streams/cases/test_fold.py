"""The linked case, field by field, from the evidence that stands."""

from __future__ import annotations

import random
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.models.case import Concern, Evidence, LinkedCase, Meeting, Role, Sealed, Status, What, Why
from streams.cases.fold import aliases, linked_case
from streams.cases.status import FINDS, course, in_order
from streams.policy import load
from tests.streams.cases.pieces import ME, OTHER, THIRD, day, piece, pieces

POLICY = load()
W = What


def folded(evidence: list[Evidence]) -> LinkedCase | None:
    """The case of some evidence in any order."""
    told = in_order(evidence)
    return linked_case(ME, told, course(told, POLICY), POLICY)


def case(*evidence: Evidence) -> LinkedCase:
    """The case of some evidence that makes one."""
    found = folded(list(evidence))
    assert found
    return found


POSITIVE = piece(W.POSITIVE, 10)


@pytest.mark.parametrize(
    ("whats", "roles"),
    [
        ([], None), ([W.SYMPTOM, W.SEEN, W.ONSET, W.STAY, W.RESIDENCE, W.NEGATIVE, W.ISOLATED, W.RULED_OUT, W.MEMBER, W.REFERRED], None), ([W.EXPOSED], None),
        *(([what], [Role.CASE]) for what in FINDS), ([W.CONTACT], [Role.CONTACT]), ([W.RETURNED], [Role.RETURNEE]),
        ([W.CONTACT, W.RETURNED, W.SUSPECTED], [Role.CASE, Role.CONTACT, Role.RETURNEE]), ([W.SUSPECTED, W.RULED_OUT], [Role.CASE]),
    ],
)  # fmt: skip
def test_who_has_a_linked_case(whats: list[What], roles: list[Role] | None) -> None:
    """Cases, contacts and returnees have one, with every role that applies, and nobody else; who was ruled out keeps the case that says so."""
    found = folded([piece(what, 1, other=OTHER) for what in whats])
    assert (found and found.roles) == roles


def test_status_and_time() -> None:
    """Status, its beginning, classification and onset come from the course; the case is of the latest event time in it, causes are all its evidence."""
    told = pieces((W.ONSET, 8), (W.POSITIVE, 10), (W.ISOLATED, 11), (W.SYMPTOM, 12))
    found = case(*told)
    assert (found.status, found.since, found.classification, found.onset, found.at) == (Status.ISOLATED, day(11), Status.CONFIRMED, day(8), day(12))
    assert found.causes == sorted(one.id for one in told)
    assert found.person == ME


def test_membership_is_no_event() -> None:
    """What only tells how records are joined, or what others said, is not in the timeline and does not make the case later."""
    found = case(POSITIVE, piece(W.MEMBER, 50, alias=OTHER), piece(W.EXPOSED, 60, other=OTHER))
    assert found.at == day(10)
    assert [entry.what for entry in found.timeline] == [W.POSITIVE]


def test_home() -> None:
    """Residence and grid worker are those of the latest registration; at one moment content decides, not an id."""
    old, new = piece(W.RESIDENCE, 1, region="530624100001003", note="GW-1"), piece(W.RESIDENCE, 5, region="530602", note="GW-2")
    found = case(POSITIVE, new, old)
    assert (found.community, found.grid_worker) == ("530602", "GW-2")
    ties = [piece(W.RESIDENCE, 5, region=region, note=note, causes=[str(number)]) for number, (region, note) in enumerate([("530602", "GW-2"), ("530624", "GW-1"), ("530624", "GW-3")])]
    assert {case(POSITIVE, *order).grid_worker for order in permutations(ties)} == {"GW-3"}
    nowhere = [piece(W.RESIDENCE, 5, region=region, note="GW-1", causes=[cause]) for region, cause in ((None, "x"), ("53", "y"), (None, "z"))]
    assert {case(POSITIVE, *order).community for order in permutations(nowhere)} == {"53"}
    assert (case(POSITIVE).community, case(POSITIVE).grid_worker) == (None, None)


def test_clinic_and_referral() -> None:
    """The facility in charge saw the person first; the referral is the latest; what has no place or facility, and what is no visit or referral, says nothing of it."""
    told = [
        piece(W.STAY, 1, place="MKT-1"), piece(W.CONTACT, 9, other=OTHER), piece(W.REFERRED, 8), piece(W.SEEN, 3),
        piece(W.SEEN, 5, place="CLIN-2"), piece(W.SEEN, 4, place="CLIN-1"), piece(W.REFERRED, 6, other="HOSP-2"), piece(W.REFERRED, 5, other="HOSP-1"),
    ]  # fmt: skip
    found = case(POSITIVE, *told)
    assert (found.clinic, found.referred_to) == ("CLIN-1", "HOSP-2")
    assert (case(POSITIVE).clinic, case(POSITIVE).referred_to) == (None, None)
    ties = [piece(W.SEEN, 4, place=place) for place in ("CLIN-9", "CLIN-3", "CLIN-7")]
    assert {case(POSITIVE, *order).clinic for order in permutations(ties)} == {"CLIN-3"}


def test_concerns() -> None:
    """A region concerns the person by residence, stay or detection, each pair once, sorted; what has no region, and an older residence, concern nobody."""
    found = case(
        piece(W.POSITIVE, 10, region="530602"), piece(W.SEEN, 9, region="530602"), piece(W.STAY, 3, region="530602"), piece(W.STAY, 4),
        piece(W.CONTACT, 5, region="530621", other=OTHER), piece(W.RETURNED, 6, region="530624"), piece(W.SYMPTOM, 6, region="530625"),
        piece(W.RESIDENCE, 1, region="530626"), piece(W.RESIDENCE, 2, region="530624100"),
    )  # fmt: skip
    assert found.concerns == [
        Concern(region="530602", why=Why.DETECTION), Concern(region="530602", why=Why.STAY), Concern(region="530621", why=Why.DETECTION),
        Concern(region="530624", why=Why.STAY), Concern(region="530624100", why=Why.RESIDENCE),
    ]  # fmt: skip


def test_timeline_has_one_line_for_each_thing() -> None:
    """What several records say is one line, of the smallest source; what tracing found gives way to a source; lines are in order of time and content."""
    told = [
        piece(W.STAY, 3, 4, place="MKT-1", source=""), piece(W.STAY, 3, 4, place="MKT-1", source="border"), piece(W.STAY, 3, 4, place="MKT-1", source="clinic"),
        piece(W.STAY, 3, 5, place="MKT-1"), piece(W.STAY, 3, 4, place="MKT-0"), piece(W.SYMPTOM, 2, note="fever"), piece(W.SYMPTOM, 2, note="cough"), POSITIVE,
    ]  # fmt: skip
    lines = [(entry.at, entry.until, entry.what, entry.place, entry.note, entry.source) for entry in case(*told).timeline]
    assert lines == [
        (day(2), day(2), W.SYMPTOM, None, "cough", ""), (day(2), day(2), W.SYMPTOM, None, "fever", ""), (day(3), day(4), W.STAY, "MKT-0", "", ""),
        (day(3), day(4), W.STAY, "MKT-1", "", "border"), (day(3), day(5), W.STAY, "MKT-1", "", ""), (day(10), day(10), W.POSITIVE, None, "", ""),
    ]  # fmt: skip
    assert {entry.evidence for entry in case(*told).timeline} <= {one.id for one in told}


def test_lines_of_one_moment_are_in_order_of_content() -> None:
    """Neither which source stands for a line nor which line comes first depends on how facts are called."""
    for cause in "abcdefgh":
        same = [piece(W.STAY, 3, place="MKT-1", source=source, causes=[cause, source]) for source in ("", "border", "clinic", "door")]
        elsewhere = [piece(W.STAY, 3, place="MKT-1", region=region, causes=[cause]) for region in ("53", "42", "530624")]
        lines = [(entry.region, entry.source) for entry in case(*same, *elsewhere, POSITIVE).timeline]
        assert lines == [(None, "border"), ("42", ""), ("53", ""), ("530624", ""), (None, "")]


def test_meetings() -> None:
    """Each other person is one meeting, from first to last, with all places and the smallest depth; who exposed and who was exposed are apart."""
    told = [
        piece(W.CONTACT, 5, 6, other=OTHER, place="MKT-2", depth=2), piece(W.CONTACT, 3, 4, other=OTHER, place="MKT-1", depth=1),
        piece(W.CONTACT, 4, 7, other=OTHER, place="MKT-1", depth=2), piece(W.CONTACT, 2, other=THIRD, depth=1), piece(W.CONTACT, 5, depth=1), piece(W.EXPOSED, 2, 3, other=THIRD, place="MKT-3", depth=1),
    ]  # fmt: skip
    found = case(*told)
    assert found.contact_of == [
        Meeting(person=OTHER, first=day(3), last=day(7), places=["MKT-1", "MKT-2"], depth=1), Meeting(person=THIRD, first=day(2), last=day(2), places=[], depth=1),
    ]  # fmt: skip
    assert found.contacts == [Meeting(person=THIRD, first=day(2), last=day(3), places=["MKT-3"], depth=1)]


def test_aliases_and_seals() -> None:
    """All aliases that evidence was found under, once each, sorted; and each seal under its alias once. Those of the exposed are theirs."""
    told = [POSITIVE, piece(W.MEMBER, 1, alias=THIRD), piece(W.SEEN, 1, alias=OTHER, sealed=b"b"), piece(W.SYMPTOM, 1, alias=OTHER, sealed=b"b"),
            piece(W.SEEN, 1, sealed=b"a"), piece(W.EXPOSED, 1, alias="4" * 32, other="4" * 32), piece(W.SUPERSEDED, 1, alias="5" * 32, other=OTHER)]  # fmt: skip
    assert aliases(told) == case(*told).aliases == [ME, OTHER, THIRD]
    assert case(*told).sealed == [Sealed(alias=ME, data=b"a"), Sealed(alias=OTHER, data=b"b")]


def _drawn(draw: st.DrawFn) -> Evidence:
    content: dict[str, Any] = {
        "region": draw(st.sampled_from([None, "53", "530624"])), "place": draw(st.sampled_from([None, "A", "B"])), "other": draw(st.sampled_from([OTHER, THIRD])),
        "note": draw(st.sampled_from(["", "GW-1"])), "alias": draw(st.sampled_from([ME, OTHER])), "source": draw(st.sampled_from(["", "a", "b"])),
        "depth": draw(st.integers(1, 2)), "causes": [draw(st.sampled_from("xy"))],
    }  # fmt: skip
    return piece(draw(st.sampled_from(What)), draw(st.integers(1, 3)), draw(st.integers(3, 4)), **content)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.composite(_drawn)(), max_size=12, unique_by=lambda one: one.id), st.randoms())
def test_the_case_is_of_the_set(told: list[Evidence], chance: random.Random) -> None:
    """The same evidence in any order gives the same case with the same id."""
    shuffled = list(told)
    chance.shuffle(shuffled)
    assert folded(shuffled) == folded(told)
