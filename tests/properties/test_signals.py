"""Early warning under any ticks: clusters of reports, and clinics that fall silent."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from tests.oracle.facts import Sent
from tests.properties import bus
from tests.properties.effort import examples
from tests.properties.records import Draw
from tests.properties.test_expiry import same_after_each_portion
from tests.properties.worlds import EVERY, World
from tests.streams.trial import DAY

_FIRST = int(datetime.fromisoformat("2020-02-01T00:00:00+08:00").timestamp() * 1000)
ticks = st.builds(lambda day, more: _FIRST + day * DAY + more, st.integers(0, 16), st.sampled_from((-1, 0, 0, 1)))
_SOME = st.lists(st.one_of(st.none(), ticks), min_size=8, max_size=8)


@st.composite
def clusters(draw: Draw) -> World:
    """Suspected cases of two clinics in one township over two weeks, some corrected to another day or taken back, in any order."""
    sent: list[Sent] = []
    for number in range(draw(st.integers(4, 24))):
        for version in range(1, draw(st.sampled_from((1, 1, 1, 2))) + 1):
            day = draw(st.sampled_from((1, 2, 3, 4, 5, 6, 8, 8, 8, 9, 9, 10, 12)))
            state = {"state": "撤回"} if version == 2 and draw(st.booleans()) else {}
            sent.append(("clinic-visit", {
                "facility": draw(st.sampled_from(("CLIN-1", "CLIN-1", "CLIN-2"))) if version == 1 else sent[-1][1]["facility"], "visit_no": f"V{number}", "patient_no": f"P{number}",
                "updated": f"2020-02-2{version}", "name": "李样本", "region": "530624107", "seen_at": f"2020-02-{day:02} 09:00",
                "symptoms": draw(st.sampled_from(("发热", "咳嗽"))), "disposition": draw(st.sampled_from(("疑似", "疑似", "观察"))),
            } | state))  # fmt: skip
    return draw(arrivals(sent))


@st.composite
def arrivals(draw: Draw, sent: list[Sent]) -> World:
    """Records as they arrive: in any order, in portions and batches of any size."""
    arrival = draw(st.permutations(sent))
    cuts = sorted(draw(st.lists(st.integers(0, len(arrival)), max_size=2)))
    portions = [arrival[start:end] for start, end in zip([0, *cuts], [*cuts, len(arrival)], strict=True) if start < end]
    return World(portions, draw(st.lists(st.sampled_from((1, 5, 50)), min_size=1, max_size=3)), draw(st.permutations(EVERY)), draw(st.booleans()))


@st.composite
def away(draw: Draw) -> World:
    """How many were ill at two schools of a township on the working days of three weeks, a few of them many, some corrected or taken back, in any order."""
    sent: list[Sent] = []
    for day in (*range(1, 8), 10, 11, 12, 13, 14, 17, 18):
        for place in ("SCH-1", "SCH-2"):
            for version in range(1, draw(st.sampled_from((0, 1, 1, 1, 1, 2))) + 1):
                state = {"state": "撤回"} if version == 2 and draw(st.booleans()) else {}
                sent.append(("absence", {
                    "place": place, "date": f"2020-02-{day:02}", "revision": str(version), "institution": "小学", "region": "530624107", "enrolled": "40",
                    "ill": str(draw(st.sampled_from((0, 1, 1, 2, 2, 3, 25)))),
                } | state))  # fmt: skip
    return draw(arrivals(sent))


@given(away(), _SOME)
@examples(12)
def test_absences_are_those_of_the_oracle(world: World, ticks: list[int | None]) -> None:
    """Counts of absences, signals of too many, and schools that are silent although weekends are not missed."""
    same_after_each_portion(bus.bus(world), world, ticks, bus.POLICY)


@given(clusters(), _SOME)
@examples(30)
def test_signals_are_those_of_the_oracle(world: World, ticks: list[int | None]) -> None:
    """In any order, with corrections and ticks about midnight: signals and silences are what the oracle says."""
    same_after_each_portion(bus.bus(world), world, ticks, bus.POLICY)


@given(clusters(), _SOME, st.integers(2, 5))
@examples(10)
def test_signals_on_any_number_of_partitions(world: World, ticks: list[int | None], partitions: int) -> None:
    """The same with several partitions."""
    same_after_each_portion(bus.partitioned(world, partitions), world, ticks, bus.POLICY)
