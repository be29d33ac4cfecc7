"""What is to be told about one thing, and how that looks at a moment.

A notice that has not begun or is over is none; one that nobody confirmed in time is overdue, and goes up the tree of regions as tasks do.
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.models.fact import Millis, Model
from schemas.models.notice import Confirmation, PublicNotice, ResidentNotice
from streams.late import risen, rises
from streams.notices.text import template
from streams.policy import Policy


class Told(Model):
    """A notice of one sort, which is told from `begins` (0: at once) until `ends`, the end excluded: UTC milliseconds."""

    public: PublicNotice | None = None
    resident: ResidentNotice | None = None
    begins: Millis = 0
    ends: Millis

    def shows(self, now: Millis) -> bool:
        """Whether it is told when the latest tick is `now`."""
        return self.begins <= now < self.ends


def named(kind: str) -> str:
    """The name and version of a kind's text."""
    return f"{kind}/{template(kind).version}"


def resident(told: Told, now: Millis, policy: Policy) -> ResidentNotice | None:
    """The notice to a resident as it is then."""
    notice = told.resident
    if notice is None or notice.state is Confirmation.GIVEN or now <= notice.due:
        return notice
    more = {"state": Confirmation.OVERDUE, "escalated_to": risen(notice.due, now, notice.region, policy)[1]}
    return ResidentNotice.of(**notice.model_dump(exclude={"id", "retracted"}) | more)


def changes(told: Told, now: Millis, policy: Policy) -> Iterator[Millis]:
    """The moments after `now` from which on it looks otherwise."""
    moments = [told.begins, told.ends]
    if told.resident and told.resident.state is not Confirmation.GIVEN:
        moments += rises(told.resident.due + 1, policy)
    return (at for at in moments if at > now)
