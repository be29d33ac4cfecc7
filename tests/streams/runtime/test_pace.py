"""How batches grow where there is more to compute than time."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.simulation.loop import virtual
from tests.streams.runtime.test_task import Producer, Rig


def test_what_comes_before_its_turn_is_in_the_batch(tmp_path: Path) -> None:
    """A task that waits while another computes takes its records when its turn has come, and none when the partition was taken away meanwhile."""
    async def run(*, ended: bool) -> list[int]:
        rig = Rig(tmp_path / str(ended), Producer())
        rig.task.offer(rig.fetched(10))
        async with rig.task._shared.turn.mine():
            batch = asyncio.create_task(rig.task.batch())
            await asyncio.sleep(0)
            rig.task.offer(rig.fetched(11, 12))
            if ended:
                rig.task._inputs.end()
        await batch
        await rig.task._settled()
        return rig.ends

    assert asyncio.run(run(ended=False)) == [13]
    assert asyncio.run(run(ended=True)) == []


def test_tasks_rest_longer_where_turns_are_waited_for(tmp_path: Path) -> None:
    """Where there is more to compute than time, batches are fewer and larger; the rest has a bound, and there is none where no turn is waited for."""
    async def rested(waited: float) -> float:
        rig = Rig(tmp_path / str(waited), Producer(), batch_size=10)
        rig.task._shared.turn.waited = waited
        rig.task._inputs.offer(rig.fetched(10))
        loop = asyncio.get_running_loop()
        rig.task._began = began = loop.time()
        await rig.task._rest()
        return loop.time() - began

    assert virtual(rested(0.0)) == 0.0
    assert virtual(rested(0.3)) == pytest.approx(0.6)
    assert virtual(rested(30.0)) == pytest.approx(2.0)
