"""The course of a case, as the plans for diagnosis and control of 2020 describe it."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.models.case import Evidence, Status, What
from streams.cases.status import CLASSIFICATIONS, FINDS, course, dated, in_order, onset_of
from streams.policy import load
from tests.streams.cases.pieces import day, piece, pieces

POLICY = load()
W, S = What, Status
HOURS = 1 / 24

COURSES: list[tuple[str, list[tuple[What, float]], tuple[Status | None, float | None, Status | None]]] = [
    ("nothing", [], (None, None, None)),
    ("symptoms, stays and contacts make no case", [(W.SYMPTOM, 1), (W.ONSET, 1), (W.SEEN, 2), (W.STAY, 2), (W.CONTACT, 3), (W.RETURNED, 3)], (None, None, None)),
    ("suspected", [(W.SUSPECTED, 1)], (S.SUSPECTED, 1, S.SUSPECTED)),
    ("suspected again is no news", [(W.SUSPECTED, 1), (W.SUSPECTED, 2)], (S.SUSPECTED, 1, S.SUSPECTED)),
    ("published as a confirmed case", [(W.PUBLISHED, 5)], (S.CONFIRMED, 5, S.CONFIRMED)),
    ("clinically diagnosed", [(W.SUSPECTED, 1), (W.PROBABLE, 2)], (S.PROBABLE, 2, S.PROBABLE)),
    ("confirmed by the laboratory", [(W.SUSPECTED, 1), (W.POSITIVE, 2)], (S.CONFIRMED, 2, S.CONFIRMED)),
    ("confirmed by a clinic", [(W.SUSPECTED, 1), (W.PROBABLE, 2), (W.CONFIRMED, 3)], (S.CONFIRMED, 3, S.CONFIRMED)),
    ("positive without suspicion", [(W.POSITIVE, 1)], (S.CONFIRMED, 1, S.CONFIRMED)),
    ("a later suspicion does not undo a confirmation", [(W.POSITIVE, 1), (W.SUSPECTED, 2), (W.PROBABLE, 3)], (S.CONFIRMED, 1, S.CONFIRMED)),
    ("two negatives a day apart rule out", [(W.SUSPECTED, 1), (W.NEGATIVE, 2), (W.NEGATIVE, 3)], (S.RULED_OUT, 3, None)),
    ("two negatives within a day do not", [(W.SUSPECTED, 1), (W.NEGATIVE, 2), (W.NEGATIVE, 2 + 23.9 * HOURS)], (S.SUSPECTED, 1, S.SUSPECTED)),
    ("a third that is a day after the first does", [(W.SUSPECTED, 1), (W.NEGATIVE, 2), (W.NEGATIVE, 2.5), (W.NEGATIVE, 3)], (S.RULED_OUT, 3, None)),
    ("a negative before the suspicion does not count", [(W.NEGATIVE, 0), (W.SUSPECTED, 1), (W.NEGATIVE, 2)], (S.SUSPECTED, 1, S.SUSPECTED)),
    ("only specimens count as negatives", [(W.SUSPECTED, 1), (W.SYMPTOM, 2), (W.NEGATIVE, 3)], (S.SUSPECTED, 1, S.SUSPECTED)),
    ("only a specimen is the second negative", [(W.SUSPECTED, 1), (W.NEGATIVE, 2), (W.SYMPTOM, 4), (W.SEEN, 5)], (S.SUSPECTED, 1, S.SUSPECTED)),
    ("negatives alone make no case", [(W.NEGATIVE, 1), (W.NEGATIVE, 3)], (None, None, None)),
    ("a positive between two negatives stands", [(W.SUSPECTED, 1), (W.NEGATIVE, 2), (W.POSITIVE, 2.5), (W.NEGATIVE, 3)], (S.CONFIRMED, 2.5, S.CONFIRMED)),
    ("a clinic rules out", [(W.SUSPECTED, 1), (W.RULED_OUT, 2)], (S.RULED_OUT, 2, None)),
    ("a clinical diagnosis can be ruled out", [(W.PROBABLE, 1), (W.NEGATIVE, 2), (W.NEGATIVE, 3)], (S.RULED_OUT, 3, None)),
    ("a confirmation cannot", [(W.POSITIVE, 1), (W.RULED_OUT, 2), (W.NEGATIVE, 3), (W.NEGATIVE, 5)], (S.CONFIRMED, 1, S.CONFIRMED)),
    ("nothing to rule out", [(W.RULED_OUT, 1)], (None, None, None)),
    ("suspected anew after it was ruled out", [(W.SUSPECTED, 1), (W.RULED_OUT, 2), (W.SUSPECTED, 9)], (S.SUSPECTED, 9, S.SUSPECTED)),
    ("positive after false negatives", [(W.SUSPECTED, 1), (W.NEGATIVE, 2), (W.NEGATIVE, 3), (W.POSITIVE, 4)], (S.CONFIRMED, 4, S.CONFIRMED)),
    ("negatives are counted anew", [(W.SUSPECTED, 1), (W.NEGATIVE, 2), (W.NEGATIVE, 3), (W.SUSPECTED, 4), (W.NEGATIVE, 5)], (S.SUSPECTED, 4, S.SUSPECTED)),
    ("isolated while suspected", [(W.SUSPECTED, 1), (W.ISOLATED, 2)], (S.ISOLATED, 2, S.SUSPECTED)),
    ("a confirmation does not end isolation", [(W.SUSPECTED, 1), (W.ISOLATED, 2), (W.POSITIVE, 3)], (S.ISOLATED, 2, S.CONFIRMED)),
    ("ruling out ends isolation", [(W.SUSPECTED, 1), (W.ISOLATED, 2), (W.RULED_OUT, 3)], (S.RULED_OUT, 3, None)),
    ("a contact in isolation has no classification", [(W.CONTACT, 1), (W.ISOLATED, 2)], (S.ISOLATED, 2, None)),
    ("in hospital", [(W.SUSPECTED, 1), (W.ISOLATED, 2), (W.POSITIVE, 3), (W.ADMITTED, 4)], (S.IN_HOSPITAL, 4, S.CONFIRMED)),
    ("recovered", [(W.POSITIVE, 1), (W.ADMITTED, 2), (W.RECOVERED, 20)], (S.RECOVERED, 20, S.CONFIRMED)),
    ("positive after recovery is the same case", [(W.POSITIVE, 1), (W.RECOVERED, 20), (W.POSITIVE, 30)], (S.RECOVERED, 20, S.CONFIRMED)),
    ("a confirmation after a suspicion that recovered", [(W.SUSPECTED, 1), (W.RECOVERED, 5), (W.POSITIVE, 6)], (S.CONFIRMED, 6, S.CONFIRMED)),
    ("back in hospital", [(W.POSITIVE, 1), (W.ADMITTED, 2), (W.RECOVERED, 20), (W.ADMITTED, 25)], (S.IN_HOSPITAL, 25, S.CONFIRMED)),
    ("died", [(W.POSITIVE, 1), (W.ADMITTED, 2), (W.DIED, 10)], (S.DIED, 10, S.CONFIRMED)),
    ("nothing follows death", [(W.POSITIVE, 1), (W.DIED, 10), (W.RECOVERED, 11), (W.NEGATIVE, 12), (W.ADMITTED, 13)], (S.DIED, 10, S.CONFIRMED)),
    ("a result after death does not change the course", [(W.SUSPECTED, 1), (W.DIED, 2), (W.POSITIVE, 3)], (S.DIED, 2, S.SUSPECTED)),
]  # fmt: skip


@pytest.mark.parametrize(("told", "expected"), [pytest.param(told, expected, id=name.replace(" ", "-")) for name, told, expected in COURSES])
def test_courses(told: list[tuple[What, float]], expected: tuple[Status | None, float | None, Status | None]) -> None:
    """Status, since when, and classification after each course of events."""
    state = course(pieces(*told), POLICY)
    status, since, classification = expected
    assert (state.status, state.since, state.classification) == (status, None if since is None else day(since), classification)


def test_what_found_the_case() -> None:
    """It is the first finding that was not ruled out since, and the episode begins after the ruling-out."""
    told = pieces((W.SUSPECTED, 1), (W.RULED_OUT, 2), (W.ISOLATED, 3), (W.SUSPECTED, 4), (W.POSITIVE, 5))
    state = course(told, POLICY)
    assert state.found == told[3]
    assert told[state.began :] == told[2:]
    assert course(told[:3], POLICY).found is None
    assert course(told[:1], POLICY).began == 0


@pytest.mark.parametrize(
    ("told", "onset"),
    [
        ([(W.ONSET, 5)], 5),
        ([(W.ONSET, 5), (W.ONSET, 7), (W.POSITIVE, 10)], 5),
        ([(W.POSITIVE, 10), (W.ONSET, 12)], 12),
        ([(W.ONSET, 5), (W.SUSPECTED, 6), (W.NEGATIVE, 8), (W.NEGATIVE, 9), (W.POSITIVE, 11)], 5),
        ([(W.ONSET, 5), (W.SUSPECTED, 6), (W.RULED_OUT, 9), (W.ONSET, 149), (W.SUSPECTED, 150)], 149),
        ([(W.ONSET, 5), (W.SUSPECTED, 6), (W.RULED_OUT, 9), (W.SUSPECTED, 150)], None),
        ([(W.POSITIVE, 10)], None),
    ],
)
def test_onset(told: list[tuple[What, float]], onset: float | None) -> None:
    """The first symptoms of the present episode: not more than fourteen days before its finding, false negatives or not."""
    evidence = pieces(*told)
    found = onset_of(evidence, course(evidence, POLICY), POLICY)
    assert (found and found.at) == (None if onset is None else day(onset))


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ([(W.PUBLISHED, 5), (W.PUBLISHED, 7), (W.PUBLISHED, 6), (W.STAY, 9)], [(W.PUBLISHED, 7), (W.STAY, 9)]),
        *(([(W.PUBLISHED, 5), (found, 4)], [(found, 4)]) for found in FINDS if found is not W.PUBLISHED),
        ([(W.PUBLISHED, 5), (W.ISOLATED, 4)], [(W.ISOLATED, 4), (W.PUBLISHED, 5)]),
        ([(W.STAY, 5)], [(W.STAY, 5)]),
    ],
)
def test_publications_without_a_date(told: list[tuple[What, float]], kept: list[tuple[What, float]]) -> None:
    """They count only while nothing else makes the person a case, and then the last of them alone: a case is confirmed at the last moment that is told of it."""
    assert [(one.what, one.at) for one in dated(pieces(*told))] == [(what, day(number)) for what, number in kept]


def test_which_publication_counts_at_one_moment() -> None:
    """Of several at one moment content decides, in every order."""
    told = [piece(W.PUBLISHED, region=region, source=source) for region, source in (("51", "a"), ("53", "a"), ("53", "b"), (None, "c"))]
    assert {tuple((one.region, one.source) for one in dated(order)) for order in permutations(told)} == {(("53", "b"),)}


def test_order_of_one_moment() -> None:
    """At one moment the words count in their own order, and equal words by id: a suspicion and its confirmation of one visit are a confirmed case."""
    told = [piece(W.DIED), piece(W.POSITIVE), piece(W.SUSPECTED), piece(W.ONSET), piece(W.SUSPECTED, causes=["another"])]
    assert [one.what for one in in_order(told)] == [W.ONSET, W.SUSPECTED, W.SUSPECTED, W.POSITIVE, W.DIED]
    assert len({tuple(one.id for one in in_order(order)) for order in permutations(told)}) == 1


def test_every_classification_is_found_by_something() -> None:
    """The words that find a case give every classification there is, and no other status."""
    assert set(FINDS.values()) == set(CLASSIFICATIONS)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(st.sampled_from(What), st.integers(0, 6)), max_size=8))
def test_what_holds_for_every_course(told: list[tuple[What, int]]) -> None:
    """Whatever is told: a classified case was found and has a status since something told; death is the end; a confirmation is never lost."""
    evidence: list[Evidence] = pieces(*told)
    state = course(evidence, POLICY)
    assert (state.classification is None) == (state.found is None)
    assert (state.status is None) == (state.since is None)
    assert state.since is None or state.since in {one.at for one in evidence}
    assert (state.status is S.DIED) == any(one.what is W.DIED for one in evidence)
    died = next((place for place, one in enumerate(evidence) if one.what is W.DIED), len(evidence))
    if any(one.what in (W.POSITIVE, W.CONFIRMED) for one in evidence[:died]):
        assert state.classification is S.CONFIRMED
