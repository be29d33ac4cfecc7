"""A partition that the consumer forgets, on the real broker."""

from __future__ import annotations

from itertools import count

from tests.broker.live import Live
from tests.broker.people import scan


def test_a_forgotten_partition_is_read_on(live: Live) -> None:
    """While more comes of it, the stage notices, joins its group again, and everything is read, once."""
    worker, numbers = live.commands.start("worker", module="tests.broker.stuck"), count()
    worker.says("stage routing is ready", 60)

    def more() -> bool:
        live.publish("scan-code", [scan(number, number) for _, number in zip(range(20), numbers, strict=False)])
        return "stage normalise: Stuck" in worker.said

    live.commands.wait(more, 60)
    rows = live.settle()
    assert not [problem for row in rows for problem in row.problems]
    (intake,) = [row for row in rows if row.topic == "raw.scan-code"]
    assert (intake.received, intake.applied) == (len(live.standing("record.scan")), intake.received)
    assert "stage normalise joins its group again (1): Stuck" in worker.said
    assert worker.end() == 0
