"""The stage: in any order of requests, cases and ticks the same measures are in force and refused."""

from __future__ import annotations

import itertools

from schemas.models.case import What
from schemas.models.control import Tick
from schemas.models.measure import MeasureInForce, MeasureRefused, Refusal
from schemas.models.record import MeasureKind
from streams.measures.stage import CLOCK, stage
from streams.stage import Verdict
from tests.streams.measures.asked import NOON, PERSON, POLICY, asked, line, told
from tests.streams.trial import DAY, Trial, outcomes, values

_TOPICS = ("measure.standing", "measure.refused")
_RED, _LATER = asked(), asked(MeasureKind.ISOLATE_AT_HOME, days=1, lasts=2)
_FOUND, _NOT = told(line(What.POSITIVE, -1)), told(line(What.NEGATIVE, -1), line(What.SUSPECTED, 0.5))


def trial() -> Trial:
    """The stage with nothing in it."""
    return Trial(stage(POLICY))


def test_evidence_that_comes_later_lets_it_stand_and_its_correction_takes_it_back() -> None:
    """A refusal is taken back when the bus comes to know of evidence; when that is corrected the measure goes, and is refused again."""
    inside = trial()
    (refused,) = values(inside.give(_RED), MeasureRefused)
    assert (refused.why, refused.official, refused.region, PERSON in refused.model_dump_json()) == (Refusal.NO_EVIDENCE, "OP-410100-1", "4101", False)
    wrote = inside.give(_FOUND)
    assert [(emit.topic, emit.key, emit.value.retracted) for emit in wrote] == [  # type: ignore[attr-defined]
        ("measure.refused", "OP-410100-1", True), ("measure.standing", _RED.id, False)]  # fmt: skip
    inside.give(_NOT)
    assert inside.stands("measure.standing") == []
    assert values(inside.wrote, MeasureRefused)[-1] == refused
    inside.give(_FOUND.taken_back(), _NOT.taken_back(), _RED.taken_back())
    assert (inside.stands("measure.refused"), inside.rows()) == ([], [])


def test_any_order_comes_to_the_same() -> None:
    """Two requests, the case with evidence, and a tick that ends one of them."""
    orders = itertools.permutations((_RED, _LATER, _FOUND, Tick(at=NOON + 4 * DAY)))
    (found,) = outcomes(stage(POLICY), list(orders), _TOPICS)
    assert [one.kind for one in found["measure.standing"] if isinstance(one, MeasureInForce)] == [MeasureKind.RED_CODE]
    assert found["measure.refused"] == []


def test_a_measure_ends_by_itself() -> None:
    """At the tick of its last moment it goes, and not one earlier; nothing is left of it but that it was asked for."""
    inside = trial()
    inside.give(_FOUND, _RED)
    assert inside.give(Tick(at=_RED.until - 1)) == []
    (gone,) = values(inside.give(Tick(at=_RED.until)), MeasureInForce)
    assert gone.retracted
    assert inside.stands("measure.refused") == []
    inside.give(_RED.taken_back(), _FOUND.taken_back())
    assert {row[0] for row, _ in inside.rows()} == {CLOCK.number}


def test_what_changes_nothing_is_a_duplicate() -> None:
    """The same request, case or tick again says nothing, and neither does the retraction of a case that another replaced."""
    inside, tick = trial(), Tick(at=NOON)
    inside.give_each([_RED, _RED, _FOUND, _FOUND, tick, tick, _NOT.taken_back()])
    assert inside.verdicts == [Verdict.APPLIED, Verdict.DUPLICATE] * 3 + [Verdict.APPLIED]
