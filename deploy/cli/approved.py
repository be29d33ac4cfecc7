"""Whether worker and deliver may start with the agency files they have."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing

from deploy.agencies.approval import unapproved
from deploy.bus import Bus
from deploy.cli.approve import read
from deploy.cli.output import Problem
from schemas.agency import Agency

OPEN = "agency files count here without a second person's approval, which is for trying only: LIANFANG_APPROVED_AGENCIES=true asks for it"


def require(bus: Bus, agencies: Iterable[Agency], tell: Callable[[str], None]) -> None:
    """Raise Problem when some agency's file is not the one that was approved last, or tell that the setting is off."""
    if not bus.settings.approved_agencies:
        tell(OPEN)
        return
    with closing(bus.reader()) as reader:
        found = unapproved(list(agencies), read(reader, bus.signatures))
    if found:
        what = "use the files that were approved, or `lianfang agencies propose` and `approve` these"
        raise Problem(f"LIANFANG_APPROVED_AGENCIES is on, and these files do not count: {'; '.join(found)}. Now {what}")
