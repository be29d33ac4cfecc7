"""What the border agency of a county has to do: look for whose stay is over, besides the community, and find out who crosses often and has no name."""

from __future__ import annotations

from collections.abc import Iterator

from schemas import ports
from schemas.models.case import Entry, LinkedCase, What
from schemas.models.record import Remark, Work
from schemas.models.task import Owner
from streams import crossings
from streams.policy import Policy
from streams.tasks.community import IN_CARE
from streams.tasks.duty import Duty, Told, in_order
from streams.tasks.told import name_of, reports, shown


def duties(case: LinkedCase, policy: Policy) -> Iterator[Duty]:
    """Both, from the crossing that asks for them. What the community says of its own task ends neither."""
    if found := crossings.overstay(case, policy):
        entry, over = found
        cared, left = [one for one in case.timeline if one.what in IN_CARE], crossings.left_country(case, over)
        ends = shown(cared, over, What.NOT_APPLICABLE, Remark.IN_CARE) + shown(left, over, What.NOT_APPLICABLE, Remark.MOVED_AWAY)
        yield _duty(case, Work.INSPECT, entry, over, ends)
    if line := crossings.often(case, policy):
        yield _duty(case, Work.IDENTIFY, line, line.at, [])


def _duty(case: LinkedCase, work: Work, cause: Entry, opened: int, ends: list[Told]) -> Duty:
    county = ports.county(cause.place, cause.region)
    return Duty(
        task=name_of(case, work, cause), person=case.person, work=work, cause=cause.evidence, reason=cause.what, owned_by=Owner.BORDER, owner=county,
        responsible=county, region=county or None, opened=opened, told=in_order([*reports(case, work, opened), *ends]),
    )  # fmt: skip
