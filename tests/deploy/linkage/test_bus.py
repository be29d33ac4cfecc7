"""What stands on the bus, a model tried on it, and a model sent to it."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kafka.partitioner import DefaultPartitioner

from connectors.reader import Entry
from deploy.linkage import standing
from deploy.linkage.standing import Facts, NotOne
from deploy.linkage.switch import SLICES, keys, messages, partition
from deploy.linkage.trial import People, difference, people
from schemas.models.identity import Doubt, Link, ModelPart, Profile, Shared, Verdict
from schemas.signing import Signatures
from streams.identity import links, pairs
from streams.identity import profiles as stage
from streams.identity.model import load, save
from streams.memory import Bus
from streams.stage import Emit
from tests.deploy.fakes import FakeReader, entry
from tests.deploy.linkage.people import A, B, C, alias, decision, profile, waits
from tests.streams.identity.small import OPENED, SPEC, mention, model
from tests.streams.trial import KEYS

D = "d" * 32
WANG = {"name": "wang ceshi", "born": "1980-01-01"}


def reader(*values: Entry) -> FakeReader:
    """A bus with these messages."""
    return FakeReader(values)


def shared(a: str, b: str) -> Shared:
    """Two aliases that a record names together."""
    return Shared.of(causes=["record"], at=3, a=a, b=b, reason="same account")


def test_what_stands() -> None:
    """A later profile of an alias replaces the earlier, facts stand until they are taken back, and what cannot be read is passed over."""
    old, new, gone = profile(KEYS, A), profile(KEYS, A, at=2, **WANG), profile(KEYS, B)
    both, same = shared(A, B), decision(A, B, Verdict.SAME)
    found = reader(
        entry("identity.profile", old, key=A), entry("identity.profile", new, key=A), entry("identity.profile", gone, key=B), entry("identity.profile", gone.taken_back(), key=B),
        entry("identity.profile", None, key=C), entry("identity.shared", both, key=both.id), entry("identity.decision", same, key=f"{A} {B}"),
    )  # fmt: skip
    assert standing.facts(found, Signatures()) == Facts([new], [both], [same])
    assert standing.profiles(found) == {A: new}


def test_decisions_in_their_order() -> None:
    """The decisions of a pair that stand come from the first to the last; those taken back are gone."""
    first, last, gone = decision(A, B, Verdict.SAME), decision(A, B, Verdict.DIFFERENT, at=200), decision(A, B, Verdict.SAME, at=300)
    found = reader(*(entry("identity.decision", one, key=f"{A} {B}") for one in (last, first, gone, gone.taken_back())))
    assert standing.decisions(found, Signatures()) == {(A, B): [first, last]}


def test_what_was_asked() -> None:
    """The last review of a pair for its score or as a sample is known after a decision has ended it, and after the pair waits for another reason."""
    wait, other = waits(A, B), waits(A, C, Doubt.CONTRADICTION)
    odd = waits(A, B, Doubt.DECISION)
    found = reader(*(entry("identity.review", one, key=f"{one.a} {one.b}") for one in (wait, wait.taken_back(), other, odd)))
    assert standing.asked(found) == {(A, B): wait.taken_back()}
    assert standing.reviews(found) == [odd, other]


def test_the_newest_model() -> None:
    """Of the models that were sent the highest version counts, whatever came last; orders are no models."""
    parts = [part for version in (2, 4, 3) for _, part in messages(model(version), 1)]
    assert standing.newest(reader(*(entry("identity.model", one) for one in parts))) == model(4)
    assert standing.newest(reader()) is None


def test_an_alias_by_its_beginning() -> None:
    """One alias that begins so is found; none, or several, are told."""
    assert standing.alias("a", [A, B]) == A
    assert standing.alias(A, [A, A]) == A
    with pytest.raises(NotOne, match=r"no aliases begin with c: .*review list"):
        standing.alias("c", [A, B])
    with pytest.raises(NotOne, match="2 aliases begin with a; give more"):
        standing.alias("a", [A, "a" * 31 + "b"])


def test_a_trial_makes_the_people_that_the_stages_make() -> None:
    """Handles, weights and decisions join; an alias without any is a person of its own; what is only likely waits."""
    said = [profile(KEYS, A, at=2, **WANG), profile(KEYS, B, at=1, **WANG), profile(KEYS, C, phone="1", name="wang ceshi"), profile(KEYS, D, phone="1", name="wang ceshi")]
    handle = Shared.of(causes=["record"], at=3, a=C, b=alias(1), reason="same account")
    found = people(SPEC, model(), KEYS, Facts(said, [handle], []))
    assert found == People({A: A, B: A, C: alias(1), alias(1): alias(1), D: D}, {(C, D)})
    decided = people(SPEC, model(), KEYS, Facts(said, [handle], [decision(A, B, Verdict.DIFFERENT), decision(C, D, Verdict.SAME)]))
    assert decided == People({A: A, B: B} | dict.fromkeys((C, D, alias(1)), alias(1)), set())


def test_a_trial_puts_profiles_under_the_same_keys_as_the_stage() -> None:
    """The people that follow from profiles alone are those that follow when the stage `profiles` writes the blocks, in several batches too."""
    said = [mention(alias(number), number, name="wang ceshi" if number % 2 else "li yangben", phone=str(number // 3)) for number in range(1, 9)]
    bus = Bus([stage.stage(OPENED)])
    bus.publish(Emit("identity.mention", one.alias, one) for one in said)
    bus.run()
    written = [one for one in bus.standing("identity.profile").values() if isinstance(one, Profile)]
    heavy = model(phone=(9, -1))
    found = people(SPEC, heavy, KEYS, Facts(written, [], []))
    assert len(set(found.person.values())) < 8
    whole = Bus([stage.stage(OPENED), pairs.stage(heavy, OPENED), links.stage(OPENED)])
    whole.publish(Emit("identity.mention", one.alias, one) for one in said)
    whole.run()
    linked = {one.alias: one.person for one in whole.standing("identity.link").values() if isinstance(one, Link)}
    assert {one: linked.get(one, one) for one in found.person} == found.person


def test_progress_of_a_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress is told batch by batch, and batches change nothing."""
    said = [profile(KEYS, alias(number), at=number, **WANG) for number in range(1, 5)]
    whole = people(SPEC, model(), KEYS, Facts(said, [], []))
    monkeypatch.setattr("deploy.linkage.trial._MANY", 1)
    told: list[str] = []
    assert people(SPEC, model(), KEYS, Facts(said, [], []), told.append) == whole
    assert told == [f"{number} of 4 profiles" for number in range(1, 5)]


def test_a_difference() -> None:
    """People that become one, and several, those whose aliases change, aliases whose key changes, and reviews that go and come are told."""
    before = People({"a": "a", "b": "b", "c": "c", "d": "c", "e": "c", "f": "f"}, {("a", "b")})
    after = People({"a": "a", "b": "a", "c": "c", "d": "d", "e": "d", "f": "f"}, {("c", "d"), ("x", "y")})
    found = difference(before, after)
    assert found.merged == {"a": ["a", "b"]}
    assert found.split == {"c": ["c", "d"]}
    assert (found.changed, found.moved) == (["a", "b", "c"], ["b", "d", "e"])
    assert found.counts() == {"aliases": 6, "people_before": 4, "people_after": 4, "people_merged": 2, "people_split": 1, "people_changed": 3, "aliases_moved": 3,
                              "reviews_gone": 1, "reviews_come": 2}  # fmt: skip
    assert found.sample(1) == {"merged": [{"person": "a", "of": ["a", "b"]}], "split": [{"person": "c", "into": ["c", "d"]}], "reviews_gone": [("a", "b")],
                               "reviews_come": [("c", "d")]}  # fmt: skip


def test_a_new_key_alone_is_no_change_of_people() -> None:
    """Where the aliases stay together and only the key is another, aliases move and no person changes."""
    found = difference(People({"a": "a", "b": "a"}, set()), People({"a": "b", "b": "b"}, set()))
    assert (found.merged, found.split, found.changed, found.moved) == ({}, {}, [], ["a", "b"])


@given(st.integers(1, 40))
def test_a_key_for_each_partition(partitions: int) -> None:
    """Each key falls into its partition, as the partitioner of kafka-python has it."""
    found = keys(partitions)
    assert [partition(key, partitions) for key in found] == list(range(partitions))

    class Cluster:
        """As much of a cluster as the partitioner asks for."""

        def topics(self) -> set[str]:
            return {"t"}

        def partitions_for_topic(self, _: str) -> set[int]:
            return set(range(partitions))

        available_partitions_for_topic = partitions_for_topic

    assert [DefaultPartitioner().partition("t", key, key.encode(), None, None, Cluster()) for key in found] == list(range(partitions))


def test_messages_of_a_switch() -> None:
    """Each partition gets the model, and after that each of 256 orders once; all beginnings of two digits are ordered."""
    found = list(messages(model(7), 3))
    for key in keys(3):
        mine = [part for each, part in found if each == key]
        assert load(zlib.decompress(mine[0].model)) == model(7)
        assert [part.blocks for part in mine] == [None, *SLICES]
    assert len(set(SLICES)) == 256
    assert {part.version for _, part in found} == {7}
    assert [part.blocks for _, part in found[:3]] == [None] * 3
    assert len(found) == 3 * 257
    assert save(model(7)).encode() == zlib.decompress(ModelPart.model_validate(found[0][1].model_dump()).model)
