"""Mentions of an alias become one profile, its blocks and its shared handles."""

from __future__ import annotations

from itertools import permutations

import pytest

from schemas.models.fact import Fact, digest_of
from schemas.models.identity import TIMELESS, Block, Mention, Profile, Shared
from streams.identity.profile import unseal
from streams.identity.profiles import MOST, stage
from streams.identity.said import saying
from streams.identity.spec import shipped
from streams.stage import Verdict
from tests.streams.identity.small import OPENED, mention
from tests.streams.trial import KEYS, Trial, outcomes, token, values

A, ACCOUNT, OTHER = token("alias"), token("account"), token("another account")
TOPICS = ("identity.profile", "identity.block", "identity.shared")


def trial() -> Trial:
    """The stage with nothing in it."""
    return Trial(stage(OPENED))


def repeated(count: int) -> list[Mention]:
    """Mentions that say the same, one a day."""
    return [mention(A, day, ACCOUNT, name="wang ceshi") for day in range(count)]


def standing(made: Trial) -> Profile:
    """The one profile that stands."""
    (found,) = made.stands("identity.profile")
    assert isinstance(found, Profile)
    return found


def test_a_first_mention_makes_profile_blocks_and_shared_handles() -> None:
    """Each value stands with its source, each blocking rule that has its parts gives a block with the same seal, each handle a pair."""
    made = trial()
    told = mention(A, 5, ACCOUNT, name="wang ceshi", born="1980-01-01", phone="1")
    made.give(told)
    whole = standing(made)
    assert (whole.alias, whole.causes) == (A, [saying(told)])
    assert unseal(KEYS, A, whole.sealed) == {"born": ["1980-01-01"], "name": ["wang ceshi"], "phone": ["1"]}
    assert whole.sources == ["scan-code"] * 3
    blocks = [one for one in made.stands("identity.block") if isinstance(one, Block)]
    assert sorted(one.reason for one in blocks) == ["birthday", "phone"]
    assert {(one.sealed, tuple(one.causes)) for one in blocks} == {(whole.sealed, (whole.compared,))}
    (shared,) = made.stands("identity.shared")
    assert isinstance(shared, Shared)
    assert (shared.a, shared.b, shared.causes, shared.reason) == (*sorted((A, ACCOUNT)), [saying(told)], "same account")


def test_what_says_nothing_new_writes_nothing() -> None:
    """A mention of the same content is counted and writes nothing, and takes one row without a value."""
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
    assert unseal(KEYS, A, standing(made).sealed) == {"name": ["wang ceshi", "wang seshi"]}
    assert standing(made).sources == ["clinic-visit scan-code", "clinic-visit"]


def test_another_source_that_says_the_same_changes_no_block() -> None:
    """The profile has its source, and is another; what is compared is the same, so that neither blocks nor pairs are written anew until another value is said."""
    made = trial()
    made.give(mention(A, 5, name="wang ceshi", phone="1"))
    first = standing(made)
    wrote = made.give(mention(A, 6, name="wang ceshi", source="clinic-visit"))
    assert [(emit.topic, emit.value.retracted) for emit in wrote if isinstance(emit.value, Fact)] == [("identity.profile", True), ("identity.profile", False)]
    assert (standing(made).id == first.id, standing(made).compared == first.compared) == (False, True)
    made.give(mention(A, 7, name="wang seshi", source="clinic-visit"))
    assert standing(made).compared != first.compared
    assert {tuple(one.causes) for one in made.stands("identity.block") if isinstance(one, Block)} == {(standing(made).compared,)}


def test_what_is_said_stands_while_a_mention_says_it() -> None:
    """What follows names what is said, whichever mentions say it: nothing is written until the last of them goes, and then all is gone."""
    first, second, third = repeated(3)
    made = trial()
    made.give(second)
    assert (standing(made).causes, standing(made).at) == ([saying(first)], TIMELESS)
    assert [(one.causes, one.at) for one in made.stands("identity.shared") if isinstance(one, Shared)] == [([saying(first)], TIMELESS)]
    assert made.give(first, third) == []
    assert made.give(second.taken_back(), third.taken_back()) == []
    made.give(first.taken_back())
    assert [made.stands(topic) for topic in TOPICS] == [[], [], []]
    assert made.rows() == []


def test_a_window_that_passes_writes_nothing() -> None:
    """A window of 20 days passes over 200 mentions, each of which comes, stands, and goes: the profile is written once."""
    said = repeated(200)
    made = trial()
    for day, one in enumerate(said):
        made.give_each([one] if day < 20 else [one, said[day - 20].taken_back()])
    assert len(values(made.wrote, Profile)) == 1


def test_what_is_said_has_one_name_for_all_who_say_it() -> None:
    """Time and record have no part in the name; alias, source, handles, what nobody has two of, and every value have."""
    one = mention(A, 5, ACCOUNT, name="wang ceshi")
    assert saying(mention(A, 9, ACCOUNT, cause="another record", name="wang ceshi")) == saying(one)
    others = [
        mention(OTHER, 5, ACCOUNT, name="wang ceshi"), mention(A, 5, OTHER, name="wang ceshi"), mention(A, 5, name="wang ceshi"), mention(A, 5, ACCOUNT, name="wang seshi"),
        mention(A, 5, ACCOUNT, source="clinic-visit", name="wang ceshi"), mention(A, 5, ACCOUNT, only="resident", name="wang ceshi"),
    ]  # fmt: skip
    assert len({saying(one), *map(saying, others)}) == 1 + len(others)


def test_the_causes_of_a_profile_are_all_that_is_said() -> None:
    """Each thing said once, in order, however many mentions say it."""
    made = trial()
    said = [mention(A, at, name=name) for at, name in ((9, "wang ceshi"), (4, "wang seshi"), (7, "wang zeshi"), (8, "wang ceshi"))]
    made.give(*said)
    assert standing(made).causes == sorted({saying(one) for one in said})


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
    assert len(standing(made).causes) == MOST


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


def test_other_keys_are_another_version() -> None:
    """The blocks that stand written follow from the rules too: where these change, state of before is refused, and not read on as if it were whole."""
    rules = [(rule.name, rule.parts) for rule in shipped("people").rules]
    assert (stage(OPENED).version, digest_of(repr(rules).encode())) == (4, "9f3b359c3d642c9dd1ff602e404b6499")
