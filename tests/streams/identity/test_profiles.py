"""Mentions of an alias become one profile, its blocks and its shared handles."""

from __future__ import annotations

from itertools import permutations

import pytest

from schemas.models.identity import Block, Mention, Profile, Shared
from streams.identity.profile import unseal
from streams.identity.profiles import MOST, stage
from streams.stage import Verdict
from tests.streams.identity.small import OPENED, mention
from tests.streams.trial import KEYS, Trial, outcomes, token, values

A, ACCOUNT, OTHER = token("alias"), token("account"), token("another account")
TOPICS = ("identity.profile", "identity.block", "identity.shared")


def trial() -> Trial:
    """The stage with nothing in it."""
    return Trial(stage(OPENED))


def standing(made: Trial) -> Profile:
    """The one profile that stands."""
    (found,) = made.stands("identity.profile")
    assert isinstance(found, Profile)
    return found


def test_a_first_mention_makes_profile_blocks_and_shared_handles() -> None:
    """Each value stands with its source, each blocking rule that has its parts gives a block with the same seal, each handle a pair."""
    made = trial()
    made.give(mention(A, 5, ACCOUNT, name="wang ceshi", born="1980-01-01", phone="1"))
    whole = standing(made)
    assert (whole.at, whole.alias) == (5, A)
    assert unseal(KEYS, A, whole.sealed) == {"born": {"1980-01-01": ["scan-code"]}, "name": {"wang ceshi": ["scan-code"]}, "phone": {"1": ["scan-code"]}}
    blocks = [one for one in made.stands("identity.block") if isinstance(one, Block)]
    assert sorted(one.reason for one in blocks) == ["birthday", "phone"]
    assert {(one.sealed, tuple(one.causes), one.at) for one in blocks} == {(whole.sealed, (whole.id,), 5)}
    (shared,) = made.stands("identity.shared")
    assert isinstance(shared, Shared)
    assert (shared.a, shared.b, shared.at, shared.reason) == (*sorted((A, ACCOUNT)), 5, "same account")


def test_what_says_nothing_new_writes_nothing() -> None:
    """A later mention with the same content is counted and writes nothing, and takes one row without a value."""
    made = trial()
    made.give(mention(A, 5, ACCOUNT, name="wang ceshi"))
    before = len(made.rows())
    assert made.give(mention(A, 6, ACCOUNT, name="wang ceshi"), mention(A, 7, ACCOUNT, name="wang ceshi")) == []
    assert [value for _, value in made.rows()].count(b"") == 3
    assert len(made.rows()) == before + 2


def test_several_values_stand_side_by_side() -> None:
    """What two sources say differently is kept with each of them."""
    made = trial()
    made.give(mention(A, 5, name="wang ceshi"), mention(A, 6, name="wang seshi", source="clinic-visit"), mention(A, 7, name="wang ceshi", source="clinic-visit"))
    assert unseal(KEYS, A, standing(made).sealed) == {"name": {"wang ceshi": ["clinic-visit", "scan-code"], "wang seshi": ["clinic-visit"]}}


def test_an_earlier_mention_and_its_retraction_move_the_first_moment() -> None:
    """The profile's moment is that of the first standing mention."""
    made = trial()
    late, early = mention(A, 5, ACCOUNT, name="wang ceshi"), mention(A, 3, ACCOUNT, name="wang ceshi")
    made.give(late)
    made.give(early)
    assert standing(made).at == 3
    made.give(early.taken_back())
    assert standing(made).at == 5
    made.give(late.taken_back())
    assert [made.stands(topic) for topic in TOPICS] == [[], [], []]
    assert made.rows() == []


def test_repetition() -> None:
    """A mention that stands, and a retraction of one that does not, are duplicates."""
    made = trial()
    one = mention(A, 5, name="wang ceshi")
    made.give_each([one, one, one.taken_back(), one.taken_back()])
    assert made.verdicts == [Verdict.APPLIED, Verdict.DUPLICATE] * 2


def test_a_device_is_no_person() -> None:
    """An alias of which more different things are said than of one person has no profile; when some are taken back it has one again."""
    made = trial()
    said = [mention(A, number, ACCOUNT, name=f"name {number}") for number in range(MOST + 1)]
    made.give(*said[:-1])
    assert len(values(made.wrote, Profile)) == 1
    made.give(said[-1])
    assert [made.stands(topic) for topic in TOPICS] == [[], [], []]
    made.give(said[0].taken_back())
    assert standing(made).at == 1


@pytest.mark.parametrize("gone", range(4))
def test_every_order_has_one_result(gone: int) -> None:
    """Mentions of one alias and the retraction of one of them, in every order in which the retraction follows, one by one and in one batch."""
    said: list[Mention] = [
        mention(A, 4, ACCOUNT, name="wang ceshi", phone="1"), mention(A, 2, OTHER, name="wang ceshi", phone="2"),
        mention(A, 3, ACCOUNT, name="wang ceshi", phone="1"), mention(A, 4, name="wang seshi", source="clinic-visit"),
    ]  # fmt: skip
    back = said[gone].taken_back()
    orders = [order for order in permutations([*said, back]) if order.index(said[gone]) < order.index(back)]
    assert len(outcomes(stage(OPENED), orders, TOPICS)) == 1
