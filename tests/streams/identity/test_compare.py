"""Profiles compared field by field."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from streams.identity.compare import Comparer, Prepared
from streams.identity.kinds import JOIN
from tests.streams.identity.small import SPEC
from tests.streams.identity.trying import FEBRL, PROFILES

COMPARE = Comparer(SPEC)


def named(a: dict[str, list[str]], b: dict[str, list[str]]) -> dict[str, str]:
    """The levels of two profiles by name."""
    levels = COMPARE.levels(COMPARE.prepare(a), COMPARE.prepare(b))
    return {field.name: kind.levels[level] for field, kind, level in zip(SPEC.fields, SPEC.kinds, levels, strict=True) if level is not None}


def test_the_best_pair_of_values_counts() -> None:
    """Of several values of a field those most alike are compared; a field that one side does not have says nothing."""
    assert named({"name": ["anna walker", "smith"]}, {"name": ["smyth", "lee"], "phone": ["1"]}) == {"name": "one letter"}


@given(PROFILES, PROFILES)
def test_levels_are_symmetric(a: dict[str, list[str]], b: dict[str, list[str]]) -> None:
    """Which of two profiles comes first changes no level."""
    compare = Comparer(FEBRL)
    x, y = compare.prepare(a), compare.prepare(b)
    assert compare.levels(x, y) == compare.levels(y, x)


@given(PROFILES)
def test_order_and_repetition_of_values_say_nothing(profile: dict[str, list[str]]) -> None:
    """A profile is prepared the same whatever the order of its values, and however often each stands."""
    compare = Comparer(FEBRL)
    expected = compare.prepare(profile)
    assert compare.prepare({field: values[::-1] * 2 for field, values in reversed(profile.items())}) == expected


def test_a_field_before_silences() -> None:
    """Names in each other's place are said once: given name and surname, which differ, are left out."""
    compare = Comparer(FEBRL)
    a, b = (compare.prepare({"given": [one], "surname": [other]}) for one, other in permutations(("anna", "walker")))
    levels = dict(zip([field.name for field in FEBRL.fields], compare.levels(a, b), strict=True))
    assert levels["swapped-name"] == 0
    assert levels["given"] is None
    assert levels["surname"] is None


def test_texts_do_not_break_out_of_their_place() -> None:
    """A value that holds the sign that joins fields is still one value."""
    compare = Comparer(FEBRL)
    a, b = (compare.prepare({"given": [f"an{JOIN}na"], "surname": [surname]}) for surname in ("walker", "lee"))
    assert compare.levels(a, b)[FEBRL.place("given")] == 0


def test_an_empty_profile_says_nothing() -> None:
    """Nothing against anything has no level anywhere."""
    assert set(COMPARE.levels(COMPARE.prepare({}), COMPARE.prepare({"name": ["anna"], "born": ["1980-01-02"]}))) == {None}


def test_a_contradiction_needs_all_its_levels() -> None:
    """The sentence comes when every field of it is at a level of it, and not when one says nothing."""

    def told(born: list[str]) -> str:
        a, b = COMPARE.prepare({"name": ["anna"], "born": ["1980-01-02"]}), COMPARE.prepare({"name": ["robert"], "born": born})
        return COMPARE.contradiction(COMPARE.levels(a, b))

    assert told(["1955-11-23"]) == "names and birth dates differ"
    assert told(["1980-01-03"]) == ""
    assert told([]) == ""


@given(st.lists(st.text("ab", min_size=1, max_size=4), min_size=20, max_size=40, unique=True))
def test_values_beyond_the_limit_are_left_out_in_order(values: list[str]) -> None:
    """A profile with very many values keeps the same few in every order."""
    kept: list[Prepared] = [COMPARE.prepare({"phone": some}) for some in (values, values[::-1])]
    assert kept[0] == kept[1]
    assert len(kept[0][2]) == 16
