"""Evidence under an alias goes to the person that the alias belongs to now, and moves when that changes."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.models.case import Evidence, What
from schemas.models.fact import Fact
from schemas.models.identity import Link
from schemas.models.movement import Contact, Presence
from schemas.models.record import Clockin, Lab, Result, Visit
from streams.cases.evidence import INPUTS, stage
from streams.policy import load
from streams.stage import Verdict
from tests.streams.cases.pieces import ME, OTHER, THIRD, day
from tests.streams.trial import Trial, outcomes, values

STAGE = stage(load())
W = What


def lab(number: float = 1, alias: str = ME, result: Result = Result.POSITIVE) -> Lab:
    """A result."""
    return Lab.of(causes=["raw"], at=day(number), source="s", record="r", alias=alias, place="LAB-1", reported=day(number), result=result, sealed=b"sealed")


def link(person: str, alias: str = ME, cause: str = "match") -> Link:
    """That an alias belongs to a person."""
    return Link.of(causes=[cause], at=day(1), alias=alias, person=person, reasons=["same account"], since=day(0))


def addressed(trial: Trial) -> set[tuple[str, str, What]]:
    """Person, alias and word of all evidence that stands."""
    return {(one.person, one.alias, one.what) for one in trial.stands("case.evidence") if isinstance(one, Evidence)}


def test_inputs() -> None:
    """Every record that can tell something is read, contacts, found presences and links; scans are not."""
    assert set(INPUTS) == set(STAGE.inputs) >= {"record.visit", "record.lab", "contact", "trace.found", "identity.link"}
    assert "record.scan" not in INPUTS


def test_without_a_link_the_alias_is_the_person() -> None:
    """Evidence is addressed to its alias, keyed by it, with all that it says."""
    trial = Trial(STAGE)
    (emit,) = trial.give(lab())
    (one,) = values([emit], Evidence)
    assert (emit.key, one.person, one.alias, one.what, one.place, one.sealed, one.causes) == (ME, ME, ME, W.POSITIVE, "LAB-1", b"sealed", [lab().id])


def test_several_pieces_of_one_record() -> None:
    """A record that tells several things gives several pieces, all taken back with it."""
    visit = Visit.of(causes=["raw"], at=day(1), source="s", record="r", alias=ME, place="C", disposition="suspected", symptoms=["cough"])
    trial = Trial(STAGE)
    trial.give(visit)
    assert {what for _, _, what in addressed(trial)} == {W.SEEN, W.SYMPTOM, W.SUSPECTED}
    trial.give(visit.taken_back())
    assert addressed(trial) == set()
    assert trial.rows() == []


def test_under_a_link_evidence_is_the_persons() -> None:
    """With the link before it, evidence goes to the person at once; the person learns of the member, and the alias who its heir is."""
    trial = Trial(STAGE)
    trial.give(link(OTHER))
    trial.give(lab())
    assert addressed(trial) == {(OTHER, ME, W.POSITIVE), (OTHER, ME, W.MEMBER), (ME, ME, W.SUPERSEDED)}
    assert {(one.person, one.other) for one in trial.stands("case.evidence") if isinstance(one, Evidence) and one.what is W.SUPERSEDED} == {(ME, OTHER)}


def test_the_first_alias_of_a_person_has_no_heir() -> None:
    """The alias whose token is the person's key is a member and not superseded."""
    trial = Trial(STAGE)
    trial.give(link(ME), lab())
    assert addressed(trial) == {(ME, ME, W.MEMBER), (ME, ME, W.POSITIVE)}


def test_a_link_moves_what_is_known() -> None:
    """When the link comes after, all evidence of the alias is taken back from one and given to the other, and nobody else's."""
    trial = Trial(STAGE)
    trial.give(lab(1), lab(2), lab(1, THIRD))
    moved = trial.give(link(OTHER))
    assert [(emit.key, one.retracted) for emit, one in zip(moved, values(moved, Evidence), strict=True)][:2] == [(ME, True), (ME, True)]
    assert addressed(trial) == {(OTHER, ME, W.POSITIVE), (OTHER, ME, W.MEMBER), (ME, ME, W.SUPERSEDED), (THIRD, THIRD, W.POSITIVE)}


def test_a_link_to_another_person_moves_again() -> None:
    """A link replaces the one before it; the one before, taken back late, is a duplicate; the new one taken back leaves the alias by itself."""
    trial = Trial(STAGE)
    trial.give_each([lab(), link(OTHER), link(THIRD)])
    assert addressed(trial) == {(THIRD, ME, W.POSITIVE), (THIRD, ME, W.MEMBER), (ME, ME, W.SUPERSEDED)}
    trial.give_each([link(OTHER).taken_back(), link(THIRD), link(THIRD).taken_back(), link(THIRD).taken_back()])
    assert trial.verdicts[3:] == [Verdict.DUPLICATE, Verdict.DUPLICATE, Verdict.APPLIED, Verdict.DUPLICATE]
    assert addressed(trial) == {(ME, ME, W.POSITIVE)}


def test_a_link_with_new_reasons_alone() -> None:
    """When only its causes change, evidence stays where it is, and the membership names the new link."""
    trial = Trial(STAGE)
    trial.give(lab(), link(OTHER))
    changed = values(trial.give(link(OTHER, cause="another match")), Evidence)
    assert {one.what for one in changed} == {W.MEMBER, W.SUPERSEDED}
    assert addressed(trial) == {(OTHER, ME, W.POSITIVE), (OTHER, ME, W.MEMBER), (ME, ME, W.SUPERSEDED)}


def test_what_is_taken_back_is_taken_back_where_it_is_now() -> None:
    """A record retracted after its alias moved is taken back from the person that has it."""
    trial = Trial(STAGE)
    trial.give(lab(), link(OTHER))
    (back,) = values(trial.give(lab().taken_back()), Evidence)
    assert (back.person, back.retracted) == (OTHER, True)
    assert addressed(trial) == {(OTHER, ME, W.MEMBER), (ME, ME, W.SUPERSEDED)}


def test_repetition() -> None:
    """A record that is known, and a retraction of one that is not, are duplicates."""
    trial = Trial(STAGE)
    trial.give_each([lab(), lab(), lab().taken_back(), lab().taken_back()])
    assert trial.verdicts == [Verdict.APPLIED, Verdict.DUPLICATE] * 2
    assert len(trial.wrote) == 2


def test_a_record_that_tells_nothing() -> None:
    """It is taken and writes nothing."""
    trial = Trial(STAGE)
    assert trial.give_each([Clockin.of(causes=["raw"], at=day(1), source="s", record="r", alias=ME), lab(result=Result.INCONCLUSIVE)]) == []
    assert not trial.rows()


def test_contacts_and_found_presences() -> None:
    """They are evidence of the alias that was there, like records."""
    content: dict[str, Any] = {"causes": ["x"], "at": day(1), "until": day(2), "alias": ME, "place": "MKT-1"}
    trial = Trial(STAGE)
    trial.give(link(OTHER), Contact.of(**content, person=THIRD, depth=1), Presence.of(**content))
    assert addressed(trial) >= {(OTHER, ME, W.CONTACT), (OTHER, ME, W.STAY)}
    trial.give(Contact.of(**content, person=THIRD, depth=1).taken_back(), Presence.of(**content).taken_back())
    assert addressed(trial) == {(OTHER, ME, W.MEMBER), (ME, ME, W.SUPERSEDED)}


@pytest.mark.parametrize("gone", [lab(1), lab(2), None])
def test_every_order_has_one_result(gone: Lab | None) -> None:
    """Records and links, which themselves come in order, in every order with each other."""
    links: list[Fact] = [link(OTHER), link(THIRD)]
    facts: list[Fact] = [lab(1), lab(2), lab(1, OTHER), *links, *([gone.taken_back()] if gone else [])]
    orders = [
        arrival for arrival in permutations(facts)
        if arrival.index(links[0]) < arrival.index(links[1]) and (gone is None or arrival.index(gone) < arrival.index(gone.taken_back()))
    ]  # fmt: skip
    assert len(outcomes(STAGE, orders[::2], ["case.evidence"])) == 1


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(st.sampled_from([1, 2, 3]), st.booleans()) | st.sampled_from([ME, OTHER, THIRD, None]), max_size=12))
def test_evidence_is_where_its_alias_is(steps: list[tuple[int, bool] | str | None]) -> None:
    """After any records and links come and go: each standing record's evidence is addressed once, to the person of the last link."""
    trial = Trial(STAGE)
    left: set[int] = set()
    person: str | None = None
    for step in steps:
        if isinstance(step, tuple):
            number, comes = step
            trial.give(lab(number) if comes else lab(number).taken_back())
            left = left | {number} if comes else left - {number}
        elif step or person:
            trial.give(link(step) if step else link(str(person)).taken_back())
            person = step
    found = [one for one in trial.stands("case.evidence") if isinstance(one, Evidence)]
    assert sorted((one.person, one.at) for one in found if one.what is W.POSITIVE) == sorted((person or ME, day(number)) for number in left)
    assert [(one.person, one.what) for one in found if one.what is W.MEMBER] == ([(person, W.MEMBER)] if person else [])
    assert [one.other for one in found if one.what is W.SUPERSEDED] == ([person] if person and person != ME else [])
