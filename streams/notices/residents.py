"""What a resident is told: that a contact or a return asks for observation, until when, and when that is over.

Who is a case, isolated, in hospital or abroad is told by whoever has the person, and not by a notice. A notice is confirmed by a report that it was given
(`notify`, also by the resident), or that the task was done in which it is given: telling a contact to stay apart, or the visit to who returned.
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.models.case import Entry, LinkedCase, What
from schemas.models.fact import Millis, fact_id
from schemas.models.notice import Confirmation, NoticeKind, ResidentNotice
from schemas.models.record import Work
from streams.notices.told import Told, named
from streams.policy import Policy
from streams.tasks.community import IN_CARE, episode_of, left_country
from streams.tasks.duty import Told as Report
from streams.tasks.told import reports

_GIVEN_BY = {NoticeKind.CONTACT: (Work.NOTIFY, Work.ORDER), NoticeKind.RETURNEE: (Work.NOTIFY, Work.VISIT), NoticeKind.WATCH_OVER: (Work.NOTIFY,)}
_ASKED_BY = {NoticeKind.CONTACT: (What.CONTACT,), NoticeKind.RETURNEE: (What.RETURNED,), NoticeKind.WATCH_OVER: (What.CONTACT, What.RETURNED)}


def notices(case: LinkedCase, policy: Policy) -> Iterator[Told]:
    """All of them, of the last episode of each sort."""
    for kind, whats in _ASKED_BY.items():
        episode = episode_of(case, whats, policy.watch)
        if episode and not _elsewhere(case, episode):
            yield _notice(case, kind, episode, policy)


def _elsewhere(case: LinkedCase, episode: list[Entry]) -> bool:
    """Whether somebody else has the person: a finding stands, it is cared for, or it left the country."""
    care = any(entry.what in IN_CARE and entry.at >= episode[0].at for entry in case.timeline)
    return case.classification is not None or care or bool(left_country(case, episode[-1].at))


def _notice(case: LinkedCase, kind: NoticeKind, episode: list[Entry], policy: Policy) -> Told:
    since, until = episode[0].at, episode[-1].at + policy.watch
    over = kind is NoticeKind.WATCH_OVER
    said = until if over else since
    given = _given(case, kind, said)
    region = case.community or episode[0].region
    notice = ResidentNotice.of(
        causes=sorted({episode[0].evidence, episode[-1].evidence, *([given.evidence] if given else [])}), at=since, person=case.person, kind=kind,
        notice=fact_id("notice", kind, case.person, episode[0].evidence), template=named(kind), region=region, owner=case.grid_worker or (region or "")[:12],
        until=until, due=said + policy.notices.confirm, state=Confirmation.GIVEN if given else Confirmation.OPEN,
        confirmed_at=given.at if given else None, by=given.by if given else None,
    )  # fmt: skip
    return Told(resident=notice, begins=until, ends=until + policy.notices.over) if over else Told(resident=notice, ends=until)


def _given(case: LinkedCase, kind: NoticeKind, since: Millis) -> Report | None:
    """The first report that the resident has it."""
    said = [report for work in _GIVEN_BY[kind] for report in reports(case, work, since) if report.what is What.DONE]
    return min(said, key=lambda one: (one.at, one.by, one.evidence), default=None)
