"""Partition p of all inputs of a stage goes to one worker."""

from __future__ import annotations

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from streams.runtime.assignor import Copartitioned


@given(st.dictionaries(st.text("abc", min_size=1), st.integers(1, 12), min_size=1), st.sets(st.text("wxyz", min_size=1), min_size=1))
def test_every_partition_once_and_together(topics: dict[str, int], workers: set[str]) -> None:
    """Each partition of each topic has exactly one worker, and equal numbers have the same."""
    cluster = SimpleNamespace(partitions_for_topic=lambda topic: set(range(topics[topic])))
    members = {worker: Copartitioned.metadata(topics) for worker in workers}
    owners: dict[tuple[str, int], list[str]] = {}
    for worker, mine in Copartitioned.assign(cluster, members).items():
        for topic, partitions in mine.assignment:
            for partition in partitions:
                owners.setdefault((topic, partition), []).append(worker)
    assert {place: len(found) for place, found in owners.items()} == {(topic, one): 1 for topic, count in topics.items() for one in range(count)}
    for number in range(max(topics.values())):
        assert len({owners[topic, number][0] for topic, count in topics.items() if number < count}) == 1


@given(st.integers(1, 12), st.sets(st.text("wxyz", min_size=1), min_size=1))
def test_copies_lie_elsewhere(count: int, workers: set[str]) -> None:
    """With more than one worker each partition has one copy, at a worker that does not own it; each consumer learns of its own."""
    cluster = SimpleNamespace(partitions_for_topic=lambda topic: set(range(count)))
    copied: list[int] = []
    for mine in Copartitioned.assign(cluster, {worker: Copartitioned.metadata(["scans"]) for worker in workers}).values():
        consumer = Copartitioned.of_its_own()
        consumer.on_assignment(mine)
        assert not set(consumer.copies) & {partition for _, partitions in mine.assignment for partition in partitions}
        copied += consumer.copies
    assert sorted(copied) == (list(range(count)) if len(workers) > 1 else [])
    assert Copartitioned.copies == ()
