"""What is written to an agency's topic and to the audit when a linked case comes, changes and goes."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.models.bulletin import OFFERS
from schemas.models.case import LinkedCase, Role, Status
from schemas.models.release import Audit, Decision, Release, View
from streams.routing.codes import Codes
from streams.routing.project import released
from streams.routing.stage import stage
from streams.stage import Emit, Verdict
from tests.streams.routing.cases import COUNTY, HOSPITAL, ME, NOON, agency, case, concern, entry, hospital, want
from tests.streams.trial import KEYS, Trial, values

TWO = agency(
    purposes=[{"name": name, "legal_basis": "Law, article 1", "expires_days": 9} for name in ("care", "investigation")],
    wants=[want(fields=["status"], statuses=["confirmed", "suspected"]), want(purpose="care", fields=["community"])],
)  # fmt: skip
STAGE = stage([TWO, hospital()], KEYS)
CODE = Codes(TWO, TWO.purposes[0], KEYS).person(ME)
"""What the county calls the person of a case."""


def did(emits: list[Emit]) -> list[tuple[str, str, bool]]:
    """Agency, purpose, and whether it was taken back, of the releases that were written."""
    return [(one.agency, one.purpose, one.retracted) for one in values(emits, Release)]


def stands(trial: Trial) -> dict[tuple[str, str], Release]:
    """The releases that stand, by topic and key."""
    return {(f"deliver.{one.agency}", one.purpose): one for name in ("county-cdc", "hospital") for one in trial.stands(f"deliver.{name}") if isinstance(one, Release)}


def test_outputs() -> None:
    """The stage may write to the topic of each agency that it knows and to the audit."""
    assert STAGE.inputs == ("case.linked", *OFFERS, "control.tick", "control.rules")
    assert STAGE.outputs == ("deliver.county-cdc", "deliver.hospital", "audit")


def test_a_case_is_released_once_for_each_purpose() -> None:
    """Each release goes to the agency's own topic under person and purpose, each followed by its line of audit."""
    trial = Trial(STAGE)
    emits = trial.give(case())
    assert [(emit.topic, emit.key) for emit in emits] == [
        ("deliver.county-cdc", f"{CODE} care"), ("audit", ME), ("deliver.county-cdc", f"{CODE} investigation"), ("audit", ME),
    ]  # fmt: skip


def test_the_audit_says_everything_about_a_release() -> None:
    """Which release, to whom, about whom, for what, why, with which fields, and when; not the fields' content."""
    trial = Trial(STAGE)
    emits = trial.give(case())
    one, line = values(emits, Release)[0], values(emits, Audit)[0]
    assert line == Audit(release=one.id, agency="county-cdc", person=ME, purpose="care", decision=Decision.RELEASED, reason=f"residence in {COUNTY}100001",
                         fields=["community"], at=NOON, legal_basis="Law, article 1")  # fmt: skip


def test_the_same_case_again_writes_nothing() -> None:
    """A case that is delivered twice is a duplicate."""
    trial = Trial(STAGE)
    trial.give_each([case(), case()])
    assert trial.verdicts == [Verdict.APPLIED, Verdict.DUPLICATE]
    assert len(values(trial.wrote, Release)) == 2


def test_a_changed_case_replaces_what_was_released() -> None:
    """Under the same key the newer release replaces the older one in the view; nothing is taken back between."""
    trial = Trial(STAGE)
    trial.give(case())
    assert did(trial.give(case(status=Status.SUSPECTED))) == [("county-cdc", "care", False), ("county-cdc", "investigation", False)]
    assert [one.view.status for one in stands(trial).values()] == [None, Status.SUSPECTED]


def test_what_no_longer_applies_is_taken_back() -> None:
    """A purpose, or an agency, that a change leaves without ground loses its release, as it was, with a line of audit; the others get the change."""
    trial = Trial(STAGE)
    trial.give(case(timeline=[entry(HOSPITAL)]))
    before = stands(trial)
    emits = trial.give(case(status=Status.ISOLATED))
    assert did(emits) == [("county-cdc", "investigation", True), ("hospital", "treatment", True), ("county-cdc", "care", False)]
    gone = values(emits, Release)[:2]
    assert gone == [before["deliver.county-cdc", "investigation"].taken_back(), before["deliver.hospital", "treatment"].taken_back()]
    assert [line.decision for line in values(emits, Audit)] == [Decision.RETRACTED, Decision.RETRACTED, Decision.RELEASED]
    assert [line.release for line in values(emits, Audit)] == [one.id for one in values(emits, Release)]


def test_a_retracted_case_takes_everything_back() -> None:
    """Nothing of it stands, and nothing is kept of it; the same retraction again is a duplicate, also with a pointer to the heir."""
    trial = Trial(STAGE)
    gone = case().taken_back()
    trial.give_each([case(), gone, gone, gone.model_copy(update={"superseded_by": "2" * 32})])
    assert trial.verdicts == [Verdict.APPLIED, Verdict.APPLIED, Verdict.DUPLICATE, Verdict.DUPLICATE]
    assert did(trial.wrote)[2:] == [("county-cdc", "care", True), ("county-cdc", "investigation", True)]
    assert stands(trial) == {}
    assert trial.rows() == []


def test_a_retraction_says_nothing_again() -> None:
    """Which release falls, of whom and for what purpose; none of its fields, roles or reasons."""
    trial = Trial(STAGE)
    trial.give(case())
    for gone in values(trial.give(case().taken_back()), Release):
        assert (gone.view, gone.roles, gone.why) == (View(), [], [])
        assert gone.person == CODE


def test_a_case_that_comes_back_is_released_again() -> None:
    """After a retraction the same case is no duplicate."""
    trial = Trial(STAGE)
    trial.give(case())
    before = stands(trial)
    trial.give(case().taken_back())
    trial.give(case())
    assert stands(trial) == before


def test_a_case_that_concerns_nobody() -> None:
    """It is taken and writes nothing, and what it concerned before is taken back."""
    trial = Trial(STAGE)
    assert trial.give(case(concerns=[concern("420100")])) == []
    trial.give(case())
    assert did(trial.give(case(concerns=[]))) == [("county-cdc", "care", True), ("county-cdc", "investigation", True)]


def test_people_do_not_touch_each_other() -> None:
    """Another person's case changes nothing of what was released about the first."""
    trial = Trial(STAGE)
    trial.give(case())
    trial.give(case(person="2" * 32), case(person="2" * 32).taken_back())
    assert len(trial.stands("deliver.county-cdc")) == 2


def _cases() -> list[LinkedCase]:
    told: list[dict[str, Any]] = [
        {}, {"status": Status.SUSPECTED}, {"status": Status.ISOLATED}, {"roles": [Role.CONTACT], "status": None}, {"timeline": [entry(HOSPITAL)]}, {"concerns": []},
    ]  # fmt: skip
    whole = [case(**changes) for changes in told]
    return whole + [one.taken_back() for one in whole]


@settings(deadline=None, max_examples=100)
@given(st.lists(st.sampled_from(_cases()), max_size=8), st.integers(1, 4))
def test_releases_follow_the_latest_case(told: list[LinkedCase], size: int) -> None:
    """After any cases in any batches: what stands is what the last one alone would have released, and every message to an agency has its line of audit."""
    trial, last = Trial(STAGE), Trial(STAGE)
    for begin in range(0, len(told), size):
        trial.give(*told[begin : begin + size])
    last.give(*told[-1:])
    assert stands(trial) == stands(last)
    releases, lines = values(trial.wrote, Release), values(trial.wrote, Audit)
    fields = {one.id: released(one.view) for one in releases if not one.retracted}
    assert [(line.release, line.agency, line.person, line.purpose, line.fields) for line in lines] == [
        (one.id, one.agency, ME, one.purpose, fields[one.id]) for one in releases
    ]
    assert [line.decision is Decision.RETRACTED for line in lines] == [one.retracted for one in releases]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(_cases()), max_size=8))
def test_a_release_is_taken_back_only_while_it_stands(told: list[LinkedCase]) -> None:
    """For each agency and purpose: no release twice running, and no retraction of what does not stand."""
    trial = Trial(STAGE)
    trial.give_each(told)
    standing: dict[tuple[str, str], str] = {}
    for one in values(trial.wrote, Release):
        key = one.agency, one.purpose
        assert (standing.get(key) == one.id) == one.retracted
        standing = standing | {key: one.id} if not one.retracted else {name: id_ for name, id_ in standing.items() if name != key}
