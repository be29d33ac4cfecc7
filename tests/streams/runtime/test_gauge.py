"""What a task measures: how far behind it is, what it did, how it recovered."""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path
from typing import Any

import pytest

from schemas.measures import Measures
from streams.runtime.batch import compute
from streams.runtime.overlay import Overlay
from streams.stage import Message, Outcome, State, Verdict
from tests.streams.runtime.test_task import Producer, Rig, _step


def read(measures: Measures) -> dict[str, float]:
    """All series that are not 0, by name and labels."""
    lines = [line.rpartition(" ") for line in measures.text().decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines if float(value)}


def rigged(folder: Path, *offsets: int, step: Any = None) -> tuple[Rig, Measures]:
    """A task to which records were offered that are a minute old, the first two of them two minutes."""
    rig = Rig(folder, Producer(), step or _step, batch_size=2)
    measures = rig.task._shared.measures
    measures.look(lambda: rig.task.look(lambda _: 7))
    fetched = rig.fetched(*offsets)
    for number, record in enumerate(fetched.records):
        record.timestamp = int((time.time() - (60 if number > 1 else 120)) * 1000)
    if offsets:
        rig.task.offer(fetched)
    return rig, measures


def test_lag_is_of_the_oldest_that_is_not_committed(tmp_path: Path) -> None:
    """Before a batch the oldest waits; while it is computed and committed it is still the oldest; afterwards the next one is, and at last nothing is late.

    Messages: those that wait here, those under way, and those that were not fetched.
    """
    lag, messages = '{partition="0",stage="s",topic="ledger"}', 'lianfang_stage_lag_messages{partition="0",stage="s",topic="ledger"}'

    async def run() -> None:
        seen: list[tuple[float, float]] = []

        def step(message: Message, state: State) -> Outcome:
            now = read(measures)
            seen.append((round(now[f"lianfang_stage_lag_seconds{lag}"], -1), now[messages]))
            return Outcome(Verdict.APPLIED)

        rig, measures = rigged(tmp_path, 10, 11, 12, step=step)
        before = read(measures)
        assert (round(before[f"lianfang_stage_lag_seconds{lag}"], -1), before[messages]) == (120, 3 + 7)
        await rig.task.batch()
        assert seen == [(120, 10)] * 2
        await rig.task._settled()
        after = read(measures)
        assert (round(after[f"lianfang_stage_lag_seconds{lag}"], -1), after[messages]) == (60, 1 + 7)
        await rig.once()
        assert f"lianfang_stage_lag_seconds{lag}" not in read(measures)
        assert read(measures)[messages] == 7

    asyncio.run(run())


def test_what_is_committed_is_counted(tmp_path: Path) -> None:
    """Messages by verdict, facts, and one batch: when it is committed, and not before."""
    async def run() -> None:
        rig, measures = rigged(tmp_path, 10, 11)
        await rig.task.batch()
        await rig.task._settled()
        found = read(measures)
        assert found['lianfang_stage_messages_total{stage="s",topic="ledger",verdict="applied"}'] == 2
        assert found['lianfang_batch_messages_sum{stage="s"}'] == 2
        assert found['lianfang_batch_commit_seconds_count{stage="s"}'] == found['lianfang_batch_compute_seconds_count{stage="s"}'] == 1
        assert found['lianfang_stage_facts_total{stage="s"}'] == 2 + 1, "and its ledger"
        assert found['lianfang_state_rows{partition="0",stage="s"}'] >= 3

    asyncio.run(run())


def test_a_batch_that_fails_counts_for_nothing(tmp_path: Path) -> None:
    """What was not committed is read again, and counted then."""
    async def run() -> None:
        rig, measures = rigged(tmp_path, 10)
        rig.producer.fails = 1
        with pytest.raises(OSError, match="not delivered"):
            await rig.once()
        assert not [name for name in read(measures) if re.match("lianfang_stage_(messages|facts)", name)]

    asyncio.run(run())


def test_reasons_are_told_by_kind(tmp_path: Path) -> None:
    """No value, no Avro, a wrong key, and a step that fails: each under its own word, and no text of any."""
    def step(message: Message, state: State) -> Outcome:
        raise ValueError("杨测试")

    rig, _ = rigged(tmp_path, step=step)
    records = [*rig.fetched(1).records, *rig.fetched(2, value=b"junk").records, *rig.fetched(3).records]
    records[2].value = None
    computed = compute(rig.task._shared.stage, rig.codec, "", records, Overlay(rig.store))
    assert {why.value: number for (_, why), number in computed.reasons.items()} == {"step-failed": 1, "undecodable": 1, "no-value": 1}


def test_recovery_is_measured(tmp_path: Path) -> None:
    """How long it took and how many rows it read; while it goes on, what is left."""
    rig, measures = rigged(tmp_path)
    with rig.task._gauges.recovering() as portion:
        portion(300, 50)
        assert read(measures)['lianfang_recovery_left_rows{partition="0",stage="s"}'] == 50
    found = read(measures)
    assert found['lianfang_recovery_rows_total{stage="s"}'] == 300
    assert found['lianfang_recovery_seconds_count{stage="s"}'] == 1
    assert 'lianfang_recovery_left_rows{partition="0",stage="s"}' not in found
