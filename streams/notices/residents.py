"""What a resident is told: that a contact or a return asks to stay apart, until when, and when that is over.

Until when is what the isolation says, by the edition of the plan in force; where the plan asks for nothing, nobody is told anything. Who is a case, in hospital
or isolated by a facility is told by whoever has the person, and not by a notice. A notice is confirmed by a report that it was given (`notify`, also by the
resident), or that the task was done in which it is given: telling a contact to stay apart, or the visit to who returned.
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.models.case import LinkedCase, Role, What
from schemas.models.fact import Millis, fact_id
from schemas.models.isolation import Isolation
from schemas.models.notice import Confirmation, NoticeKind, ResidentNotice
from schemas.models.record import Work
from streams.notices.told import Told, named
from streams.policy import Policy
from streams.tasks.community import IN_CARE
from streams.tasks.duty import Told as Report
from streams.tasks.told import reports

_KIND = {Role.CONTACT: NoticeKind.CONTACT, Role.RETURNEE: NoticeKind.RETURNEE}
_GIVEN_BY = {NoticeKind.CONTACT: (Work.NOTIFY, Work.ORDER), NoticeKind.RETURNEE: (Work.NOTIFY, Work.VISIT), NoticeKind.WATCH_OVER: (Work.NOTIFY,)}


def notices(case: LinkedCase, apart: Isolation, policy: Policy) -> Iterator[Told]:
    """That of the reason of the isolation while it lasts, and then that of its end."""
    if apart.reason in _KIND and not _elsewhere(case, apart):
        yield _notice(case, _KIND[apart.reason], apart, policy)
        yield _notice(case, NoticeKind.WATCH_OVER, apart, policy)


def _elsewhere(case: LinkedCase, apart: Isolation) -> bool:
    """Whether somebody else has the person: a finding stands, or it is cared for."""
    return case.classification is not None or any(entry.what in IN_CARE and entry.at >= apart.at for entry in case.timeline)


def _notice(case: LinkedCase, kind: NoticeKind, apart: Isolation, policy: Policy) -> Told:
    over = kind is NoticeKind.WATCH_OVER
    said = apart.until if over else apart.at
    given = _given(case, kind, said)
    causes = sorted({apart.evidence, *([given.evidence] if given else [])})
    notice = ResidentNotice.of(
        causes=causes, at=apart.at, notice=fact_id("notice", kind, case.person, apart.evidence), kind=kind, template=named(kind), person=case.person,
        region=apart.region, owner=case.grid_worker or (apart.region or "")[:12], until=apart.until, due=said + policy.notices.confirm,
        state=Confirmation.GIVEN if given else Confirmation.OPEN, confirmed_at=given.at if given else None, by=given.by if given else None,
    )  # fmt: skip
    return Told(resident=notice, begins=apart.until, ends=apart.until + policy.notices.over) if over else Told(resident=notice, ends=apart.until)


def _given(case: LinkedCase, kind: NoticeKind, since: Millis) -> Report | None:
    """The first report that the resident has it."""
    said = [report for work in _GIVEN_BY[kind] for report in reports(case, work, since) if report.what is What.DONE]
    return min(said, key=lambda one: (one.at, one.by, one.evidence), default=None)
