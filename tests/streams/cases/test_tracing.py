"""Whose movements a case has traced, in which window, and who is told of a contact."""

from __future__ import annotations

import pytest

from schemas.models.case import Evidence, Status, What
from schemas.models.movement import Order
from streams.cases.status import course, in_order
from streams.cases.tracing import Depth, exposed, moments, orders
from streams.policy import Policy, load
from tests.streams.cases.pieces import ME, OTHER, THIRD, day, piece, pieces

POLICY = load()
DEEP = POLICY.model_copy(update={"depth": 2})
W = What


def traced(evidence: list[Evidence], policy: Policy = POLICY, allowed: Depth = lambda _, __: 3) -> list[Order]:
    """The orders that some evidence makes where the level allows so many rounds of tracing: in an emergency everywhere, unless told otherwise."""
    evidence = in_order(evidence)
    return orders(ME, evidence, course(evidence, policy), policy, allowed)


@pytest.mark.parametrize(
    ("told", "window"),
    [
        ([(W.POSITIVE, 10)], (8, 24)),
        ([(W.SUSPECTED, 10)], (8, 24)),
        ([(W.PROBABLE, 10)], (8, 24)),
        ([(W.SUSPECTED, 10), (W.POSITIVE, 12)], (8, 24)),
        ([(W.ONSET, 7), (W.POSITIVE, 10)], (5, 24)),
        ([(W.ONSET, 10), (W.POSITIVE, 10)], (8, 24)),
        ([(W.ONSET, 11), (W.POSITIVE, 10)], (8, 24)),
        ([(W.ONSET, 6), (W.ONSET, 7), (W.POSITIVE, 10)], (4, 24)),
        ([(W.POSITIVE, 10), (W.ISOLATED, 11)], (8, 11)),
        ([(W.POSITIVE, 10), (W.ISOLATED, 10)], (8, 10)),
        ([(W.POSITIVE, 10), (W.ADMITTED, 13), (W.ISOLATED, 12)], (8, 12)),
        ([(W.POSITIVE, 10), (W.DIED, 12)], (8, 12)),
        ([(W.POSITIVE, 10), (W.RECOVERED, 12)], (8, 24)),
        ([(W.POSITIVE, 10), (W.ISOLATED, 30)], (8, 24)),
        ([(W.ONSET, 7), (W.ISOLATED, 9), (W.POSITIVE, 10)], (5, 9)),
        ([(W.ISOLATED, 9), (W.POSITIVE, 10)], (8, 24)),
        ([(W.SUSPECTED, 10), (W.ISOLATED, 11), (W.RULED_OUT, 12), (W.SUSPECTED, 150), (W.ISOLATED, 151)], (148, 151)),
        ([(W.ONSET, 9), (W.SUSPECTED, 10), (W.RULED_OUT, 12), (W.ONSET, 149), (W.SUSPECTED, 150)], (147, 164)),
        ([(W.ONSET, 5), (W.SUSPECTED, 6), (W.ISOLATED, 7), (W.NEGATIVE, 8), (W.NEGATIVE, 9), (W.POSITIVE, 11)], (3, 25)),
        ([(W.ONSET, 5), (W.POSITIVE, 19)], (3, 33)),
        ([(W.ONSET, 5), (W.POSITIVE, 19.01)], (17.01, 33.01)),
    ],
)
def test_window_of_a_case(told: list[tuple[What, float]], window: tuple[float, float]) -> None:
    """From two days before onset, or before the finding without one, until the person was put apart or died, at most fourteen days after the finding."""
    (order,) = traced(pieces(*told))
    assert (order.at, order.until) == (day(window[0]), day(window[1]))
    assert (order.person, order.alias, order.depth) == (ME, ME, 1)


@pytest.mark.parametrize(
    "told",
    [[], [(W.SYMPTOM, 1)], [(W.ONSET, 1), (W.SEEN, 1)], [(W.SUSPECTED, 1), (W.RULED_OUT, 2)], [(W.RETURNED, 1)], [(W.ISOLATED, 1)], [(W.NEGATIVE, 1)]],
)
def test_no_case_no_order(told: list[tuple[What, float]]) -> None:
    """Who is no case, or no longer one, is not traced."""
    assert traced(pieces(*told)) == []


def test_a_classification_that_is_not_traced() -> None:
    """Under a policy that traces confirmed cases alone, a suspicion orders nothing."""
    strict = POLICY.model_copy(update={"tracing_statuses": [Status.CONFIRMED]})
    assert traced(pieces((W.SUSPECTED, 1)), strict) == []
    assert len(traced(pieces((W.SUSPECTED, 1), (W.POSITIVE, 2)), strict)) == 1


def test_every_alias_is_traced() -> None:
    """One order for each alias that evidence was found under, membership included; not for the aliases of those whom the person exposed or is merged with."""
    evidence = [piece(W.POSITIVE, 10), piece(W.MEMBER, 1, alias=OTHER), piece(W.EXPOSED, 10, alias=THIRD, other=THIRD), piece(W.SUPERSEDED, 1, alias="4" * 32, other=OTHER)]
    assert [order.alias for order in traced(evidence)] == [ME, OTHER]
    assert len({order.id for order in traced(evidence)}) == 2


def test_causes_of_an_order() -> None:
    """An order names what it follows from, and other evidence leaves it as it is: a new symptom traces nothing anew."""
    for number in (7, 10):
        evidence = pieces((W.ONSET, number), (W.POSITIVE, 10), (W.ISOLATED, 11))
        (order,) = traced(evidence)
        assert order.causes == sorted(one.id for one in evidence)
    assert traced([*evidence, piece(W.SYMPTOM, 9), piece(W.STAY, 9), piece(W.POSITIVE, 12)]) == [order]


def test_a_contact_orders_nothing_at_depth_one() -> None:
    """The loop does not feed itself: a contact traces nobody while only contacts of cases are traced, and a contact that is a case traces as one."""
    met = piece(W.CONTACT, 10, other=OTHER, depth=1)
    assert traced([met]) == []
    assert [order.depth for order in traced([met, piece(W.POSITIVE, 12)])] == [1]


def test_contacts_of_contacts() -> None:
    """At depth two a contact of a case orders with depth two from the contact on, a contact of a contact orders nothing, and the nearest contact counts."""
    near, late, far = (piece(W.CONTACT, number, other=OTHER, depth=depth) for number, depth in ((10, 1), (12, 1), (3, 2)))
    (order,) = traced([far, late, near], DEEP)
    assert (order.at, order.until, order.depth, order.causes) == (day(10), day(24), 2, [near.id])
    assert traced([far], DEEP) == []
    assert [order.depth for order in traced([far], POLICY.model_copy(update={"depth": 3}))] == [3]


def test_who_exposed_is_told() -> None:
    """For each contact the one who exposed learns of it, with what it says; nothing else is told."""
    met = piece(W.CONTACT, 10, 10.5, other=OTHER, depth=1, place="MKT-1", region="530624", alias=THIRD)
    (told,) = exposed(ME, [met, piece(W.POSITIVE, 10), piece(W.EXPOSED, 10, other=THIRD)])
    assert (told.person, told.other, told.what, told.depth, told.alias) == (OTHER, ME, W.EXPOSED, 1, THIRD)
    assert (told.at, told.until, told.place, told.region, told.causes) == (met.at, met.until, "MKT-1", "530624", [met.id])
    assert told.sealed == b""


CITY, HOME = "530602", "530624100001"


@pytest.mark.parametrize(("depths", "told"), [({CITY: 0, HOME: 0}, 0), ({CITY: 1, HOME: 0}, 1), ({CITY: 0, HOME: 1}, 1), ({CITY: 3, HOME: 1}, 1), ({None: 3}, 0)])
def test_the_level_where_it_was_found_or_at_home_counts(depths: dict[str | None, int], told: int) -> None:
    """A case is traced when the level of the place where it was found allows it, or that of its home, when it was found; in peace nobody is."""
    evidence = [piece(W.SYMPTOM, 9, region="530699"), piece(W.POSITIVE, 10, region=CITY), piece(W.RESIDENCE, 1, region=HOME), piece(W.POSITIVE, 12, region="530699")]
    assert len(traced(evidence, allowed=lambda region, at: depths.get(region, 0) if at == day(10) else 0)) == told


def test_the_level_at_the_meeting_counts_for_contacts_of_contacts() -> None:
    """A contact is traced further when the level at the place and time of the meeting allows another round; the nearest such meeting counts."""
    near, late = piece(W.CONTACT, 10, other=OTHER, depth=1, region=HOME), piece(W.CONTACT, 12, other=OTHER, depth=1, region=CITY)
    assert traced([near, late], DEEP, lambda _, __: 1) == []
    (order,) = traced([near, late], DEEP, lambda region, at: 3 if (region, at) == (CITY, day(12)) else 1)
    assert (order.at, order.depth) == (day(12), 2)


def test_moments_on_whose_level_orders_depend() -> None:
    """That of the finding, and under a policy that traces deeper those of contacts that may be traced further; nothing else."""
    evidence = in_order([piece(W.CONTACT, 7, other=OTHER, depth=1), piece(W.CONTACT, 8, other=OTHER, depth=2), piece(W.ONSET, 9), piece(W.POSITIVE, 10), piece(W.POSITIVE, 11)])
    for policy, days in ((POLICY, [10]), (DEEP, [7, 10]), (POLICY.model_copy(update={"depth": 3}), [7, 8, 10])):
        assert moments(evidence, course(evidence, policy), policy) == [day(number) for number in days]
    assert moments(evidence[:1], course(evidence[:1], POLICY), POLICY) == []
