"""Blocking keys."""

from __future__ import annotations

from hypothesis import given

from streams.identity.compare import Comparer
from streams.identity.keys import Blocking
from tests.streams.identity import small
from tests.streams.identity.trying import FEBRL, PROFILES, drawn


def keys(profile: dict[str, list[str]]) -> list[tuple[str, str]]:
    """The keys of a profile."""
    return Blocking(FEBRL).keys(Comparer(FEBRL).prepare(profile))


@given(PROFILES)
def test_keys_are_sorted_once_and_blind_to_order(profile: dict[str, list[str]]) -> None:
    """The keys are a function of what the profile says."""
    found = keys(profile)
    assert found == sorted(set(found))
    assert keys({field: values[::-1] for field, values in profile.items()}) == found


@given(PROFILES, PROFILES)
def test_more_values_only_add_keys(a: dict[str, list[str]], b: dict[str, list[str]]) -> None:
    """A profile that says all that another says has all its keys: but for names, whose order is compared only as they stand together."""
    both = {field: a.get(field, []) + b.get(field, []) for field in a.keys() | b.keys()}
    alone = [key for key in keys(a) if key[0] != "names"]
    assert set(alone) <= set(keys(both))


def test_every_part_must_say_something() -> None:
    """A rule of two parts gives no key when one of them is missing, and one for each pair of values otherwise."""
    assert not [key for key in keys({"surname": ["walker"]}) if key[0] == "surname-postcode"]
    found = [key for key in keys({"surname": ["walker", "smith"], "postcode": ["4121", "2000"]}) if key[0] == "surname-postcode"]
    assert len(found) == 4


def test_equal_records_meet_and_rules_stay_apart() -> None:
    """Two profiles with a value in common share the key of the rule; the same text under two rules is two keys."""
    compare, blocking = Comparer(small.SPEC), Blocking(small.SPEC)
    one, other = (blocking.keys(compare.prepare(profile)) for profile in ({"phone": ["19800102"]}, {"born": ["19800102"]}))
    assert one == [("phone", "19800102")]
    assert other == [("birthday", "19800102")]


def test_nearly_all_pairs_of_one_person_meet() -> None:
    """On records with up to three mistakes each, fewer than one true pair in a hundred shares no key."""
    prepared = [(record.person, set(keys(record.profile))) for record in drawn(200, 3)]
    pairs = [bool(one[1] & other[1]) for place, one in enumerate(prepared) for other in prepared[place + 1 :] if one[0] == other[0]]
    assert len(pairs) > 300
    assert pairs.count(False) <= len(pairs) / 100
