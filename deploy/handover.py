"""Hand-over of cases between counties: what can be offered and answered, from the linked case that stands, and the report that says it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from schemas.models.case import LinkedCase
from schemas.models.fact import Millis
from schemas.models.record import Handling, Remark, Work
from streams.cases.handover import COUNTY, Handover, handover
from streams.normalise.errors import Unusable
from streams.normalise.regions import region as division

_CHINA = timezone(timedelta(hours=8))


class NotHandedOver(Exception):
    """A case cannot be offered, accepted or refused so; the message says what to do."""


def of(case: LinkedCase) -> Handover:
    """Who answers for a case, and how far its last offer is."""
    return handover(case.community, case.timeline)


def offered(case: LinkedCase, to: str, by: str, at: Millis) -> dict[str, str]:
    """The report that offers a case to a county; raises NotHandedOver."""
    found = of(case)
    if found.region is None:
        raise NotHandedOver("no county answers for this case: neither a residence nor where the person was found is known")
    try:
        there = division(to)[:COUNTY]
    except Unusable as error:
        raise NotHandedOver(f"{to}: {error}") from error
    if len(there) < COUNTY or there == found.region:
        raise NotHandedOver(f"a case is offered to another county than {found.region}, by six digits or more of its division code")
    return _report(case, Handling.HANDED_OVER, found.region, by, at, None, there)


def answered(case: LinkedCase, handling: Handling, by: str, at: Millis, remark: Remark | None = None) -> dict[str, str]:
    """The report that accepts or refuses the offer that waits; raises NotHandedOver when none does, or the moment lies before it."""
    found = of(case)
    if not found.offer or found.answer:
        raise NotHandedOver("no offer of this case waits for an answer: `lianfang handover list` shows those that do")
    if at <= found.offer.at:
        raise NotHandedOver("that moment lies before the offer: name another with --at")
    return _report(case, handling, found.to, by, at, remark, None)


def _report(case: LinkedCase, handling: Handling, region: str, by: str, at: Millis, remark: Remark | None, to: str | None) -> dict[str, str]:
    fields = {
        "by": by, "report_no": f"{case.person}-{Work.TAKE_OVER}-{handling}-{at}", "revision": "1", "person": case.person, "task": Work.TAKE_OVER.value,
        "outcome": handling.value, "region": region, "at": (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)).astimezone(_CHINA).isoformat(),
    }  # fmt: skip
    return fields | {name: str(value) for name, value in {"reason": remark, "to": to}.items() if value}
