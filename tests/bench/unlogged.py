"""A worker of one stage that writes no changelog, to measure what writing it costs: `python -m tests.bench.unlogged STAGE`. Its state does not outlive it."""

from __future__ import annotations

import sys
from dataclasses import replace

import click
from aiokafka import AIOKafkaProducer

from deploy.bus import Bus
from streams.runtime import task, worker
from streams.runtime.transaction import Work, transact


def main() -> None:
    """Run the stage until SIGTERM."""
    bus = Bus()
    task.transact = _without_rows  # type: ignore[attr-defined] # here only: no setting of the product leaves the changelog out
    worker.run([stage for stage in bus.stages if stage.name == sys.argv[1]], bus.settings, lambda _: bus.brokers, bus.codec, click.echo)


async def _without_rows(producer: AIOKafkaProducer, work: Work) -> int | None:
    return await transact(producer, replace(work, rows=()))


if __name__ == "__main__":
    main()
