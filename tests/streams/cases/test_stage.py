"""Evidence in, linked cases, orders and word to those who exposed out: the difference to what was said before, and nothing else."""

from __future__ import annotations

import random
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.models.case import Evidence, LinkedCase, Role, Status, What
from schemas.models.control import Level
from schemas.models.movement import Order
from streams.cases.stage import stage
from streams.policy import load
from streams.stage import Emit, Verdict
from tests.streams.cases.pieces import ME, OTHER, THIRD, piece
from tests.streams.trial import Trial, values

STAGE = stage(load().everywhere(Level.ALERT))
W = What
POSITIVE, ISOLATED, SYMPTOM = piece(W.POSITIVE, 10), piece(W.ISOLATED, 11), piece(W.SYMPTOM, 9, note="fever")
MET = piece(W.CONTACT, 8, 8.1, other=OTHER, depth=1, place="MKT-1")
HEIR = piece(W.SUPERSEDED, 1, other=OTHER)


def case(trial: Trial, person: str = ME) -> LinkedCase | None:
    """The linked case of a person that stands."""
    return next((one for one in trial.stands("case.linked") if isinstance(one, LinkedCase) and one.person == person), None)


def topics(emits: list[Emit]) -> list[tuple[str, str]]:
    """Topic and key of what was written."""
    return [(emit.topic, emit.key) for emit in emits]


def test_evidence_makes_a_case_and_an_order() -> None:
    """The case is keyed by the person, the order by the alias to trace."""
    trial = Trial(STAGE)
    emits = trial.give(POSITIVE)
    assert topics(emits) == [("case.linked", ME), ("trace.order", ME)]
    found = case(trial)
    assert found
    assert (found.status, found.person, found.causes) == (Status.CONFIRMED, ME, [POSITIVE.id])


def test_a_batch_makes_one_case() -> None:
    """However many pieces come in a batch, each person's case is written once."""
    trial = Trial(STAGE)
    emits = trial.give(SYMPTOM, POSITIVE, ISOLATED, piece(W.POSITIVE, 3, person=OTHER, alias=OTHER))
    assert topics(emits) == [("case.linked", ME), ("trace.order", ME), ("case.linked", OTHER), ("trace.order", OTHER)]


def test_only_the_difference_is_written() -> None:
    """A symptom changes the case and no order; isolation changes both; evidence that comes and goes in one batch changes nothing."""
    trial = Trial(STAGE)
    trial.give(POSITIVE)
    assert topics(trial.give(SYMPTOM)) == [("case.linked", ME)]
    changed = trial.give(ISOLATED)
    assert topics(changed) == [("case.linked", ME), ("trace.order", ME), ("trace.order", ME)]
    assert [order.retracted for order in values(changed, Order)] == [True, False]
    assert trial.give(piece(W.SYMPTOM, 5), piece(W.SYMPTOM, 5).taken_back()) == []


def test_evidence_that_makes_nobody_a_case_is_kept() -> None:
    """A cough and a residence write nothing until something makes the person a case, and are in it then."""
    trial = Trial(STAGE)
    assert trial.give(piece(W.SYMPTOM, 1, note="cough"), piece(W.RESIDENCE, 1, region="530624", note="GW-1")) == []
    trial.give(POSITIVE)
    found = case(trial)
    assert found
    assert (found.grid_worker, [entry.what for entry in found.timeline]) == ("GW-1", [W.RESIDENCE, W.SYMPTOM, W.POSITIVE])


def test_repetition() -> None:
    """Evidence that stands, and a retraction of what does not, is a duplicate and writes nothing."""
    trial = Trial(STAGE)
    trial.give_each([POSITIVE, POSITIVE, POSITIVE.taken_back(), POSITIVE.taken_back()])
    assert trial.verdicts == [Verdict.APPLIED, Verdict.DUPLICATE] * 2
    assert topics(trial.wrote) == [("case.linked", ME), ("trace.order", ME)] * 2


def test_a_case_without_evidence_is_taken_back() -> None:
    """The case is retracted without saying again what was in it, and its orders are taken back; without an heir it has none."""
    trial = Trial(STAGE)
    trial.give(POSITIVE)
    before = case(trial)
    back = trial.give(POSITIVE.taken_back())
    assert before
    assert values(back, LinkedCase) == [before.taken_back()]
    assert case(trial) is None
    assert trial.stands("trace.order") == []


def test_a_case_comes_back() -> None:
    """The same evidence again makes the same case again."""
    trial = Trial(STAGE)
    trial.give(POSITIVE)
    before = case(trial)
    trial.give(POSITIVE.taken_back())
    trial.give(POSITIVE)
    assert case(trial) == before


def test_a_merged_person_points_to_the_heir() -> None:
    """When a person's evidence goes to another, the retracted case names that person, in whatever order heir and evidence move; a second heir replaces the first."""
    for moves in ([HEIR, POSITIVE.taken_back()], [POSITIVE.taken_back(), HEIR]):
        trial = Trial(STAGE)
        trial.give(POSITIVE)
        trial.give_each(moves)
        last = values(trial.wrote, LinkedCase)[-1]
        assert (last.retracted, last.superseded_by, last.person) == (True, OTHER, ME)
        trial.give(HEIR.taken_back(), piece(W.SUPERSEDED, 1, other=THIRD))
        assert values(trial.wrote, LinkedCase)[-1].superseded_by == THIRD


def test_a_person_who_never_was_a_case_needs_no_pointer() -> None:
    """An alias that only joins another person writes nothing."""
    trial = Trial(STAGE)
    assert trial.give(SYMPTOM, HEIR, SYMPTOM.taken_back()) == []


def test_a_split_person_is_a_case_again() -> None:
    """When the evidence comes back, the case stands without a pointer."""
    trial = Trial(STAGE)
    trial.give(POSITIVE)
    before = case(trial)
    trial.give(POSITIVE.taken_back(), HEIR)
    assert case(trial) is None
    trial.give(HEIR.taken_back(), POSITIVE)
    assert case(trial) == before


def test_a_contact_tells_the_one_who_exposed() -> None:
    """The contact has a case of its own, and the other person learns of it; taken back, both go."""
    trial = Trial(STAGE)
    emits = trial.give(MET)
    assert topics(emits) == [("case.linked", ME), ("case.exposed", OTHER)]
    found = case(trial)
    assert found
    assert (found.roles, found.status, [meeting.person for meeting in found.contact_of]) == ([Role.CONTACT], None, [OTHER])
    (word,) = values(emits, Evidence)
    trial.give(piece(W.POSITIVE, 7, person=OTHER, alias=OTHER), word)
    other = case(trial, OTHER)
    assert other
    assert [meeting.person for meeting in other.contacts] == [ME]
    trial.give(MET.taken_back())
    assert case(trial) is None
    assert trial.stands("case.exposed") == []


def test_who_exposed_others_alone_is_no_case() -> None:
    """Word of an exposed person makes nobody a case, for the order may be on its way to be taken back."""
    trial = Trial(STAGE)
    assert trial.give(piece(W.EXPOSED, 8, other=OTHER)) == []


def test_nobody_is_their_own_contact() -> None:
    """Two aliases of one person that were traced to each other make no contact of that person."""
    trial = Trial(STAGE)
    assert trial.give(piece(W.CONTACT, 8, alias=OTHER, other=ME, depth=1), piece(W.EXPOSED, 8, alias=OTHER, other=ME)) == []
    trial.give(POSITIVE)
    found = case(trial)
    assert found
    assert (found.roles, found.contacts, found.contact_of) == ([Role.CASE], [], [])


def test_orders_of_a_person_with_two_aliases() -> None:
    """An alias that joins is traced too; one that leaves is traced no more."""
    trial = Trial(STAGE)
    member = piece(W.MEMBER, 1, alias=THIRD)
    trial.give(POSITIVE)
    joined = values(trial.give(member), Order)
    assert [(order.alias, order.retracted) for order in joined] == [(THIRD, False)]
    assert [(order.alias, order.retracted) for order in values(trial.give(member.taken_back()), Order)] == [(THIRD, True)]


TOLD = [POSITIVE, ISOLATED, SYMPTOM, MET, HEIR, piece(W.SUSPECTED, 5), piece(W.RULED_OUT, 6), piece(W.RETURNED, 4, note="42", region="530624"), piece(W.MEMBER, 1, alias=THIRD)]


@settings(deadline=None, max_examples=100)
@given(st.lists(st.sampled_from(TOLD), unique_by=lambda one: one.id), st.lists(st.sampled_from(TOLD), max_size=4, unique_by=lambda one: one.id), st.randoms(), st.integers(1, 6))
def test_what_stands_is_of_the_evidence_that_stands(told: list[Evidence], gone: list[Evidence], chance: random.Random, size: int) -> None:
    """Any evidence in any order and any batches, with other evidence that comes and goes: case, orders and word are those of the evidence that stands."""
    plain = Trial(STAGE)
    plain.give(*told)
    steps = told + [one for one in gone if one not in told]
    chance.shuffle(steps)
    steps += [one.taken_back() for one in gone if one not in told]
    trial = Trial(STAGE)
    for begin in range(0, len(steps), size):
        trial.give(*steps[begin : begin + size])
    for topic in ("case.linked", "trace.order", "case.exposed"):
        assert trial.stands(topic) == plain.stands(topic)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(TOLD), st.booleans()), max_size=10), st.integers(1, 3))
def test_orders_come_and_go_one_by_one(steps: list[tuple[Evidence, bool]], size: int) -> None:
    """No order or word is asserted while it stands or taken back while it does not, and the same case is never written twice running."""
    trial = Trial(STAGE)
    given = [one if comes else one.taken_back() for one, comes in steps]
    for begin in range(0, len(given), size):
        trial.give(*given[begin : begin + size])
    standing: set[str] = set()
    for emit in trial.wrote:
        fact = emit.value
        if isinstance(fact, Order | Evidence):
            assert (fact.id in standing) == fact.retracted
            standing ^= {fact.id}
    cases = values(trial.wrote, LinkedCase)
    assert all(one != after for one, after in pairwise(cases))
