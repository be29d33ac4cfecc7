"""How `lianfang deliver` as a whole is: its agencies, and the broker."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from connectors.delivery import Condition
from deploy.admin import Refused, admin
from deploy.bus import Bus
from deploy.operate.endpoints import Offers
from schemas import metrics
from schemas.measures import Measures
from schemas.metrics import OfPart, Part
from schemas.pulse import ASK, Pulse


class State:
    """Of the deliveries of one process; for any thread."""

    def __init__(self, agencies: Mapping[str, Condition], measures: Measures) -> None:
        """Take how each delivery is, and where to measure."""
        self._agencies, self._measures, self._pulse = agencies, measures, Pulse()
        measures.look(self._look)

    def offers(self) -> Offers:
        """What the command says of itself. A receiver that is away makes it not unready, for nothing here could be mended by starting it again."""
        return Offers(Part.DELIVER, self._measures, list, self._unready, self._receivers)

    @contextmanager
    def asking(self, bus: Bus) -> Iterator[None]:
        """Ask the broker how it is, every few seconds while the block runs."""
        stop = threading.Event()
        thread = threading.Thread(target=self._ask, args=(bus, stop), name="asking", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _ask(self, bus: Bus, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                with admin(bus) as client:
                    while not stop.is_set():
                        client.describe_cluster()
                        self._pulse.answers()
                        stop.wait(ASK)
            except Refused:  # the silence tells it
                stop.wait(1)

    def _unready(self) -> list[str]:
        return self._pulse.silent() + [why for one in self._agencies.values() for why in one.unready()]

    def _receivers(self) -> dict[str, Any]:
        away = {name: round(silent) for name, one in self._agencies.items() if (silent := one.silent) is not None}
        return {"receivers": len(self._agencies), "not_answering_for_seconds": away}

    def _look(self) -> None:
        self._measures.set(metrics.BROKER_SECONDS, OfPart(Part.DELIVER), self._pulse.silence)
        self._measures.set(metrics.READY, OfPart(Part.DELIVER), not self._unready())
