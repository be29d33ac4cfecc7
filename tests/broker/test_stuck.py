"""A partition that the consumer forgets, on the real broker."""

from __future__ import annotations

from tests.broker.live import Live
from tests.broker.people import scan


def test_a_forgotten_partition_is_read_on(live: Live) -> None:
    """Although nothing more comes to it, the stage notices, joins its group again, and everything is read, once; quiet inputs do not count as forgotten."""
    worker = live.commands.start("worker", module="tests.broker.stuck")
    worker.says("stage routing is ready", 60)
    live.publish("scan-code", [scan(number, number) for number in range(40)])
    live.commands.wait(lambda: "stage normalise: Stuck" in worker.said, 60)
    assert "stage normalise partition 0 stands still: a batch is not under way, 0 messages of generation" in worker.said
    rows = live.settle()
    assert not [problem for row in rows for problem in row.problems]
    (intake,) = [row for row in rows if row.topic == "raw.scan-code"]
    assert (intake.received, intake.applied) == (len(live.standing("record.scan")), intake.received)
    assert "stage normalise joins its group again (1): Stuck" in worker.said
    assert worker.said.count("joins its group again") == 1
    assert worker.end() == 0
