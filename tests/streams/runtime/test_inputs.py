"""What waits at a task, what its next batch takes, and what is fetched meanwhile."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from aiokafka import TopicPartition
from hypothesis import given
from hypothesis import strategies as st

from streams.runtime.engine import Fetched, Gate
from streams.runtime.inputs import Appetite, Inputs

SCANS, VISITS, ORDERS = (TopicPartition(topic, 0) for topic in ("scans", "visits", "orders"))


def fetched(tp: TopicPartition, *offsets: int, generation: int = 7) -> Fetched:
    """Records as they come from Faust."""
    return Fetched(generation, [SimpleNamespace(topic=tp.topic, partition=tp.partition, offset=offset) for offset in offsets])


def inputs(most: int = 10) -> tuple[Inputs, Gate]:
    """Three inputs from offset ten, of which the orders are urgent, with all gates open."""
    gate = Gate()
    made = Inputs(gate, 7, most, ["orders"])
    made.place({SCANS: 10, VISITS: 10, ORDERS: 10})
    gate.open([SCANS, VISITS, ORDERS])
    return made, gate


def taken(batch: list[Any]) -> list[tuple[str, int]]:
    """Topic and offset of records."""
    return [(record.topic, record.offset) for record in batch]


def test_takes_each_record_once() -> None:
    """Records already had, of another generation, before the start, or of another partition are dropped; the rest is taken in order."""
    made, _ = inputs(100)
    made.offer(fetched(SCANS, 8, 9))
    made.offer(fetched(SCANS, 9, 10, 11))
    made.offer(fetched(SCANS, 10, 11, 14))
    made.offer(fetched(SCANS, 20, generation=6))
    made.offer(fetched(TopicPartition("scans", 1), 20))
    assert taken(made.take(100)) == [("scans", 10), ("scans", 11), ("scans", 14)]


def test_shuts_only_what_has_enough() -> None:
    """An input with two full batches waiting is not fetched until some is taken; the others are."""
    made, gate = inputs(3)
    made.offer(fetched(SCANS, 10, 11, 12, 13, 14, 15, 16))
    assert gate.among([SCANS, VISITS, ORDERS]) == {VISITS, ORDERS}
    made.take(1)
    assert SCANS not in gate.among([SCANS])
    made.take(1)
    assert gate.among([SCANS]) == {SCANS}


def test_the_urgent_overtakes_a_backlog() -> None:
    """An order is in the next batch, however many scans wait; it says that it presses until then."""
    made, _ = inputs(1000)
    made.offer(fetched(SCANS, *range(10, 2000)))
    assert not made.pressing
    made.offer(fetched(ORDERS, 10))
    assert made.pressing
    assert taken(made.take(5))[0] == ("orders", 10)
    assert not made.pressing


def test_a_hot_input_starves_none() -> None:
    """Each input has its share of a batch, and what one does not use is another's."""
    made, _ = inputs(1000)
    made.offer(fetched(SCANS, *range(10, 200)))
    made.offer(fetched(VISITS, *range(10, 13)))
    batch = taken(made.take(10))
    assert len(batch) == 10
    assert [one for one in batch if one[0] == "visits"] == [("visits", 10), ("visits", 11), ("visits", 12)]
    assert taken(made.take(4)) == [("scans", offset) for offset in range(17, 21)]


@given(st.lists(st.tuples(st.sampled_from([SCANS, VISITS, ORDERS]), st.integers(1, 8)), max_size=20), st.lists(st.integers(1, 9), min_size=1, max_size=5))
def test_nothing_is_lost_or_doubled(came: list[tuple[TopicPartition, int]], sizes: list[int]) -> None:
    """Whatever comes and whatever sizes batches have, each record is taken once and each input in its own order."""
    made, _ = inputs(5)
    ends = {SCANS: 10, VISITS: 10, ORDERS: 10}
    found: list[tuple[str, int]] = []
    for turn, (tp, count) in enumerate(came):
        made.offer(fetched(tp, *range(ends[tp], ends[tp] + count)))
        ends[tp] += count
        found += taken(made.take(sizes[turn % len(sizes)]))
    while made.waiting:
        batch = made.take(sizes[0])
        assert 1 <= len(batch) <= sizes[0]
        found += taken(batch)
    for tp, end in ends.items():
        assert [offset for topic, offset in found if topic == tp.topic] == list(range(10, end))


def test_what_is_put_back_comes_first() -> None:
    """Records of a batch that were not handled are the first of their inputs again, in their order."""
    made, _ = inputs(1000)
    made.offer(fetched(SCANS, *range(10, 16)))
    made.offer(fetched(ORDERS, 10, 11))
    made.put_back(made.take(6)[1:])
    assert taken(made.take(100)) == [("orders", 11), *(("scans", offset) for offset in range(10, 16))]
    made.end()
    made.put_back([SimpleNamespace(topic="scans", partition=0, offset=15)])
    assert made.waiting == 0


def test_the_end() -> None:
    """After the end nothing is taken, given or fetched."""
    made, gate = inputs()
    made.offer(fetched(SCANS, 10))
    made.end()
    made.offer(fetched(SCANS, 11))
    assert made.waiting == 0
    assert gate.among([SCANS, VISITS, ORDERS]) == set()


def test_appetite_follows_the_cost() -> None:
    """Cheap records come in the largest batches, dear ones in as many as are computed in the time; a small batch teaches nothing."""
    appetite = Appetite(4000, 0.1)
    assert appetite.records == 4000
    appetite.took(1, 5.0)
    assert appetite.records == 4000
    for _ in range(20):
        appetite.took(100, 0.1)
    assert 95 <= appetite.records <= 105
    for _ in range(40):
        appetite.took(100, 0.0001)
    assert appetite.records == 4000
    for _ in range(40):
        appetite.took(100, 100.0)
    assert appetite.records == 16
