"""The records of invented people."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from datetime import date
from itertools import islice
from pathlib import Path

import pytest

from deploy.simulation.linkage import FIELDS, Written, people
from deploy.simulation.linkage.homes import Sequences
from deploy.simulation.linkage.people import shuffled
from deploy.simulation.linkage.rates import rates
from streams.identity.compare import Comparer
from streams.identity.spec import shipped
from streams.normalise.phones import phone
from streams.normalise.resident import resident
from tests.realdata.data import VARIABLE

NUMBER = 3_000


@pytest.fixture(scope="module")
def written() -> list[Written]:
    """The records of some people."""
    return list(people(NUMBER, seed=5))


def test_equal_seeds_give_equal_records(written: list[Written]) -> None:
    """The same arguments give the same records, another seed others."""
    assert list(people(NUMBER, seed=5)) == written
    assert list(people(NUMBER, seed=6)) != written


def test_everybody_has_one_to_five_records(written: list[Written]) -> None:
    """So many people as asked for, each with one to five records, no record twice."""
    counts = Counter(one.person for one in written)
    assert len(counts) == NUMBER
    assert set(counts.values()) == {1, 2, 3, 4, 5}
    assert len({one.record for one in written}) == len(written)


def test_any_number_begins_at_once() -> None:
    """Ten million people are made one after another: the first records are there without the rest."""
    assert len(list(islice(people(10_000_000, seed=1), 100))) == 100


def test_nobody_is_no_number() -> None:
    """Less than one person is refused before anything is drawn."""
    with pytest.raises(ValueError, match="at least one"):
        people(0, seed=1)


def test_fields_are_those_of_a_profile_in_its_forms(written: list[Written]) -> None:
    """Every field is one of the profile's, and every value is one that normalise gives, so that the spec for people can compare it."""
    compare, spec = Comparer(shipped("people")), shipped("people")
    for one in written:
        assert set(one.says) <= set(FIELDS)
        assert all(one.says.values())
        prepared = compare.prepare({field: [value] for field, value in one.says.items()})
        told = {field.name for field, values in zip(spec.fields, prepared, strict=True) if values}
        assert told - {"resident", "document"} == set(one.says) - {"document"}
        assert ("document" in one.says) == bool(told & {"resident", "document"})


def test_numbers_are_what_they_say(written: list[Written]) -> None:
    """Resident numbers are valid and imply birth date and sex where nothing else is told; phones are in the form of normalise."""
    misread = 0
    for one in written:
        kind, _, number = one.says.get("document", "").partition(":")
        if kind == "resident":
            found = resident(number)
            assert found.number == number
            assert one.errors or one.says["born"] == found.born.isoformat()
        misread += kind == "resident?"
        if "phone" in one.says and not {"phone_digit", "phone_transposed"} & set(one.errors):
            assert phone(one.says["phone"]) == one.says["phone"]
    assert misread > 0


def test_every_error_is_made_about_as_often_as_stated(written: list[Written]) -> None:
    """Each kind of error occurs, and the rate of one that every name can have is near what is stated."""
    stated = rates().errors
    made = Counter(error for one in written for error in one.errors)
    assert set(stated) <= set(made)
    typed = [one for one in written if rates().sources[one.source].typed and "name" in one.says and "·" not in one.says["name"]]
    latin = sum(bool({"latin", "latin_by_ear"} & set(one.errors)) and one.says.get("nationality") != "MM" for one in typed)
    assert abs(latin / len(typed) - stated["latin"].value) < 0.02


def test_no_resident_number_is_given_twice() -> None:
    """In one county, where many are born on one day, two people never have one number; with more people than numbers it says so."""
    owners: dict[str, set[str]] = defaultdict(set)
    for one in people(20_000, seed=1, counties=("530624",)):
        if one.says.get("document", "").startswith("resident:"):
            owners[one.says["document"]].add(one.person)
    assert len(owners) > 10_000
    assert all(len(found) == 1 for found in owners.values())
    sequences = Sequences()
    given = {sequences.next("530624", date(1980, 1, 1), "male") for _ in range(500)}
    assert len(given) == 500
    with pytest.raises(ValueError, match="too many people"):
        sequences.next("530624", date(1980, 1, 1), "male")


def test_households_share_phones_and_have_no_two_names_that_sound_alike(written: list[Written]) -> None:
    """A phone is given by several people of one household; whole names written without error are different within it."""
    phones: dict[str, set[str]] = defaultdict(set)
    names: dict[str, set[str]] = defaultdict(set)
    for one in written:
        if "phone" in one.says:
            phones[one.says["phone"]].add(one.person)
        if not one.errors:
            names[one.person].add(one.says.get("name", ""))
    shared = [owners for owners in phones.values() if len(owners) > 1]
    assert len(shared) > 100
    assert sum(len({owner.partition("-")[0] for owner in owners}) == 1 for owners in shared) > 0.98 * len(shared)


def test_some_are_twins_and_some_share_a_name(written: list[Written]) -> None:
    """There are people born on one day into one household, and different people of one name in different ones."""
    born = {(one.person, one.says["born"]) for one in written if not one.errors and len(one.says.get("born", "")) == 10}
    homes = Counter((person.partition("-")[0], day) for person, day in born)
    assert max(homes.values()) == 2
    named = {(one.says["name"], one.person) for one in written if not one.errors and "name" in one.says}
    assert Counter(name for name, _ in named).most_common(1)[0][1] > 2


def test_shuffling_loses_nothing(written: list[Written]) -> None:
    """A shuffle through a window gives the same records in another order, the same for the same seed."""
    once = list(shuffled(iter(written), seed=1, window=500))
    assert once != written
    assert sorted(once) == sorted(written)
    assert once == list(shuffled(iter(written), seed=1, window=500))


def test_names_of_a_published_list_have_its_frequencies() -> None:
    """With the files of ChineseNames the most frequent surname is as frequent as there. Skipped where they are not."""
    if not os.environ.get(VARIABLE):
        pytest.skip(f"{VARIABLE} is not set: it names the folder above chinese-names")
    found = [one.says["name"] for one in people(NUMBER, seed=5, names=Path(os.environ[VARIABLE]) / "chinese-names") if not one.errors and "name" in one.says]
    assert abs(sum(name.startswith("王") for name in found) / len(found) - 0.0749) < 0.02
