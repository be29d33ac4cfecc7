"""Measures that were asked for by an alias follow the alias from person to person, and are no evidence."""

from __future__ import annotations

from schemas.models.case import Role
from schemas.models.measure import MeasureAsked
from schemas.models.record import MeasureKind, MeasureRequest
from streams.cases.evidence import stage
from streams.policy import load
from streams.stage import Verdict
from tests.streams.cases.pieces import ME, OTHER
from tests.streams.cases.test_evidence import link
from tests.streams.trial import DAY, Trial, at, outcomes

_NOON = at("2020-01-20 12:00")
_RED = MeasureRequest.of(causes=["raw"], at=_NOON, until=_NOON + DAY, source="measure-request", record="r", alias=ME, by="CDC-1",
                         kind=MeasureKind.RED_CODE, reason=Role.CASE)  # fmt: skip


def test_it_is_addressed_to_the_person_of_now() -> None:
    """Without a link to the alias itself; under a link to the person, and the retraction too."""
    inside = Trial(stage(load()))
    inside.give(_RED)
    (asked,) = inside.stands("measure.asked")
    assert isinstance(asked, MeasureAsked)
    assert (asked.person, asked.alias, asked.official, asked.until, asked.causes) == (ME, ME, "CDC-1", _NOON + DAY, [_RED.id])
    inside.give(link(OTHER))
    assert [(emit.key, emit.value.person) for emit in inside.wrote if emit.topic == "measure.asked"] == [(ME, ME), (ME, ME), (OTHER, OTHER)]  # type: ignore[attr-defined]
    inside.give(_RED.taken_back())
    assert inside.stands("measure.asked") == []
    assert [emit for emit in inside.wrote if emit.topic == "case.evidence" and _RED.id in emit.value.causes] == []  # type: ignore[attr-defined]


def test_twice_is_once() -> None:
    """The same request again changes nothing."""
    inside = Trial(stage(load()))
    inside.give_each([_RED, _RED])
    assert inside.verdicts == [Verdict.APPLIED, Verdict.DUPLICATE]


def test_any_order_comes_to_the_same() -> None:
    """The request before its link or after it, and a link that another replaced."""
    orders = [[_RED, link(OTHER)], [link(OTHER), _RED], [link(ME), _RED, link(OTHER)]]
    (found,) = outcomes(stage(load()), orders, ("measure.asked",))
    assert len(found["measure.asked"]) == 1
