"""The cost of spreading: the same backlog through two, four and eight partitions, with one worker and with two, each with all stages."""

from __future__ import annotations

from dataclasses import asdict

from streams.path import STAGES
from tests.bench.ask import Answer, Bench, Table
from tests.bench.path import Drain, drain

_PARTITIONS = (2, 4, 8)
_WORKERS = (1, 2)


def ask(bench: Bench) -> Answer:
    """Drain the backlog in all six ways; the two cores are free for everybody."""
    scans = bench.size(1_500, 50_000)
    found = {
        (partitions, count): drain(bench, f"spread-{partitions}-{count}", (STAGES,) * count, scans, partitions)
        for partitions in _PARTITIONS
        for count in _WORKERS
    }
    first = found[_PARTITIONS[0], _WORKERS[0]]
    rows = [_row(partitions, count, one, first) for (partitions, count), one in found.items()]
    columns = ("partitions", "workers", "scans per second", "beside the first", "workers' CPU s per million", "broker's", "workers' MB")
    answers = [{"partitions": partitions, "workers": count} | asdict(one) for (partitions, count), one in found.items()]
    return Answer({"scans": scans, "ways": answers}, [Table(f"The whole path, a backlog of {scans:,} scans", columns, rows)])


def _row(partitions: int, count: int, one: Drain, first: Drain) -> tuple[object, ...]:
    return partitions, count, f"{one.rate:,.0f}", f"{one.rate / first.rate:.2f}", f"{one.workers:.0f}", f"{one.broker:.0f}", f"{one.memory / 2**20:.0f}"
