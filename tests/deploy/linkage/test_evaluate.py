"""Records through the stages, judged: of people of whom it is known by hand what becomes of each pair."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from deploy.linkage.evaluate import evaluate
from deploy.linkage.files import Read, read
from deploy.linkage.measure import Rates
from deploy.linkage.pairwise import CONTRADICTION, CROWDED, NO_KEY, REVIEW, WEIGHT, Pairwise
from deploy.linkage.stream import link
from schemas.models.identity import Doubt
from streams.identity.model import BadModel
from streams.identity.records import Record
from tests.deploy.linkage.people import FILE, write
from tests.streams.identity.small import model

HEAVY = model(phone=(20, -1))
"""A phone so heavy that whoever shares one is weighed for review, whatever else they say."""
TRUE = {("a1", "a2"), ("b1", "b2"), ("d1", "d2"), ("e1", "e2"), ("f1", "f2")}


@pytest.fixture(name="people")
def _people(tmp_path: Path) -> Read:
    return read(FILE, [write(tmp_path)])


def test_what_becomes_of_each_pair(people: Read) -> None:
    """One of five true pairs is linked and one waits; each of the others is missed for its own cause; recall is told by missing field and by error."""
    found = evaluate(FILE, model(), people, 1)
    assert (found.records, found.people) == (14, 9)
    assert found.clusters == found.links == Rates(1, 1, 5)
    assert found.reviews == {Doubt.SCORE: Rates(1, 1, 5)}
    assert found.missed == {NO_KEY: 1, CROWDED: 1, WEIGHT: 1, REVIEW: 1, CONTRADICTION: 0}
    assert {(one.what, one.true, one.found) for one in found.fields} == {("phone", 2, 1), ("born", 1, 0), ("none", 2, 0)}
    assert {one.what: (one.true, one.found) for one in found.errors}["phone-missing"] == (2, 1)
    assert [one.what for one in found.errors] == ["phone-missing", "birth-missing", "one-digit", "other-date", "other-name"]
    assert found.document()["missed"] == found.missed
    assert found.document()["by_error"][0] == {"what": "phone-missing", "true": 2, "found": 1, "recall": 0.5}


def test_a_contradiction_is_a_cause_of_its_own(people: Read) -> None:
    """A true pair that weighs enough and contradicts itself is missed for that."""
    found = evaluate(FILE, HEAVY, people, 1)
    assert found.missed[CONTRADICTION] == 1
    assert found.missed[WEIGHT] == 0


@pytest.mark.parametrize("seed", range(4))
def test_every_order_has_one_result(seed: int, people: Read) -> None:
    """Clusters, links and reviews are the same in every order of arrival and of the file."""
    records = list(people.records)
    random.Random(seed).shuffle(records)
    first, again = link(FILE, model(), people.records, 99), link(FILE, model(), records, seed)
    assert first[:3] == again[:3]
    assert len(again.seconds) == 14
    assert again.per_second > 0
    assert min(again.seconds) == again.quantile(0) <= again.quantile(0.99) == max(again.seconds)


def test_the_truth_is_not_looked_at(people: Read) -> None:
    """The same records under another truth are linked in the same way."""
    other = [record._replace(person=str(number)) for number, record in enumerate(people.records)]
    assert link(FILE, model(), other, 1)[:3] == link(FILE, model(), people.records, 1)[:3]


def test_without_truth_there_is_nothing_to_judge(people: Read) -> None:
    """A record without a person is refused, and so is a model of another spec."""
    with pytest.raises(ValueError, match="nothing to judge by"):
        evaluate(FILE, model(), people._replace(records=[*people.records, Record("z", {})]), 1)
    with pytest.raises(BadModel):
        evaluate(FILE, model().model_copy(update={"spec": "large"}), people, 1)


def test_nothing_links_nothing() -> None:
    """Without records there are no rates to compute and none that fail."""
    found = link(FILE, model(), [], 1)
    assert (found.group, found.per_second, found.quantile(0.99)) == ({}, 0, 0)


def test_progress_is_told(people: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines of progress come when time passes, and say how far it is."""
    monkeypatch.setattr("deploy.linkage.stream.QUIET", 0.0)
    told: list[str] = []
    link(FILE, model(), people.records, 1, told.append)
    assert told[-1].startswith("14 of 14 records linked, ")


def test_rules(people: Read) -> None:
    """A rule brings together what shares its key, true or not; what only a crowded key has in common is lost to it."""
    by = {one.rule: one for one in Pairwise(FILE, model(), people.records).rules(TRUE)}
    assert by["phone"][2:] == (3, 2, 2, 1)
    assert by["birthday"][2:] == (1, 1, 1, 0)
    assert by["phone"].says == "a phone"


def test_weights_are_of_pairs_that_share_a_key(people: Read) -> None:
    """All such pairs are weighed, and no other; the parts of a weight add up to it, also under a rule that both share twice."""
    pairwise = Pairwise(FILE, model(), people.records)
    weights = pairwise.weights()
    assert weights == {("a1", "a2"): 10_000, ("b1", "c1"): -10_000, ("d1", "d2"): 6_000, ("e1", "e2"): -10_000}
    assert all(sum(step.weight for step in pairwise.explain(*each)) == weight for each, weight in weights.items())
    assert (pairwise.shared("a1", "a2"), pairwise.shared("f1", "f2")) == (["birthday"], [])
    assert pairwise.contradiction("e1", "e2") == "names and birth dates differ"
