"""Candidates, the tree and clusters."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from schemas.models.case import LinkedCase
from streams.transmission.tree import candidates, clusters, infectors
from tests.oracle import transmission as oracle
from tests.properties.effort import examples
from tests.streams.transmission.cases import NUMBERS, RULED_OUT, contact, ill, met


def tree(*cases: LinkedCase) -> dict[str, str]:
    """Infectors by infectee."""
    return infectors(candidates(cases, NUMBERS), NUMBERS)


def test_candidates_are_ranked_with_reasons() -> None:
    """Of two cases whom somebody met, the one whose meeting fits is first, with days and places; shares leave room for a source that nobody knows."""
    first, second = candidates([ill("a", 0), ill("b", -8), ill("c", 5, met("a", 0), met("b", -1))], NUMBERS)["c"]
    assert (first.infector, first.serial, first.incubation, first.places) == ("a", 5, [5, 5], ["MKT-1"])
    assert (second.infector, second.serial, second.incubation) == ("b", 13, [6, 6])
    assert first.share > 0.8
    assert first.share + second.share < 1


def test_who_is_no_case_infects_nobody() -> None:
    """Contacts, those ruled out, and cases who were not met are no candidates; nor has a contact any."""
    found = candidates([contact("a"), ill("b", 0, **RULED_OUT), ill("c", 0), ill("d", 5, met("a", 0), met("b", 0)), contact("e", met("c", 0))], NUMBERS)
    assert found == {"c": [], "d": []}


def test_a_ring_is_cut_at_its_weakest_link() -> None:
    """Two who met while both were infectious: the one who fell ill five days later was infected, and not the other way round as well."""
    assert tree(ill("a", 0, met("b", -2, 3)), ill("b", 5, met("a", -2, 3))) == {"b": "a"}


def test_what_is_less_likely_than_an_unknown_source_is_no_link() -> None:
    """A meeting on the day of the illness makes a candidate, and no link."""
    cases = [ill("a", 0), ill("b", 1, met("a", 1))]
    assert [one.infector for one in candidates(cases, NUMBERS)["b"]] == ["a"]
    assert tree(*cases) == {}


def test_clusters_have_generations_and_sizes() -> None:
    """Each case is in one cluster; who infected two says so; a case without any link is a cluster by itself."""
    found = clusters([ill("a", 0), ill("b", 5, met("a", 0)), ill("c", 6, met("a", 0)), ill("d", 10, met("b", 5)), ill("e", 3)], NUMBERS)
    assert [(one.person, one.infector, one.generation, one.infected) for one in found[0].members] == [
        ("a", None, 0, 2), ("b", "a", 1, 1), ("c", "a", 1, 0), ("d", "b", 2, 0),
    ]  # fmt: skip
    assert [(one.first, len(one.members)) for one in found] == [("a", 4), ("e", 1)]


def test_a_correction_changes_the_tree() -> None:
    """With a corrected onset another is the likeliest source; when the test of the first is withdrawn the next candidate is."""
    later = ill("c", 5, met("a", 0), met("b", 1))
    assert tree(ill("a", 0), ill("b", 4), later)["c"] == "a"
    assert tree(ill("a", 9), ill("b", 1), later)["c"] == "b"
    assert tree(ill("a", 0, **RULED_OUT), ill("b", 1), later) == {"c": "b"}


_PEOPLE = "abcdef"
_days = st.sampled_from((-3, -1, 0, 0.4, 0.6, 2, 5, 6, 9))
_meetings = st.lists(st.builds(lambda other, first, more: met(other, first, first + more), st.sampled_from(_PEOPLE), _days, st.sampled_from((0, 0, 1, 4))),
                     max_size=4, unique_by=lambda one: one.person)  # fmt: skip


@st.composite
def _towns(draw: st.DrawFn) -> list[LinkedCase]:
    """Some people of whom most are cases, who met each other at any time."""
    people = [(person, [one for one in draw(_meetings) if one.person != person]) for person in _PEOPLE[: draw(st.integers(2, 6))]]
    return [ill(person, draw(_days), *met_, **draw(st.sampled_from(({}, {}, {}, RULED_OUT)))) for person, met_ in people]


@given(_towns(), st.randoms(use_true_random=False))
@examples(200)
def test_the_tree_is_that_of_the_oracle_in_any_order(town: list[LinkedCase], mixed: random.Random) -> None:
    """Weights and links are what the oracle says, whatever the order of the cases; every case is in one cluster, and none above itself."""
    contents = [one.model_dump(mode="json") for one in town]
    ranked = candidates(town, NUMBERS)
    assert {(one.infectee, one.infector): one.weight for ones in ranked.values() for one in ones} == oracle.weights(contents, NUMBERS)
    assert infectors(ranked, NUMBERS) == oracle.links(contents, NUMBERS)
    other = list(town)
    mixed.shuffle(other)
    assert clusters(other, NUMBERS) == clusters(town, NUMBERS)
    assert sorted(one.person for cluster in clusters(town, NUMBERS) for one in cluster.members) == sorted(ranked)
