"""State on disk beside its changelog: copies at other workers, and programs of another version."""

from __future__ import annotations

import time

from tests.broker.later import MARK
from tests.broker.live import Live
from tests.broker.people import positive, scan
from tests.broker.processes import Command
from tests.broker.state import kept, told
from tests.broker.waiting import until

_PLACES = [f"MKT-530624-{number}" for number in range(12)]


def test_copies(live: Live) -> None:
    """With two workers each has, beside its own partitions, copies of the other's; when one dies the other goes on from them and knows what came before."""
    workers = [live.commands.start("worker", LIANFANG_STANDBY="contacts") for _ in range(2)]
    for worker in workers:
        worker.says("stage contacts is ready on partitions 0, with copies of 1" if worker.pid == _owner(workers, 0) else "with copies of 0")
    live.publish("scan-code", [scan(number, number, place) for number, place in enumerate(_PLACES)])
    live.settle()
    time.sleep(2)
    for worker in workers:
        worker.kill()
    for partition in (0, 1):
        rows = told(live, "contacts", partition)
        assert len(rows) > 2
        assert [_own(found) for found in kept(live, "contacts", partition)] == [_own(rows)] * 2
    live.commands.worker().says("stage contacts is ready")
    live.publish("lab-result", [positive(1, 0)])
    live.publish("scan-code", [scan(100, 100, _PLACES[0])])
    live.settle()
    assert len(live.standing("contact")) == 1


def _owner(workers: list[Command], partition: int) -> int:
    """The process that says that it has a partition of `contacts` alone."""
    limit = time.monotonic() + 40
    while time.monotonic() < limit:
        for worker in workers:
            if f"stage contacts is ready on partitions {partition}, with" in worker.said:
                return worker.pid
        time.sleep(0.1)
    return 0


def _own(rows: dict[bytes, bytes]) -> dict[bytes, bytes]:
    """The rows of the stage, without those of the runtime."""
    return {key: value for key, value in rows.items() if key[0]}


def test_another_version(live: Live) -> None:
    """A later program refuses state that it cannot migrate, and says what to do; one that can writes it anew; then the earlier one refuses it."""
    first = live.commands.worker()
    live.publish("scan-code", [scan(1, 1), scan(2, 2)])
    live.settle()
    first.end()
    before = [_own(told(live, "contacts", partition)) for partition in (0, 1)]
    assert sum(map(len, before)) == 2

    refusing = live.commands.start("contacts", module="tests.broker.later")
    refusing.says("run the program that wrote it, or read everything again")
    until(lambda: refusing.ended == 1, 40)

    migrating = live.commands.start("contacts", "migrating", module="tests.broker.later")
    migrating.says("stage contacts is ready")
    migrating.end()
    assert [_own(told(live, "contacts", partition)) for partition in (0, 1)] == [{key: row + MARK for key, row in rows.items()} for rows in before]

    earlier = live.commands.start("worker", "--stages", "contacts")
    earlier.says("the state of stage contacts on partition")
    until(lambda: bool(earlier.ended), 40)
