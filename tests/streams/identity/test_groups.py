"""Groups from pairs and contradictions."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from streams.identity.groups import Pair, groups

NAMES = "abcdefg"
SOME = st.sampled_from(list(combinations(NAMES, 2)))


def pairs(*said: tuple[str, str, int]) -> list[Pair]:
    """Pairs with their ranks."""
    return [Pair((rank,), one, other) for one, other, rank in said]


def sets(of: dict[str, list[str]]) -> set[frozenset[str]]:
    """The groups as sets."""
    return {frozenset(group) for group in of.values()}


def test_a_chain_is_one_person_when_nothing_contradicts() -> None:
    """Without contradictions groups are the connected components."""
    of, refused = groups(pairs(("a", "b", 1), ("b", "c", 2), ("d", "e", 1)), lambda *_: "")
    assert sets(of) == {frozenset("abc"), frozenset("de")}
    assert refused == []


def test_the_surer_pair_wins() -> None:
    """When both ends of a chain contradict each other, the middle stays with the surer one, and the other pair is told with the reason."""
    of, refused = groups(pairs(("a", "b", 2), ("b", "c", 1)), lambda one, other: "no" if {one, other} == {"a", "c"} else "")
    assert sets(of) == {frozenset("bc"), frozenset("a")}
    assert [(one.pair.a, one.pair.b, one.says) for one in refused] == [("a", "b", "no")]


@given(st.lists(st.tuples(SOME, st.integers(0, 3)), max_size=12), st.sets(SOME, max_size=6), st.randoms(use_true_random=False))
def test_groups_depend_on_the_set_of_pairs_alone(said: list[tuple[tuple[str, str], int]], against: set[tuple[str, str]], dice: object) -> None:
    """Any order of pairs, and any repetition, gives the same groups and refusals; no group holds a contradiction; what was refused would make one."""

    def contradicts(one: str, other: str) -> str:
        return "no" if tuple(sorted((one, other))) in against else ""

    given_ = pairs(*((one, other, rank) for (one, other), rank in said))
    of, refused = groups(given_, contradicts)
    mixed = [*given_, *given_[:3]]
    dice.shuffle(mixed)  # type: ignore[attr-defined]
    again, refused_again = groups(mixed, contradicts)
    assert sets(again) == sets(of)
    assert set(refused_again) == set(refused)
    assert not [1 for group in sets(of) for pair in combinations(sorted(group), 2) if pair in against]
    for one in refused:
        assert of[one.pair.a] is not of[one.pair.b]
        assert [1 for a in of[one.pair.a] for b in of[one.pair.b] if contradicts(a, b)]
