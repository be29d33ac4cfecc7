"""What a community has to do: visit who returned, tell contacts to stay apart, and ask both every day. Whoever looks after the household has it.

Who has crossed the border outwards is not there to be visited or asked; coming again is another return.
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.models.case import Entry, LinkedCase, What
from schemas.models.fact import Millis
from schemas.models.record import Direction, Remark, Work
from schemas.models.task import Owner
from streams.policy import Policy
from streams.tasks.duty import Duty, Told, in_order
from streams.tasks.told import name_of, reports, shown

_IN_CARE = (What.ISOLATED, What.ADMITTED, What.DIED)


def duties(case: LinkedCase, policy: Policy) -> Iterator[Duty]:
    """All of them, from the first thing of the last episode: what happened with no gap as long as people are watched, and without leaving the country."""
    for work, whats in ((Work.VISIT, (What.RETURNED,)), (Work.ORDER, (What.CONTACT,))):
        if episode := _episode(case, whats, policy.watch):
            yield _duty(case, work, episode, episode[0].at)
    if episode := _episode(case, (What.RETURNED, What.CONTACT), policy.watch):
        yield _daily(case, episode, policy)


def _episode(case: LinkedCase, whats: tuple[What, ...], gap: int) -> list[Entry]:
    found: list[Entry] = []
    for entry in case.timeline:
        if entry.what in whats:
            goes_on = found and entry.at - found[-1].at <= gap and not any(one.at < entry.at for one in _left(case, found[-1].at))
            found = [*found, entry] if goes_on else [entry]
    return found


def _left(case: LinkedCase, since: Millis) -> list[Entry]:
    """Crossings of the border outwards from a moment on."""
    return [entry for entry in case.timeline if entry.what is What.STAY and entry.note == Direction.OUT and entry.at >= since]


def _daily(case: LinkedCase, episode: list[Entry], policy: Policy) -> Duty:
    """Every day until nothing is to be feared any more, somebody else looks after the person, or the person has left the country."""
    every = policy.tasks[Work.CHECK]
    opened = episode[0].at + every
    duty = _duty(case, Work.CHECK, episode, opened)
    care = [one.at for one in duty.told if one.what is What.NOT_APPLICABLE and one.remark is Remark.IN_CARE]
    left = [max(entry.at, opened) for entry in _left(case, episode[-1].at)]
    end = min([episode[-1].at + policy.watch, *(at + 1 for at in [*care[:1], *left[:1]])])
    return duty.model_copy(update={"every": every, "rounds": max(1, -((opened - end) // every))})


def _duty(case: LinkedCase, work: Work, episode: list[Entry], opened: Millis) -> Duty:
    cause = episode[0]
    region = case.community or cause.region
    who = (Owner.GRID_WORKER, case.grid_worker) if case.grid_worker else (Owner.COMMUNITY, (region or "")[:12])
    care = shown((entry for entry in case.timeline if entry.what in _IN_CARE), opened, What.NOT_APPLICABLE, Remark.IN_CARE)
    left = shown(_left(case, episode[-1].at), 0, What.NOT_APPLICABLE, Remark.MOVED_AWAY)
    care += [one.model_copy(update={"at": max(one.at, opened)}) for one in left]
    return Duty(
        task=name_of(case, work, cause), person=case.person, work=work, cause=cause.evidence, reason=cause.what, owned_by=who[0], owner=who[1],
        responsible=who[1], region=region, opened=opened, told=in_order([*_since_registered(case, reports(case, work, opened)), *care]),
    )  # fmt: skip


def _since_registered(case: LinkedCase, told: list[Told]) -> list[Told]:
    """Without what went between people before the household was registered as it is now: who looks after it now has it, and has not answered yet."""
    registered = max((entry.at for entry in case.timeline if entry.what is What.RESIDENCE), default=None)
    return [one for one in told if one.ends or registered is None or one.at >= registered]
