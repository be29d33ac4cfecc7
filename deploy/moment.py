"""How late it is for who says something now: by the clock of this machine, or in a drill by the drill's."""

from __future__ import annotations

import time

from deploy.drill.state import Drill
from schemas.models.fact import Millis
from schemas.settings import Settings


def present(settings: Settings) -> Millis:
    """UTC milliseconds; raises NoDrill when the settings name a drill that there is not."""
    clock = time.time_ns() // 1_000_000
    return Drill.read(settings.home).now(clock) if settings.drill else clock
