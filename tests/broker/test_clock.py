"""Time passes on the real broker: records expire, and what follows from them is taken back everywhere."""

from __future__ import annotations

import json

from deploy.simulation.outbreak import simulate
from tests.broker.live import Live
from tests.broker.processes import Command
from tests.broker.truth import expected
from tests.oracle.content import contents, difference
from tests.streams.trial import at


def test_expiry(live: Live) -> None:
    """The clock is told twice in the middle of an outbreak of the past, in pieces on two partitions; what stands is what the oracle makes of the young records."""
    sent = [(arrival.source, arrival.fields) for arrival in simulate(11, people=60, days=10).arrivals]
    half = len(sent) // 2
    live.commands.worker()
    _publish(live, sent[:half])
    moments = ("2020-02-10T00:00", "2020-02-20T12:00")
    for moment, more in zip(moments, (sent[half:], []), strict=True):
        said = live.commands.start("clock", "--at", moment, "--jump", "--json")
        assert _ended(live, said) == 0
        assert json.loads(said.said)["sent"] == 128
        _publish(live, more)
        rows = live.settle()
        assert not [problem for row in rows for problem in row.problems]
    have = contents(live.standing, list(live.bus.agencies), live.bus.settings.keys)
    young = expected(live.bus, sent, at(moments[-1].replace("T", " ")))
    assert difference(have, young) == ""
    assert len(young["presence"]) < len(expected(live.bus, sent)["presence"])


def test_a_wrong_clock_is_refused(live: Live) -> None:
    """A moment to come is refused with what to do, and nothing is said on the bus."""
    said = live.commands.start("clock", "--at", "2999-01-01")
    assert (_ended(live, said), "--jump" in said.said) == (1, True)
    assert live.entries("control.tick") == []


def _ended(live: Live, command: Command) -> int | None:
    live.commands.wait(lambda: command.ended is not None, 90)
    return command.ended


def _publish(live: Live, sent: list[tuple[str, dict[str, object]]]) -> None:
    for source in sorted({source for source, _ in sent}):
        live.publish(source, [fields for name, fields in sent if name == source])
