"""`lianfang deliver` when the broker is lost."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from connectors.deliver import BrokerAway, NotDeliverable
from connectors.delivery import Condition
from connectors.publish import CannotPublish
from deploy.cli import deliver
from schemas.measures import Measures

_AWAY, _LOST, _BAD = BrokerAway("no broker"), CannotPublish("not taken"), NotDeliverable("no release")


class _Bus:
    brokers = "-"
    settings = SimpleNamespace(namespace="")
    codec = None

    def __init__(self, opens: list[Exception | None]) -> None:
        self._opens = opens

    def publisher(self) -> Any:
        if failure := self._opens.pop(0):
            raise failure
        return SimpleNamespace(close=lambda: None)


def run(monkeypatch: pytest.MonkeyPatch, opens: list[Exception | None], runs: list[Exception | None]) -> list[str]:
    """Deliver with what opening and then delivering come to, one after the other; the end of `runs` is being told to stop. What was told."""
    stop, told = threading.Event(), list[str]()

    class Deliverer:
        def __init__(self, *_: Any, **__: Any) -> None:
            pass

        def run(self, *_: Any) -> None:
            if failure := runs.pop(0):
                raise failure
            stop.set()

        def close(self) -> None:
            pass

    monkeypatch.setattr(deliver, "Deliverer", Deliverer)
    monkeypatch.setattr(deliver, "_PAUSE", 0.0)
    agency: Any = SimpleNamespace(name="county")
    bus: Any = _Bus(opens)
    deliver._run(bus, agency, stop, Condition("county", Measures()), told.append)
    return told


def test_a_broker_that_is_lost_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever notices that it is away, and also while it still is; each time is told."""
    told = run(monkeypatch, [None, _LOST, _AWAY, None, None], [_AWAY, _LOST, None])
    assert told == [f"county: {why}; connecting again" for why in ("no broker", "not taken", "no broker", "not taken")]


@pytest.mark.parametrize(("opens", "runs"), [([_AWAY], []), ([None], [_BAD]), ([None, None], [_AWAY, _BAD])], ids=["a broker that never was", "no release", "later"])
def test_what_waiting_does_not_mend_ends_it(opens: list[Exception | None], runs: list[Exception | None], monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker that is named wrong, and a message that is no release."""
    with pytest.raises(NotDeliverable):
        run(monkeypatch, opens, runs)
