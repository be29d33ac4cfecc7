"""What is proposed: as even as can be, at least cost, in whole units, and nobody below the target gives."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.supplies.costs import BadCosts, apart, tabled
from deploy.supplies.even import Place, Plan, even

_REGIONS = ("530624100001", "530624103", "530602", "5301", "53")
_TARGET = 4


def _place(place: str, have: int, use: float, region: str = "530624") -> Place:
    return Place(place, region, have, use)


def _places(most: int, have: int) -> st.SearchStrategy[list[Place]]:
    one = st.tuples(st.integers(0, have), st.sampled_from((0.0, 1.0, 2.0, 2.5, 5.0)), st.sampled_from(_REGIONS))
    return st.lists(one, min_size=2, max_size=most).map(lambda found: [_place(f"P-{number}", *says) for number, says in enumerate(found)])


def _after(places: Sequence[Place], moved: Sequence[tuple[Place, Place, int]]) -> dict[Place, Fraction]:
    """The days of cover of each place that uses anything, and of how much has not gone below nothing, after these moved."""
    have = {one: one.have - sum(units for giver, _, units in moved if giver is one) + sum(units for _, to, units in moved if to is one) for one in places}
    return {one: Fraction(units) / Fraction(one.use) for one, units in have.items() if one.use}


def _level(places: Sequence[Place], moved: Sequence[tuple[Place, Place, int]]) -> Fraction:
    return min([Fraction(_TARGET), *_after(places, moved).values()])


def _moves(plan: Plan) -> list[tuple[Place, Place, int]]:
    return [(one.giver, one.to, one.quantity) for one in plan.proposals]


def _greedy(places: Sequence[Place]) -> list[tuple[Place, Place, int]]:
    """Unit by unit to whoever has the least cover, from the nearest who has more than the target."""
    moved: list[tuple[Place, Place, int]] = []
    spare = {one: int(one.have - _TARGET * one.use) for one in places if one.have - _TARGET * one.use >= 1}
    while spare and (cover := _after(places, moved)) and min(cover.values()) < _TARGET:
        to = min(cover, key=lambda one: (cover[one], one.place))
        giver = min(spare, key=lambda one: (apart(one, to), one.place))
        moved.append((giver, to, 1))
        spare[giver] -= 1
        spare = {one: units for one, units in spare.items() if units}
    return moved


def _cost(moved: Sequence[tuple[Place, Place, int]]) -> float:
    return sum(apart(giver, to) * units for giver, to, units in moved)


@given(_places(7, 60))
@settings(deadline=None, max_examples=60)
def test_never_worse_than_greedy(places: list[Place]) -> None:
    """The lowest cover is as high as that of the greedy way, and to bring all to that level costs no more."""
    plan, greedy = even(places, _TARGET, apart), _greedy(places)
    assert _level(places, _moves(plan)) >= _level(places, greedy)
    if sum(one.quantity for one in plan.proposals) == len(greedy):
        by_greedy, by_plan = ({to: sum(units for _, to_, units in moved if to_ is to) for _, to, _ in moved} for moved in (greedy, _moves(plan)))
        assert by_greedy != by_plan or plan.cost <= _cost(greedy) + 1e-6
    for one in places:
        given_away = sum(proposal.quantity for proposal in plan.proposals if proposal.giver is one)
        assert not given_away or one.have - given_away >= _TARGET * one.use
    assert all(one.quantity >= 1 and one.to.use and one.to.have < _TARGET * one.to.use for one in plan.proposals)


def _every_plan(places: Sequence[Place]) -> list[tuple[Fraction, float]]:
    """Level and cost of every way to move whole units from who has more than the target to who has less."""
    givers = [one for one in places if one.have - _TARGET * one.use >= 1]
    short = [one for one in places if one.use and one.have < _TARGET * one.use]
    ways = list(itertools.product(givers, short))
    found = []
    for units in itertools.product(*(range(int(giver.have - _TARGET * giver.use) + 1) for giver, _ in ways)):
        moved = [(*way, many) for way, many in zip(ways, units, strict=True)]
        if all(sum(many for giver, _, many in moved if giver is one) <= one.have - _TARGET * one.use for one in givers):
            found.append((_level(places, moved), _cost(moved)))
    return found


@given(_places(3, 9))
@settings(deadline=None, max_examples=60)
def test_as_good_as_the_best_of_all_plans(places: list[Place]) -> None:
    """On small cases: no plan at all reaches a higher level, and none that reaches it costs less."""
    plan, every = even(places, _TARGET, apart), _every_plan(places)
    best = max(level for level, _ in every)
    assert _level(places, _moves(plan)) == best
    assert plan.cost == pytest.approx(min(cost for level, cost in every if level == best))
    assert plan.level == pytest.approx(float(best), abs=1e-5)


def test_what_is_short_is_shared() -> None:
    """Twelve units for two places that have nothing and use one and two a day: four days of cover each; a third that has more gets none."""
    depot, one, two, third = _place("D", 12, 0), _place("A", 0, 1), _place("B", 0, 2), _place("C", 20, 4)
    plan = even([depot, one, two, third], 14, apart)
    assert {each.to.place: each.quantity for each in plan.proposals} == {"A": 4, "B": 8}
    assert plan.level == pytest.approx(4)


def test_what_is_promised_and_missing_is_made_good_first() -> None:
    """A place that gave more than it has stands below nothing."""
    plan = even([_place("D", 6, 0), _place("A", -4, 1), _place("B", 0, 1)], 14, apart)
    assert {one.to.place: one.quantity for one in plan.proposals} == {"A": 5, "B": 1}


def test_nothing_to_give_or_nothing_missing() -> None:
    """No dispatches, and the level that there is."""
    none = even([_place("A", 2, 1), _place("B", 13, 1)], 14, apart)
    assert none.level == pytest.approx(2)
    assert none.proposals == []
    assert even([_place("A", 20, 1), _place("B", 14, 1)], 14, apart) == Plan(14, [])
    assert even([], 14, apart) == Plan(14, [])


def test_the_distance_in_the_tree() -> None:
    """Steps up to the first division that both are in, and down; nobody knows where: as far as from the top of the country."""
    at = {code: _place(code, 0, 0, code) for code in ("530624100001", "530624100002", "530624103", "530624", "530602", "5301", "42", "", "530624100001003")}
    pairs = [("530624100001", "530624100001"), ("530624100001", "530624100001003"), ("530624100001", "530624100002"), ("530624100001", "530624103"), ("530624103", "530624"),
             ("530624", "530602"), ("530624", "5301"), ("530624", "42"), ("530624", "")]  # fmt: skip
    assert [apart(at[one], at[other]) for one, other in pairs] == [0, 0, 2, 3, 1, 2, 3, 4, 3]


def test_a_table_of_costs() -> None:
    """It counts instead of the distance; a line that is none and a pair that is missing are named."""
    places = [_place("D", 9, 0), _place("E", 9, 0), _place("A", 0, 1)]
    plan = even(places, 5, tabled(["from,to,cost", "D,A,7", "E,A,2.5"]))
    assert [(one.giver.place, one.quantity, one.cost) for one in plan.proposals] == [("E", 5, 2.5)]
    with pytest.raises(BadCosts, match="no line from E to A"):
        even(places, 5, tabled(["from,to,cost", "D,A,7"]))
    for line in ("D,A", "D,A,near", "D,A,-1"):
        with pytest.raises(BadCosts, match="line 2"):
            tabled(["from,to,cost", line])
