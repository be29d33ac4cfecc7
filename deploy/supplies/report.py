"""What the source `dispatch-report` sends about a dispatch. The same said twice is the same record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from deploy.supplies.even import Proposal
from deploy.supplies.stand import NotOne
from schemas.models.fact import Millis, fact_id
from schemas.models.record import DispatchStep
from schemas.models.supply import Dispatch

SOURCE = "dispatch-report"
_CHINA = timezone(timedelta(hours=8))
_AFTER = {
    DispatchStep.ACCEPTED: (DispatchStep.PROPOSED,), DispatchStep.REFUSED: (DispatchStep.PROPOSED, DispatchStep.ACCEPTED),
    DispatchStep.SENT: (DispatchStep.ACCEPTED,), DispatchStep.RECEIVED: (DispatchStep.SENT,),
}  # fmt: skip
"""After which step each can be taken. A record of another system may skip some; who types a command is asked to say all."""


def proposed(one: Proposal, item: str, by: str, at: Millis) -> dict[str, str]:
    """The report that proposes a dispatch; its number follows from what it says."""
    number = f"D-{fact_id('dispatch', item, one.giver.place, one.to.place, one.quantity, at)[:10]}".upper()
    return _report(number, DispatchStep.PROPOSED, one.giver.place, one.to.place, item, one.quantity, by, at)


def stepped(one: Dispatch, step: DispatchStep, by: str, at: Millis, quantity: int | None = None) -> dict[str, str]:
    """The report of the next step; raises NotOne when the dispatch is not so far, or too far, or the moment lies before its last step."""
    if one.step not in _AFTER[step]:
        raise NotOne(f"dispatch {one.number} is {one.step}, and is {step} only after it was {' or '.join(_AFTER[step])}")
    if at < one.at:
        raise NotOne(f"that moment lies before dispatch {one.number} was {one.step}: name another with --at")
    return _report(one.number, step, one.place, one.to, one.item, quantity or one.quantity, by, at)


def _report(number: str, step: DispatchStep, place: str, to: str, item: str, quantity: int, by: str, at: Millis) -> dict[str, str]:
    when = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)).astimezone(_CHINA).isoformat(timespec="seconds")
    return {"number": number, "step": step.value, "revision": "1", "from": place, "to": to, "item": item, "quantity": str(quantity), "by": by, "at": when}
