"""A screening is addressed to the person of its alias, and moves with it; no case sees it."""

from __future__ import annotations

from schemas.models.record import Screening
from schemas.models.screening import Screened
from streams.cases.evidence import stage
from streams.policy import load
from tests.streams.cases.pieces import ME, OTHER
from tests.streams.cases.test_evidence import link
from tests.streams.trial import Trial, at


def test_it_goes_to_the_person_and_moves_with_the_alias() -> None:
    """Addressed to the alias, to its person when that is known, and to nobody when it is taken back."""
    record = Screening.of(causes=["raw"], at=at("2020-01-24 10:00"), source="screening", record="r", alias=ME, offer=True)
    inside = Trial(stage(load()))
    inside.give(record, link(OTHER))
    (one,) = inside.stands("screening")
    assert isinstance(one, Screened)
    assert (one.person, one.alias, one.offer) == (OTHER, ME, True)
    assert {emit.topic for emit in inside.wrote if emit.topic == "case.evidence" and emit.value.at == record.at} == set()  # type: ignore[attr-defined]
    inside.give(record.taken_back())
    assert inside.stands("screening") == []
