"""Counts by bands of ages: under corrected, contradicting and missing dates of birth each case is in one band, that of the oracle."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from schemas.models.statistic import Measure
from streams.policy import Policy
from tests.oracle.facts import Sent
from tests.properties import bus
from tests.properties.effort import examples
from tests.properties.people import resident
from tests.properties.records import Draw
from tests.properties.test_expiry import same_after_each_portion
from tests.properties.test_signals import arrivals
from tests.properties.worlds import World

WIDE = bus.POLICY.model_copy(update={"age_bands": [0, 5, 30]})
_BORN = ("", "", "1990-02-04", "1990-2-8", "1990-02", "1990", "1980", "1961-05-05", "2020-02", "2019-12-31", "2020-02-05")
_AGES = ("", "", "29", "30岁", "8个月", "0", "58", "131")
_NUMBERS = ("", "", "", resident("53062419900205001"))


@st.composite
def ill(draw: Draw) -> World:
    """Three patients of one clinic are seen and tested on days about birthdays, with dates of birth and ages of which some are wrong, and some corrected or taken back."""
    sent: list[Sent] = []
    for number in range(draw(st.integers(2, 8))):
        who, day = f"P{draw(st.integers(1, 3))}", draw(st.integers(3, 9))
        for version in range(1, draw(st.sampled_from((1, 1, 2))) + 1):
            state = {"state": "撤回"} if version == 2 and draw(st.integers(0, 3)) == 0 else {}
            ours = {"patient_no": who, "age": draw(st.sampled_from(_AGES)), "id_no": draw(st.sampled_from(_NUMBERS)), "region": "530624107"} | state
            if number % 3:
                sent.append(("clinic-visit", ours | {
                    "facility": "CLIN-1", "visit_no": f"V{number}", "updated": f"2020-02-2{version}", "birth_date": draw(st.sampled_from(_BORN)),
                    "seen_at": f"2020-02-{day:02} 09:00", "symptoms": "发热", "disposition": draw(st.sampled_from(("疑似", "确诊", "排除", "观察"))),
                }))  # fmt: skip
            else:
                sent.append(("lab-result", ours | {
                    "lab": "LAB-1", "specimen_no": f"X{number}", "revision": str(version), "sent_by": "CLIN-1", "sampled_at": f"2020-02-{day:02}T09:00:00+08:00",
                    "reported_at": "2020-02-10T09:00:00+08:00", "result": draw(st.sampled_from(("阳性", "阳性", "阴性", "可疑"))),
                }))  # fmt: skip
    return draw(arrivals(sent))


@given(ill(), st.sampled_from((bus.POLICY, WIDE)))
@examples(40)
def test_bands_are_those_of_the_oracle(world: World, policy: Policy) -> None:
    """In any order and batches; and whoever is a case is in one band, so that bands add up to the cases of each region."""
    inside = bus.bus(world, policy)
    same_after_each_portion(inside, world, [None] * 8, policy)
    cells = bus.stands(inside)["statistic"]
    sums = [{region: sum(one["count"] for one in cells if one["region"] == region and one["measure"] == measure) for region in {one["region"] for one in cells}}
            for measure in (Measure.AGE, Measure.CLASSIFICATION)]  # fmt: skip
    assert sums[0] == sums[1]


@given(ill(), st.integers(2, 5))
@examples(10)
def test_bands_on_any_number_of_partitions(world: World, partitions: int) -> None:
    """The same with several partitions."""
    same_after_each_portion(bus.partitioned(world, partitions), world, [None] * 8, bus.POLICY)
