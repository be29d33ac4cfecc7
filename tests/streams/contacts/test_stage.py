"""A presence that overlaps an exposure is a contact, whichever came first, and until one of them goes."""

from __future__ import annotations

from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.models.movement import Contact, Exposure, Presence
from streams.contacts.stage import stage
from streams.policy import load
from streams.stage import Verdict
from tests.streams.trial import HOUR, Trial, at, outcomes, values

POLICY = load()
STAGE = stage(POLICY)
LONGEST = POLICY.longest_presence + POLICY.lingering
NOON = at("2020-01-20 12:00")
ANNA, BORIS, CASE = "a" * 32, "b" * 32, "c" * 32


def presence(start: int, end: int, alias: str = ANNA, place: str = "MKT-1") -> Presence:
    """A presence from one millisecond after noon to another."""
    return Presence.of(causes=["scan"], at=NOON + start, until=NOON + end, alias=alias, place=place, region="530624", sealed=alias.encode())


def exposure(start: int, end: int, alias: str = CASE, place: str = "MKT-1", depth: int = 1) -> Exposure:
    """An exposure by a person under an alias."""
    return Exposure.of(causes=["order"], at=NOON + start, until=NOON + end, alias=alias, person="p" * 32, place=place, region="530624", depth=depth)


def contacts(trial: Trial) -> list[tuple[str, int, int]]:
    """Who met the case from when to when."""
    return sorted((one.alias, one.at - NOON, one.until - NOON) for one in trial.stands("contact") if isinstance(one, Contact))


@pytest.mark.parametrize(
    ("here", "risk", "overlap"),
    [
        ((0, 100), (0, 100), (0, 100)), ((0, 100), (50, 200), (50, 100)), ((50, 200), (0, 100), (50, 100)), ((0, 300), (100, 200), (100, 200)),
        ((100, 200), (0, 300), (100, 200)), ((0, 100), (100, 200), (100, 100)), ((100, 200), (0, 100), (100, 100)), ((50, 50), (0, 100), (50, 50)),
        ((50, 50), (50, 50), (50, 50)), ((0, 99), (100, 200), None), ((101, 200), (0, 100), None), ((-LONGEST, 0), (0, HOUR), (0, 0)),
        ((-POLICY.longest_presence, 0), (0, HOUR), (0, 0)), ((0, HOUR), (-LONGEST, 0), (0, 0)),
        ((-POLICY.longest_presence, 0), (-LONGEST, 0), (-POLICY.longest_presence, 0)),
    ],
)  # fmt: skip
def test_an_overlap_is_a_contact(here: tuple[int, int], risk: tuple[int, int], overlap: tuple[int, int] | None) -> None:
    """Both ends count, moments too, and the longest of either is found; the contact is the overlap, in both orders of arrival."""
    for facts in permutations([presence(*here), exposure(*risk)]):
        trial = Trial(STAGE)
        trial.give_each(facts)
        assert contacts(trial) == ([(ANNA, *overlap)] if overlap else [])


@pytest.mark.parametrize("lasted", [0, 1, HOUR, HOUR + 1, 6 * HOUR, 6 * HOUR + 1, POLICY.longest_presence])
@pytest.mark.parametrize("late", [0, 1])
def test_of_every_length(lasted: int, late: int) -> None:
    """A presence that ends as an exposure begins is found however long it lasted, and one that ended before is not."""
    for facts in permutations([presence(-lasted - late, -late), exposure(0, HOUR)]):
        trial = Trial(STAGE)
        trial.give_each(facts)
        assert contacts(trial) == ([] if late else [(ANNA, 0, 0)])
        trial.give_each([presence(-lasted - late, -late).taken_back()])
        assert contacts(trial) == []
        assert len(trial.rows()) == 1, "the exposure"


def test_what_a_contact_says() -> None:
    """Who was exposed and by whom, where, how deep, and the seal of the one who was exposed; it is caused by both and addressed to the alias."""
    trial = Trial(STAGE)
    here, risk = presence(0, 100), exposure(0, 100, depth=2)
    (emit,) = trial.give(here, risk)
    assert emit.key == ANNA
    (one,) = values([emit], Contact)
    assert (one.alias, one.person, one.place, one.region, one.depth, one.sealed) == (ANNA, "p" * 32, "MKT-1", "530624", 2, ANNA.encode())
    assert one.causes == [risk.id, here.id]


def test_nobody_meets_themselves() -> None:
    """The presence that made the exposure, or another under the same alias, is no contact."""
    trial = Trial(STAGE)
    trial.give(presence(0, 100, CASE), exposure(0, 100), presence(50, 60, CASE), exposure(20, 30))
    assert contacts(trial) == []


def test_another_place_is_no_contact() -> None:
    """Only who was at the same place was met; a place whose code begins with another's is another place."""
    trial = Trial(STAGE)
    trial.give(presence(0, 100, place="MKT-10"), exposure(0, 100, place="MKT-1"), presence(0, 100, place="MKT"))
    assert contacts(trial) == []


@pytest.mark.parametrize("gone", ["presence", "exposure"])
def test_what_goes_takes_its_contacts(gone: str) -> None:
    """A presence or an exposure taken back takes back its own contacts, each once, and no others."""
    here, risk = [presence(0, 100), presence(0, 100, BORIS)], [exposure(0, 100), exposure(50, 200)]
    trial = Trial(STAGE)
    trial.give(*here, *risk)
    assert len(contacts(trial)) == 4
    first = here[0] if gone == "presence" else risk[0]
    back = values(trial.give(first.taken_back()), Contact)
    assert len(back) == 2
    assert all(one.retracted and first.id in one.causes for one in back)
    assert len(contacts(trial)) == 2
    trial.give(*(one.taken_back() for one in [*here, *risk] if one is not first))
    assert contacts(trial) == []
    assert trial.rows() == []


def test_repetition() -> None:
    """What stands, and a retraction of what does not, is a duplicate and writes nothing."""
    trial = Trial(STAGE)
    here, risk = presence(0, 100), exposure(0, 100)
    trial.give_each([here, here, risk, risk, here.taken_back(), here.taken_back(), risk.taken_back(), risk.taken_back()])
    assert trial.verdicts == [Verdict.APPLIED, Verdict.DUPLICATE] * 4
    assert [one.retracted for one in values(trial.wrote, Contact)] == [False, True]


FACTS = [presence(0, 100), presence(50, 150, BORIS), exposure(90, 200), exposure(0, 60)]


@pytest.mark.parametrize("gone", [*FACTS, None])
def test_every_order_has_one_result(gone: Presence | Exposure | None) -> None:
    """Every order of arrival, one by one and in one batch, with one of them taken back or none."""
    facts = [*FACTS, gone.taken_back()] if gone else FACTS
    orders = [arrival for arrival in permutations(facts) if gone is None or arrival.index(gone) < arrival.index(gone.taken_back())]
    assert len(outcomes(STAGE, orders, ["contact"])) == 1


START = st.sampled_from([0, 1, 2, 50, HOUR, POLICY.longest_presence, LONGEST, LONGEST + 1, 2 * LONGEST])
PRESENCES = st.builds(lambda start, length, alias: presence(start, start + length, alias), START, st.sampled_from([0, 1, 50, POLICY.longest_presence]), st.sampled_from([ANNA, BORIS, CASE]))
EXPOSURES = st.builds(lambda start, length: exposure(start, start + length), START, st.sampled_from([0, 1, 50, POLICY.longest_presence, LONGEST]))


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(PRESENCES | EXPOSURES, st.booleans()), max_size=12))
def test_contacts_are_all_overlaps(steps: list[tuple[Presence | Exposure, bool]]) -> None:
    """After anything comes and goes, there is one contact for each standing presence and exposure that overlap, as if all pairs were compared."""
    trial = Trial(STAGE)
    left: dict[str, Presence | Exposure] = {}
    for one, comes in steps:
        trial.give(one if comes else one.taken_back())
        left = left | {one.id: one} if comes else {key: value for key, value in left.items() if key != one.id}
    here = [one for one in left.values() if isinstance(one, Presence) and one.alias != CASE]
    risk = [one for one in left.values() if isinstance(one, Exposure)]
    pairs = [(one.alias, max(one.at, two.at) - NOON, min(one.until, two.until) - NOON) for one, two in product(here, risk)]
    assert contacts(trial) == sorted(pair for pair in pairs if pair[1] <= pair[2])
