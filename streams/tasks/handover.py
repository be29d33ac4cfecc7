"""What a region has to do that was offered a case: take it, or refuse with a reason, in time. Until it takes it, the first one answers for the case."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.models.case import LinkedCase, What
from schemas.models.record import Work
from schemas.models.task import Owner
from streams.cases.handover import handover
from streams.tasks.duty import Duty
from streams.tasks.told import name_of, told

_ENDS = {What.ACCEPTED: What.DONE, What.REFUSED: What.NOT_APPLICABLE}


def duties(case: LinkedCase) -> Iterator[Duty]:
    """The one of the last offer that counted."""
    found = handover(case.community, case.timeline)
    if not found.offer:
        return
    answers = [told(found.answer).model_copy(update={"what": _ENDS[found.answer.what]})] if found.answer else []
    yield Duty(
        task=name_of(case, Work.TAKE_OVER, found.offer), person=case.person, work=Work.TAKE_OVER, cause=found.offer.evidence, reason=found.offer.what,
        owned_by=Owner.REGION, owner=found.to, responsible=found.by or found.to, other=found.by, region=found.to, opened=found.offer.at, told=answers,
    )  # fmt: skip
