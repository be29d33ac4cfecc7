"""What is a fever signal, and whose."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.models.case import Evidence, Fever, LinkedCase, Role, What
from schemas.models.record import Household, Medicine, Sale
from streams.cases.evidence import stage
from streams.cases.fever import fever
from streams.cases.fold import linked_case
from streams.cases.status import course, dated, in_order
from streams.policy import load
from tests.streams.cases.pieces import ME, OTHER, day, piece
from tests.streams.trial import Trial, values

POLICY = load()
W = What
FEVER, COUGH = (piece(W.SYMPTOM, 1, note=note, region="530624", place="CLIN-1") for note in ("fever", "cough"))


def bought(medicine: str, number: float = 1, **more: Any) -> Evidence:
    """A purchase on a day."""
    return piece(W.BOUGHT, number, note=medicine, region="530624100001", place="PHAR-1", **more)


def signal(*evidence: Evidence) -> Fever | None:
    """The signal of these."""
    told = in_order(dated(evidence))
    return fever(told, course(told, POLICY), POLICY)


@pytest.mark.parametrize(("evidence", "signs"), [
    ([], None), ([COUGH], None), ([bought("antipyretic")], None), ([bought("antipyretic"), bought("antipyretic", 2)], None), ([piece(W.SYMPTOM, 1, note="fatigue"), COUGH], None),
    ([FEVER], ["fever"]), ([COUGH, bought("antitussive", 2)], ["antitussive", "cough"]), ([bought("antiviral"), bought("antibiotic", 8)], ["antibiotic", "antiviral"]),
    ([bought("antiviral"), bought("antibiotic", 8.1)], None), ([piece(W.SEEN, 1, note="fever")], None),
])  # fmt: skip
def test_signs_that_weigh_enough(evidence: list[Evidence], signs: list[str] | None) -> None:
    """A fever by itself; two different signs within the gap; never one sign twice, another symptom, or a purchase alone."""
    found = signal(*evidence)
    assert (found and found.signs) == signs


def test_the_last_episode_that_is_enough_counts() -> None:
    """An episode ends by a week without signs; one that is too light does not hide the one before it."""
    found = signal(FEVER, piece(W.SYMPTOM, 20, note="fever"), bought("antiviral", 21), COUGH.model_copy(update={"at": day(40), "id": "late"}))
    assert found
    assert (found.since, found.last, found.signs, found.weight) == (day(20), day(21), ["antiviral", "fever"], 3)


@pytest.mark.parametrize(("others", "stands"), [
    ([(W.SUSPECTED, 0.5)], False), ([(W.SUSPECTED, 2)], False), ([(W.POSITIVE, 2), (W.RECOVERED, 3)], False), ([(W.POSITIVE, 0.2), (W.RECOVERED, 0.5)], True),
    ([(W.SUSPECTED, 0.2), (W.RULED_OUT, 0.5)], True), ([(W.SUSPECTED, 0.2), (W.RULED_OUT, 1)], False), ([(W.SUSPECTED, -2), (W.NEGATIVE, -1), (W.NEGATIVE, 0.5)], True),
    ([(W.RULED_OUT, 2)], False), ([(W.NEGATIVE, 2)], True), ([(W.DIED, 2)], False), ([(W.ISOLATED, 0.5)], True),
])  # fmt: skip
def test_who_is_a_case_has_no_signal_besides(others: list[tuple[What, float]], stands: bool) -> None:
    """A case has none; neither has who recovered, was ruled out or died after the signs; a fever after that is new."""
    assert (signal(FEVER, *(piece(what, number) for what, number in others)) is not None) == stands


def test_the_linked_case_of_a_signal() -> None:
    """It says that there is a fever, where the signs were, and no status; what was bought is in the timeline as long as it is a sign."""
    evidence = in_order([COUGH, bought("antitussive")])
    case = linked_case(ME, evidence, course(evidence, POLICY), POLICY)
    assert case
    assert (case.roles, case.status, [one.region for one in case.concerns], [one.what for one in case.timeline]) == (
        [Role.FEVER], None, ["530624", "530624100001"], [W.BOUGHT, W.SYMPTOM],
    )  # fmt: skip
    ill = in_order([*evidence, piece(W.POSITIVE, 3)])
    found = linked_case(ME, ill, course(ill, POLICY), POLICY)
    assert found
    assert (found.roles, found.fever, [one.what for one in found.timeline]) == ([Role.CASE], None, [W.SYMPTOM, W.POSITIVE])


def test_a_household_learns_who_is_registered_in_it() -> None:
    """The registration goes to the person and to the household, under the person's alias and seal; what the household buys by its number is its own."""
    trial = Trial(stage(POLICY))
    home = Household.of(causes=["raw"], at=day(1), source="household", record="r", alias=ME, household=OTHER, grid_worker="GW-1", region="530624100001003", sealed=b"me")
    sale = Sale.of(causes=["raw"], at=day(2), source="medicine-sale", record="s", alias=OTHER, place="PHAR-1", medicine=Medicine.ANTIVIRAL)
    found = values(trial.give(home, sale), Evidence)
    assert [(one.what, one.person, one.alias, one.sealed) for one in found] == [(W.RESIDENCE, ME, ME, b"me"), (W.HOUSEHOLD, OTHER, ME, b"me"), (W.BOUGHT, OTHER, OTHER, b"")]


def test_the_case_of_a_household_names_its_members() -> None:
    """Its alias is its own; identifiers are those of all who are registered there, and the last registration says where."""
    members = [piece(W.HOUSEHOLD, number, person=OTHER, alias=alias, sealed=alias.encode(), note=f"GW-{number}", region="530624100001003") for number, alias in ((1, ME), (2, "3" * 32))]
    evidence = in_order([*members, *(bought(medicine, 3, person=OTHER, alias=OTHER) for medicine in ("antipyretic", "antitussive"))])
    case = linked_case(OTHER, evidence, course(evidence, POLICY), POLICY)
    assert isinstance(case, LinkedCase)
    assert (case.aliases, [one.alias for one in case.sealed], case.grid_worker, case.community) == ([OTHER], [ME, "3" * 32], "GW-2", "530624100001003")
    assert {one.what for one in case.timeline} == {W.BOUGHT}
