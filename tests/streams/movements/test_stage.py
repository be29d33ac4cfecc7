"""Presences from scans in any order, and exposures where an order traces them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.models.isolation import Sighting
from schemas.models.movement import Exposure, Order, Presence
from schemas.models.record import Direction, Disposition, Gate, Scan, Step, Visit
from streams.movements.stage import INPUTS, stage
from streams.policy import load
from streams.stage import Verdict
from tests.streams.trial import HOUR, MINUTE, Trial, at, outcomes, values

POLICY = load()
STAGE = stage(POLICY)
DAY0 = at("2020-01-20 00:00")
IN, OUT, PASS = Direction.IN, Direction.OUT, Direction.PASS
ANNA, BORIS = "a" * 32, "b" * 32
HALF = 30 * MINUTE


def scan(hour: float, direction: Direction, place: str = "MKT-1", alias: str = ANNA, record: str = "r") -> Scan:
    """A scan at an hour of the day."""
    moment = DAY0 + int(hour * HOUR)
    return Scan.of(causes=["raw"], at=moment, source="s", record=record, alias=alias, place=place, direction=direction, region="530624", sealed=b"sealed")


def order(start: float, end: float, alias: str = ANNA, depth: int = 1, person: str = "p" * 32) -> Order:
    """An order to trace from one hour to another."""
    return Order.of(causes=["case"], at=DAY0 + int(start * HOUR), until=DAY0 + int(end * HOUR), alias=alias, person=person, depth=depth)


def hours(moment: int) -> float:
    """Hours since the day began, to a tenth of a second."""
    return round((moment - DAY0) / HOUR, 5)


def stays(trial: Trial) -> list[tuple[float, float]]:
    """Beginning and end of the presences that stand, in hours of the day."""
    return sorted((hours(one.at), hours(one.until)) for one in trial.stands("presence") if isinstance(one, Presence))


def exposures(trial: Trial) -> list[tuple[float, float]]:
    """Beginning and end of the exposures that stand, without the lingering, in hours of the day."""
    found = [one for one in trial.stands("exposure") if isinstance(one, Exposure)]
    return sorted((hours(one.at), hours(one.until - POLICY.lingering)) for one in found)


def after(*facts: Any) -> Trial:
    """The stage after some facts, one by one."""
    trial = Trial(STAGE)
    trial.give_each(facts)
    return trial


def test_inputs() -> None:
    """All kinds of records that can be presences are read, and the orders."""
    assert set(INPUTS) == {"record.scan", "record.gate", "record.visit", "record.crossing", "record.step", "trace.order", "breach.order"} == set(STAGE.inputs)


@pytest.mark.parametrize(
    ("scans", "expected"),
    [
        ([scan(9, IN), scan(11, OUT)], [(9, 11)]),
        ([scan(9, IN)], [(9, 9.5)]),
        ([scan(9, OUT)], [(8.5, 9)]),
        ([scan(9, PASS)], [(9, 9)]),
        ([scan(9, IN), scan(21, OUT)], [(9, 21)]),
        ([scan(9, IN), scan(21.001, OUT)], [(9, 9.5), (20.501, 21.001)]),
        ([scan(9, IN), scan(10, IN), scan(11, OUT)], [(9, 9.5), (10, 11)]),
        ([scan(9, IN), scan(10, OUT), scan(11, OUT)], [(9, 10), (10.5, 11)]),
        ([scan(9, IN), scan(10, OUT), scan(10, IN), scan(11, OUT)], [(9, 10), (10, 11)]),
        ([scan(9, IN), scan(9, OUT)], [(8.5, 9), (9, 9.5)]),
        ([scan(9, IN), scan(10, OUT, "MKT-2")], [(9, 9.5), (9.5, 10)]),
        ([scan(9, IN), scan(10, OUT, alias=BORIS)], [(9, 9.5), (9.5, 10)]),
        ([scan(9, IN), scan(9.5, PASS), scan(11, OUT)], [(9, 11), (9.5, 9.5)]),
    ],
)
def test_scans_become_stays(scans: list[Scan], expected: list[tuple[float, float]]) -> None:
    """Pairs, scans alone, twelve hours exactly and a little more, repeated scans, and other places and people: the same in every order of arrival."""
    for arrival in permutations(scans):
        assert stays(after(*arrival)) == expected


def test_a_late_scan_touches_its_neighbours_alone() -> None:
    """A scan that comes late, before two others, leaves what these mean as it is."""
    assert stays(after(scan(12, IN), scan(15, IN), scan(9, IN))) == [(9, 9.5), (12, 12.5), (15, 15.5)]
    assert stays(after(scan(9, OUT), scan(12, OUT), scan(15, OUT))) == [(8.5, 9), (11.5, 12), (14.5, 15)]


def test_a_late_scan_in_the_middle() -> None:
    """A scan out between in and out ends the stay earlier and leaves the second out alone; a scan in there does it the other way round."""
    trial = after(scan(9, IN), scan(12, OUT))
    written = values(trial.give(scan(10, OUT)), Presence)
    assert [one.retracted for one in written] == [True, False, False]
    assert stays(trial) == [(9, 10), (11.5, 12)]
    trial = after(scan(9, IN), scan(12, OUT), scan(10, IN))
    assert stays(trial) == [(9, 9.5), (10, 12)]


def test_a_scan_that_is_taken_back() -> None:
    """Without it the others mean what they meant before, and nothing is left of it in the state."""
    trial = after(scan(9, IN), scan(12, OUT))
    before = trial.stands("presence"), trial.rows()
    trial.give(scan(10, OUT))
    trial.give(scan(10, OUT).taken_back())
    assert (trial.stands("presence"), trial.rows()) == before


def test_a_corrected_scan() -> None:
    """A correction is a retraction and an assertion: a scan in that was a scan out changes the stay."""
    trial = after(scan(9, IN), scan(11, IN))
    trial.give(scan(11, IN).taken_back(), scan(11, OUT))
    assert stays(trial) == [(9, 11)]


@pytest.mark.parametrize("regions", [("530602", "530624"), (None, "53"), (None, None)])
@pytest.mark.parametrize("record", "ce")
def test_two_scans_of_one_moment(regions: tuple[str | None, str | None], record: str) -> None:
    """Which of two scans in of one moment the scan out belongs to is decided by their regions, never by how their records are called."""
    first, second = (scan(9, IN, record=name).model_copy(update={"region": region, "id": name * 32}) for name, region in zip((record, "d"), regions, strict=True))
    for arrival in permutations([first, second, scan(11, OUT)]):
        trial = after(*arrival)
        pair = [one for one in trial.stands("presence") if isinstance(one, Presence) and one.until == DAY0 + 11 * HOUR]
        assert [one.region for one in pair] == [regions[1]]


def test_repetition() -> None:
    """A scan that is known, and a retraction of one that is not, are duplicates, of stays and of passing."""
    trial = after(*[one for kind in (IN, PASS) for one in (scan(9, kind), scan(9, kind), scan(9, kind).taken_back(), scan(9, kind).taken_back())])
    assert trial.verdicts == [Verdict.APPLIED, Verdict.DUPLICATE] * 4
    assert not trial.rows()


def test_presences_keep_place_region_and_seal() -> None:
    """What is needed to find and reach a contact goes along, keyed by the place."""
    trial = Trial(STAGE)
    emits = trial.give(scan(9, IN), scan(11, OUT))
    assert {emit.key for emit in emits} == {"MKT-1"}
    presence = values(emits, Presence)[-1]
    assert (presence.alias, presence.place, presence.region, presence.sealed) == (ANNA, "MKT-1", "530624", b"sealed")


def test_other_records() -> None:
    """Gates are moments, visits half an hour, steps as long as they say; a record that says nothing of a presence is taken and writes nothing."""
    common: dict[str, Any] = {"causes": ["raw"], "source": "s", "record": "r", "alias": ANNA, "at": DAY0}
    trial = Trial(STAGE)
    trial.give_each(
        [
            Gate.of(**common, place="G", direction=IN), Visit.of(**common, place="C", disposition=Disposition.SUSPECTED),
            Step.of(**common, place="P", until=DAY0 + 2 * HOUR, precise=True), Visit.of(**common, place="C", disposition=Disposition.ADMITTED),
            Step.of(**common, place="P", until=DAY0 + 24 * HOUR + 1, precise=True),
        ]
    )  # fmt: skip
    assert stays(trial) == [(0, 0), (0, 0.5), (0, 2)]
    assert trial.verdicts == [Verdict.APPLIED] * 5


def _expected(scans: Sequence[Scan]) -> list[tuple[float, float]]:
    """Stays of one person at one place, read from all scans at once."""
    found = []
    line = sorted(scans, key=lambda one: (one.at, one.direction is IN, one.id))
    open_in: Scan | None = None
    for one in line:
        if open_in and one.direction is OUT and one.at - open_in.at <= POLICY.longest_stay:
            found.append((open_in.at, one.at))
            open_in = None
            continue
        if open_in:
            found.append((open_in.at, open_in.at + HALF))
        open_in = one if one.direction is IN else None
        if one.direction is OUT:
            found.append((one.at - HALF, one.at))
    if open_in:
        found.append((open_in.at, open_in.at + HALF))
    return sorted((hours(start), hours(end)) for start, end in found)


STOPS = st.builds(scan, st.sampled_from([0, 1, 2, 6, 12, 13, 14, 24, 25, 36]), st.sampled_from([IN, OUT]), record=st.sampled_from("rs"))


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(STOPS, st.integers(0, 3)), max_size=10))
@example([(scan(12, IN), 1), (scan(24, OUT), 1), (scan(0, IN), 1), (scan(12, OUT), 1), (scan(12, OUT), 0)])
def test_stays_follow_from_the_scans_that_stand(steps: list[tuple[Scan, int]]) -> None:
    """After any scans come and go, one presence each way at most two fall and two come, and what stands is what all scans together mean."""
    trial = Trial(STAGE)
    left: dict[str, Scan] = {}
    for one, comes in steps:
        before = {presence.id for presence in trial.stands("presence") if isinstance(presence, Presence)}
        trial.give(one if comes else one.taken_back())
        now = {presence.id for presence in trial.stands("presence") if isinstance(presence, Presence)}
        assert len(before - now) <= 2
        assert len(now - before) <= 2
        left = left | {one.id: one} if comes else {key: value for key, value in left.items() if key != one.id}
    assert stays(trial) == _expected(list(left.values()))


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ((0, 24), [(9, 11)]), ((9, 11), [(9, 11)]), ((10, 24), [(10, 11)]), ((0, 10), [(9, 10)]), ((9.5, 10), [(9.5, 10)]),
        ((11, 24), [(11, 11)]), ((0, 9), [(9, 9)]), ((11 + 1 / HOUR, 24), []), ((0, 9 - 1 / HOUR), []), ((20, 24), []),
    ],
)  # fmt: skip
def test_an_order_clips_to_its_window(window: tuple[float, float], expected: list[tuple[float, float]]) -> None:
    """The part of a presence inside the window is an exposure, both ends included, whether the order or the presence came first."""
    stay = [scan(9, IN), scan(11, OUT)]
    for facts in ([*stay, order(*window)], [order(*window), *stay], [stay[0], order(*window), stay[1]]):
        assert exposures(after(*facts)) == expected


def test_an_order_finds_what_began_long_before() -> None:
    """A stay of twelve hours, or a journey of a day, that ends as the window begins is found."""
    assert exposures(after(scan(9, IN), scan(21, OUT), order(21, 30))) == [(21, 21)]
    journey = Step.of(causes=["raw"], source="s", record="r", alias=ANNA, at=DAY0, until=DAY0 + 24 * HOUR, place="K109", precise=True)
    assert exposures(after(journey, order(24, 30))) == exposures(after(order(24, 30), journey)) == [(24, 24)]


def test_what_an_exposure_says() -> None:
    """It lasts half an hour longer than the stay, names person, alias, place and depth, and is caused by order and presence."""
    trial = after(scan(9, IN), scan(11, OUT), order(0, 24, depth=2))
    (one,) = values(trial.wrote, Exposure)
    (presence,) = (one for one in trial.stands("presence") if isinstance(one, Presence))
    assert one.until - presence.until == POLICY.lingering == 30 * MINUTE
    assert (one.person, one.alias, one.place, one.region, one.depth) == ("p" * 32, ANNA, "MKT-1", "530624", 2)
    assert one.causes == [order(0, 24, depth=2).id, presence.id]
    assert [emit.key for emit in trial.wrote if emit.topic == "exposure"] == ["MKT-1"]


def test_what_was_found_goes_into_the_timeline() -> None:
    """The whole presence, not the part in the window, is addressed to the alias, with its seal, and goes when the order goes."""
    trial = after(scan(9, IN), scan(11, OUT), order(10, 24))
    (found,) = (emit for emit in trial.wrote if emit.topic == "trace.found")
    assert isinstance(found.value, Presence)
    assert (found.key, found.value.at, found.value.until, found.value.sealed) == (ANNA, DAY0 + 9 * HOUR, DAY0 + 11 * HOUR, b"sealed")
    trial.give(order(10, 24).taken_back())
    assert trial.stands("trace.found") == trial.stands("exposure") == []
    assert stays(trial) == [(9, 11)]


def test_each_order_has_exposures_of_its_own() -> None:
    """Two orders for one alias, of two people or windows, give two exposures, and one taken back leaves the other's; other aliases are not touched."""
    trial = after(scan(9, IN), order(0, 24), order(8, 24, person="q" * 32), order(0, 24, BORIS))
    assert exposures(trial) == [(9, 9.5), (9, 9.5)]
    trial.give(order(0, 24).taken_back())
    assert [one.person for one in trial.stands("exposure") if isinstance(one, Exposure)] == ["q" * 32]


def test_a_presence_that_is_taken_back_takes_its_exposures() -> None:
    """Under a standing order a corrected stay corrects its exposure and the timeline."""
    trial = after(order(0, 24), scan(9, IN))
    assert exposures(trial) == [(9, 9.5)]
    trial.give(scan(11, OUT))
    assert exposures(trial) == [(9, 11)]
    trial.give(scan(9, IN).taken_back(), scan(11, OUT).taken_back())
    assert exposures(trial) == []
    assert trial.stands("trace.found") == []


def test_orders_repeated() -> None:
    """An order that stands, and a retraction of one that does not, are duplicates and write nothing."""
    trial = after(scan(9, IN), order(0, 24), order(0, 24), order(0, 24).taken_back(), order(0, 24).taken_back())
    assert trial.verdicts[1:] == [Verdict.APPLIED, Verdict.DUPLICATE, Verdict.APPLIED, Verdict.DUPLICATE]


FACTS = [scan(9, IN), scan(11, OUT), scan(10, OUT), order(0, 9.25), order(10.5, 30)]


@pytest.mark.parametrize("gone", [*FACTS, None])
def test_every_order_has_one_result(gone: Scan | Order | None) -> None:
    """Scans and orders in every order of arrival, with one of them taken back or none."""
    facts = [*FACTS, gone.taken_back()] if gone else FACTS
    orders = [arrival for arrival in permutations(facts) if gone is None or arrival.index(gone) < arrival.index(gone.taken_back())]
    assert len(outcomes(STAGE, orders[::3], ["presence", "exposure", "trace.found"])) == 1


@settings(deadline=None, max_examples=80)
@given(st.lists(st.tuples(STOPS | st.builds(order, st.sampled_from([0, 6, 12]), st.sampled_from([12, 13, 30])), st.booleans()), max_size=10))
def test_exposures_are_all_overlaps(steps: list[tuple[Scan | Order, bool]]) -> None:
    """After anything comes and goes, there is one exposure for each standing order and presence that overlap, clipped to both."""
    trial = Trial(STAGE)
    left: dict[str, Order] = {}
    for one, comes in steps:
        trial.give(one if comes else one.taken_back())
        if isinstance(one, Order):
            left = left | {one.id: one} if comes else {key: value for key, value in left.items() if key != one.id}
    presences = [one for one in trial.stands("presence") if isinstance(one, Presence)]
    both = [(max(one.at, here.at), min(one.until, here.until)) for one in left.values() for here in presences]
    assert exposures(trial) == sorted((hours(start), hours(end)) for start, end in both if start <= end)
    assert len(trial.stands("trace.found")) == len(exposures(trial))
    # What `contacts` relies on when it looks back: nothing is longer than this.
    assert all(0 <= one.until - one.at <= POLICY.longest_presence for one in presences)
    assert all(one.until - one.at <= POLICY.longest_presence + POLICY.lingering for one in trial.stands("exposure") if isinstance(one, Exposure))


def test_who_isolates_is_shown_and_exposes_nobody() -> None:
    """An order of depth 0 shows the presences in its window to whoever asked, whichever came first, and takes them back with the order or the scan."""
    watch, here = order(8, 20, depth=0), scan(10, PASS)
    for facts in permutations((watch, here, scan(21, PASS, record="r2"))):
        trial = after(*facts)
        (seen,) = [one for one in trial.stands("breach.found") if isinstance(one, Sighting)]
        assert (seen.person, seen.place, hours(seen.at)) == (watch.person, "MKT-1", 10)
        assert (trial.stands("exposure"), trial.stands("trace.found")) == ([], [])
    for gone in (watch, here):
        trial = after(watch, here, gone.taken_back())
        assert trial.stands("breach.found") == []
