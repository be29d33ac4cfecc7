"""Profiles under one key, weighed with each other."""

from __future__ import annotations

import zlib
from itertools import permutations

import pytest

from schemas.models.identity import Grade, Match, ModelPart
from schemas.models.raw import Reject
from streams.identity.model import save
from streams.identity.pairs import stage
from streams.stage import Verdict
from tests.streams.identity.small import OPENED, Fields, block, model
from tests.streams.trial import KEYS, Trial, outcomes, token, values

A, B, C, D, E = sorted(token(f"alias {name}") for name in "abcde")


def trial() -> Trial:
    """The stage with nothing in it."""
    return Trial(stage(model(), OPENED))


def standing(made: Trial) -> dict[tuple[str, str], Match]:
    """The matches that stand, by pair."""
    return {(one.a, one.b): one for one in made.stands("identity.match") if isinstance(one, Match)}


def part(version: int, **bits: tuple[int, ...]) -> ModelPart:
    """A model as it travels."""
    return ModelPart(version=version, model=zlib.compress(save(model(version, **bits)).encode()))


def test_grades() -> None:
    """From the spec's link on a pair is linked, from its review on it waits for a steward, and below nothing is written."""
    made = trial()
    made.give(block(A, "k", name="wang ceshi", born="1980-01-01", phone="1"), block(B, "k", name="wang ceshi", born="1980-01-01", phone="1"),
              block(C, "k", name="li yangben", born="1980-01-01", phone="2"), block(D, "k", name="wang ceshi", phone="1"))  # fmt: skip
    found = {pair: (match.grade, match.weight) for pair, match in standing(made).items()}
    assert found == {(A, B): (Grade.LINK, 15_000), (A, D): (Grade.REVIEW, 6_000), (B, D): (Grade.REVIEW, 6_000)}
    assert {match.model for match in standing(made).values()} == {1}


def test_a_contradiction_is_for_a_steward() -> None:
    """A pair that contradicts itself is not linked, whatever it weighs."""
    made = Trial(stage(model(name=(0, 0, 0, 0, 0, 20), born=(0, 0, 0, 0, 0, 20)), OPENED))
    made.give(block(A, "k", name="wang ceshi", born="1980-01-01"), block(B, "k", name="li yangben", born="1951-12-23"))
    assert [match.grade for match in standing(made).values()] == [Grade.REVIEW]


def test_the_same_pair_under_two_keys() -> None:
    """It is written for each of them, equal but for the rule; when one goes the other stays."""
    made = trial()
    said: Fields = {"name": "wang ceshi", "born": "1980-01-01"}
    made.give(block(A, "k", **said), block(B, "k", **said), block(A, "l", **said), block(B, "l", **said))
    found = [one for one in made.stands("identity.match") if isinstance(one, Match)]
    assert sorted(one.reason for one in found) == ["k", "l"]
    assert len({(one.weight, tuple(one.causes), one.at, one.grade) for one in found}) == 1
    made.give(block(A, "k", **said).taken_back())
    assert [one.reason for one in made.stands("identity.match") if isinstance(one, Match)] == ["l"]


def test_a_crowd_gives_no_pairs() -> None:
    """A block of more than the spec's crowd takes its pairs back, and gives them again when it has shrunk."""
    made = trial()
    said: Fields = {"name": "wang ceshi", "born": "1980-01-01", "phone": "1"}
    made.give(*(block(one, "k", **said) for one in (A, B, C, D)))
    assert len(standing(made)) == 6
    made.give(block(E, "k", **said))
    assert standing(made) == {}
    made.give(block(C, "k", **said).taken_back())
    assert set(standing(made)) == {(A, B), (A, D), (A, E), (B, D), (B, E), (D, E)}
    made.give(*(block(one, "k", **said).taken_back() for one in (A, B, D, E)))
    assert made.rows() == []


def test_a_new_model_weighs_blocks_when_it_is_their_turn() -> None:
    """What stands stays until the order for its block; what comes meanwhile is weighed with the new model; the order again changes nothing."""
    made = trial()
    said: Fields = {"name": "wang ceshi", "born": "1980-01-01"}
    made.give(block(A, "k", **said), block(B, "k", **said))
    before = standing(made)
    assert made.give(part(2, name=(1, 0, 0, 0, 0, 0))) == []
    assert standing(made) == before
    made.give(block(C, "k", **said))
    assert {pair: (one.model, one.weight) for pair, one in standing(made).items()} == {(A, B): (1, 10_000), (A, C): (2, 4_000), (B, C): (2, 4_000)}
    order = ModelPart(version=2, blocks=KEYS.token("block", "k")[:2])
    made.give_each([order, order, part(1), ModelPart(version=2, blocks="00"), part(2)])
    assert made.verdicts == [Verdict.APPLIED, Verdict.DUPLICATE, Verdict.DUPLICATE, Verdict.APPLIED, Verdict.DUPLICATE]
    assert {(one.model, one.weight) for one in standing(made).values()} == {(2, 4_000)}


def test_a_model_of_another_spec_is_refused() -> None:
    """It is counted as rejected, goes to `reject` with the reason, and changes nothing."""
    made = trial()
    other = model(9).model_copy(update={"spec": "another"})
    made.give_each([ModelPart(version=9, model=zlib.compress(save(other).encode()))])
    assert made.verdicts == [Verdict.REJECTED]
    assert [(one.source, one.version, one.reasons[0].field) for one in values(made.wrote, Reject)] == [("identity.model", 9, "model")]
    assert made.rows() == []


def test_an_order_reaches_its_blocks_alone() -> None:
    """Only blocks whose token begins as the order says are weighed anew."""
    made = trial()
    said: Fields = {"name": "wang ceshi", "born": "1980-01-01"}
    names = ["k", "l", "m", "n"]
    made.give(*(block(one, key, **said) for key in names for one in (A, B)))
    made.give(part(2))
    first = KEYS.token("block", "l")
    made.give(ModelPart(version=2, blocks=first[:6]))
    assert {one.reason: one.model for one in made.stands("identity.match") if isinstance(one, Match)} == dict.fromkeys(names, 1) | {"l": 2}


@pytest.mark.parametrize("gone", range(5))
def test_every_order_has_one_result(gone: int) -> None:
    """Profiles of a block that becomes a crowd, and the retraction of one of them, in every order in which the retraction follows."""
    said = [block(one, "k", name=name, born="1980-01-01") for one, name in zip((A, B, C, D, E), ("wang ceshi", "wang seshi", "wang ceshi", "li yangben", "x"), strict=True)]
    back = said[gone].taken_back()
    orders = [order for order in permutations([*said, back]) if order.index(said[gone]) < order.index(back)]
    assert len(outcomes(stage(model(), OPENED), orders[:: len(orders) // 120], ["identity.match"])) == 1
