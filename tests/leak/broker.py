"""An outbreak over a real broker: every message of every topic is read from it and looked at as in memory."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.local import process, stack
from deploy.simulation.outbreak import simulate
from streams.stage import Emit
from tests.broker.live import QUICK, Live, opened
from tests.leak.watch import Watch

_FIRST = ("identity.link", "case.linked")
"""What is known of persons before what agencies hold is looked at."""


def on_a_broker() -> Counter[str]:
    """Publish an outbreak, wait until all is at rest, and look at all topics; gives how many messages of each.

    Raises:
        Leak: Something is where it must not be.
    """
    process.tie()
    with TemporaryDirectory() as folder:
        home = Path(folder)
        try:
            with opened(stack.up(home / "stack", lambda _: None), "leak", home, **QUICK) as live:
                return _looked_at(live)
        finally:
            stack.down(home / "stack")


def _looked_at(live: Live) -> Counter[str]:
    sent = [(arrival.source, arrival.fields) for arrival in simulate(3, people=60, days=12).arrivals]
    for source in sorted({source for source, _ in sent}):
        live.publish(source, [fields for name, fields in sent if name == source])
    live.commands.worker()
    live.settle(300)
    watch = Watch(live.bus.settings.keys)
    watch.told.hear(sent)
    watch.look(_written(live), list(live.bus.agencies.values()), 0)
    return watch.counts


def _written(live: Live) -> list[Emit]:
    """Every message of every topic that a stage writes, audit and releases last."""
    topics = [name for name in live.bus.topics if not name.startswith("state.")]
    topics.sort(key=lambda name: (name not in _FIRST, name.startswith("deliver.")))
    return [Emit(name, entry.key, entry.value) for name in topics for entry in live.entries(name) if entry.value is not None]
