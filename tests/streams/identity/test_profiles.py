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


def repeated(count: int) -> list[Mention]:
    """Mentions that say the same, one a day, in the order of their ids."""
    return sorted((mention(A, day, ACCOUNT, name="wang ceshi") for day in range(count)), key=lambda one: one.id)


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
    """A mention of the same content with a larger id is counted and writes nothing, and takes one row without a value."""
    made = trial()
    first, *more = repeated(3)
    made.give(first)
    before = len(made.rows())
    assert made.give(*more) == []
    assert [value for _, value in made.rows()].count(b"") == 3
    assert len(made.rows()) == before + 2


def test_several_values_stand_side_by_side() -> None:
    """What two sources say differently is kept with each of them."""
    made = trial()
    made.give(mention(A, 5, name="wang ceshi"), mention(A, 6, name="wang seshi", source="clinic-visit"), mention(A, 7, name="wang ceshi", source="clinic-visit"))
    assert unseal(KEYS, A, standing(made).sealed) == {"name": {"wang ceshi": ["clinic-visit", "scan-code"], "wang seshi": ["clinic-visit"]}}


def test_the_mention_with_the_smallest_id_stands_for_all_that_say_the_same() -> None:
    """What follows names it and has its moment, whenever it came; when it goes the next one stands, and with the last all is gone."""
    first, second, third = repeated(3)
    made = trial()
    made.give(second)
    made.give(first)
    assert (standing(made).causes, standing(made).at) == ([first.id], first.at)
    assert [(one.causes, one.at) for one in made.stands("identity.shared") if isinstance(one, Shared)] == [([first.id], first.at)]
    assert made.give(third) == []
    made.give(first.taken_back())
    assert (standing(made).causes, standing(made).at) == ([second.id], second.at)
    assert made.give(third.taken_back()) == []
    made.give(second.taken_back())
    assert [made.stands(topic) for topic in TOPICS] == [[], [], []]
    assert made.rows() == []


def test_a_window_that_passes_seldom_writes() -> None:
    """A window of 20 days passes over 200 mentions, each of which comes, stands, and goes: the profile is written anew with few of them."""
    said = sorted(repeated(200), key=lambda one: one.at)
    made = trial()
    for day, one in enumerate(said):
        made.give_each([one] if day < 20 else [one, said[day - 20].taken_back()])
    written = len([one for one in values(made.wrote, Profile) if not one.retracted])
    assert 2 <= written <= 60, "of 200 that came and 180 that went, two of twenty are expected to write"


def test_the_moment_of_a_profile_is_the_first_of_what_stands_for_all() -> None:
    """Of several things said each has a mention that stands for it; the causes are these in order, and the earliest gives the moment."""
    made = trial()
    said = [mention(A, at, name=name) for at, name in ((9, "wang ceshi"), (4, "wang seshi"), (7, "wang zeshi"))]
    made.give(*said)
    assert (standing(made).at, standing(made).causes) == (4, sorted(one.id for one in said))


@pytest.mark.parametrize("onlys", list(permutations(("", "resident", "other"))))
def test_what_nobody_has_two_of_depends_on_no_order(onlys: tuple[str, ...]) -> None:
    """One mention that says so is enough; of several that say it differently the last by letters counts, whichever was told first."""
    made = trial()
    made.give(*(mention(A, at, only=only, name="wang ceshi") for at, only in enumerate(onlys)))
    assert standing(made).only == "resident"


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
    assert (standing(made).at, len(standing(made).causes)) == (1, MOST)


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
