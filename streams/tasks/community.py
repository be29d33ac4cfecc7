"""What a community has to do: visit who returned, has a fever or has no phone, tell contacts to stay apart, ask both daily, look after who isolates.

Whoever looks after the household has it. Who has crossed the border outwards is not there to be visited or asked; coming again is another return. When an
isolation is lifted, that is told, and nothing else is to be done because of what led to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from schemas.models.case import Entry, LinkedCase, What
from schemas.models.fact import Millis, fact_id
from schemas.models.isolation import Hold, Isolation
from schemas.models.record import Remark, Work
from schemas.models.screening import Screened
from schemas.models.task import Owner
from streams import crossings
from streams.cases.fever import SIGNS
from streams.crossings import left_country
from streams.policy import Policy
from streams.tasks import care
from streams.tasks.duty import Duty, Told, in_order
from streams.tasks.told import name_of, reports, shown

_SEEN_TO = (What.REFERRED, What.NEGATIVE, What.POSITIVE)
IN_CARE = (What.ISOLATED, What.ADMITTED, What.DIED)
"""What shows that somebody else looks after the person, or nobody has to."""


def duties(case: LinkedCase, apart: Isolation | None, screened: Sequence[Screened], policy: Policy) -> Iterator[Duty]:
    """All of them, from the first thing of the last episode: what happened with no gap as long as people are watched, and without leaving the country."""
    for work, whats in ((Work.VISIT, (What.RETURNED,)), (Work.ORDER, (What.CONTACT,))):
        if episode := episode_of(case, whats, policy.watch):
            yield _lifted(_duty(case, work, episode[0], episode[-1].at, episode[0].at), apart)
    if episode := episode_of(case, (What.RETURNED, What.CONTACT), policy.watch):
        until = episode[-1].at + policy.watch
        yield _daily(case, episode[0], episode[-1].at, min(until, apart.until) if apart and apart.until > episode[-1].at else until, apart, policy)
    elif apart:
        yield _daily(case, _ground(apart), apart.at, apart.until, apart, policy)
    if apart and apart.state is Hold.LIFTED:
        yield _duty(case, Work.LIFT, _ground(apart), apart.until, apart.until)
    if apart:
        yield from _bring(case, apart)
        yield from _support(case, apart, screened, policy)
        yield from (_lifted(_duty(case, one.work, one.cause, one.last, one.cause.at, one.told), apart) for one in care.asks(case, apart, policy))
    if apart and apart.breached is not None:
        yield _lifted(_duty(case, Work.BREACH, _ground(apart), apart.breached, apart.breached), apart)
    yield from _overstays(case, policy)
    yield from _reached(case)
    if (sign := _sign(case)) and (apart is None or sign.at >= apart.until):  # who isolates is brought to a clinic
        yield _fever(case, sign, policy)


def _support(case: LinkedCase, apart: Isolation, screened: Sequence[Screened], policy: Policy) -> Iterator[Duty]:
    """Screening again and again where there is support; and to offer it to whom it is due, also when the isolation is over. The cause is the isolation."""
    ground = _ground(apart)
    if (apart.region or "").startswith(tuple(policy.screening.regions)):
        made = [Told(at=one.at, what=What.DONE, by="", evidence=one.id) for one in screened if one.at >= apart.at]
        rounds = max(1, -((apart.at - apart.until) // policy.screening.every))
        duty = _duty(case, Work.SCREENING, ground, apart.at, apart.at, made)
        yield _lifted(duty.model_copy(update={"every": policy.screening.every, "rounds": rounds}), apart)
    if (cause := care.offered(case, apart, screened)) is not None:
        duty = _duty(case, Work.SUPPORT, ground, cause.at, cause.at)
        yield duty.model_copy(update={"task": fact_id("task", case.person, Work.SUPPORT, cause.id), "cause": cause.id})


def _overstays(case: LinkedCase, policy: Policy) -> Iterator[Duty]:
    """See where somebody is whose stay is longer than the papers allow; of who was out again by then there is nothing to see."""
    if found := crossings.overstay(case, policy):
        entry, over = found
        yield _duty(case, Work.OVERSTAY, entry, entry.at, over)


def _reached(case: LinkedCase) -> Iterator[Duty]:
    """See in person how somebody can be reached who came in last, of whom no crossing writes down a phone, and whose household nobody has registered."""
    entered = [entry for entry in case.timeline if entry.what is What.ENTERED]
    if entered and crossings.without_phone(case):
        last = entered[-1]
        yield _duty(case, Work.REACH, last, last.at, last.at, care.met(case, last.at))


def _bring(case: LinkedCase, apart: Isolation) -> Iterator[Duty]:
    """Who falls ill while apart, as a declaration or a gate says, is brought to a clinic; what a clinic says itself needs nobody to bring the person."""
    seen = [entry for entry in case.timeline if entry.what is What.SEEN]
    visits = {entry.at for entry in seen}
    ill = (entry for entry in case.timeline if entry.what is What.SYMPTOM and apart.at <= entry.at < apart.until and entry.at not in visits)
    for first in list(ill)[:1]:
        duty = _duty(case, Work.BRING, first, first.at, first.at)
        yield duty.model_copy(update={"told": in_order([*duty.told, *shown(seen, first.at)])})


def _ground(apart: Isolation) -> Entry:
    """The first thing that an isolation follows from, as a line."""
    return Entry(at=apart.at, until=apart.at, what=apart.ground, source="", region=apart.region, evidence=apart.evidence)


def _lifted(duty: Duty, apart: Isolation | None) -> Duty:
    """A duty that is over when the isolation is."""
    if apart is None or apart.state is not Hold.LIFTED:
        return duty
    over = Told(at=max(apart.until, duty.opened), what=What.NOT_APPLICABLE, by="", remark=Remark.LIFTED, evidence=apart.evidence)
    return duty.model_copy(update={"told": in_order([*duty.told, over])})


def episode_of(case: LinkedCase, whats: tuple[What, ...], gap: int) -> list[Entry]:
    """The last lines of these sorts that follow each other with no longer gap, and without the person leaving the country between."""
    found: list[Entry] = []
    for entry in case.timeline:
        if entry.what in whats:
            goes_on = found and entry.at - found[-1].at <= gap and not any(one.at < entry.at for one in left_country(case, found[-1].at))
            found = [*found, entry] if goes_on else [entry]
    return found


def _daily(case: LinkedCase, cause: Entry, last: Millis, until: Millis, apart: Isolation | None, policy: Policy) -> Duty:
    """Every day until nothing is to be feared any more, somebody else looks after the person, or the person has left the country."""
    every = policy.tasks[Work.CHECK]
    opened = cause.at + every
    duty = _duty(case, Work.CHECK, cause, last, opened, care.met(case, opened))
    cared = [one.at for one in duty.told if one.what is What.NOT_APPLICABLE and one.remark is Remark.IN_CARE]
    left = [max(entry.at, opened) for entry in left_country(case, last)]
    end = min([until, *(at + 1 for at in [*cared[:1], *left[:1]])])
    return _lifted(duty.model_copy(update={"every": every, "rounds": max(1, -((opened - end) // every))}), apart)


def _sign(case: LinkedCase) -> Entry | None:
    """The first sign of a fever signal."""
    if not case.fever:
        return None
    return next(entry for entry in case.timeline if entry.at == case.fever.since and entry.what in SIGNS and entry.note in case.fever.signs)


def _fever(case: LinkedCase, sign: Entry, policy: Policy) -> Duty:
    """Visit, and send to a fever clinic; who was referred, was seen where tests are made, or has a result is looked after already."""
    duty = _duty(case, Work.FEVER_VISIT, sign, sign.at, sign.at)
    seen = [entry for entry in case.timeline if entry.what in _SEEN_TO or (entry.what is What.SEEN and (entry.place or "").startswith(tuple(policy.testing)))]
    return duty.model_copy(update={"told": in_order([*duty.told, *shown(seen, sign.at)])})


def _duty(case: LinkedCase, work: Work, cause: Entry, last: Millis, opened: Millis, more: Sequence[Told] = ()) -> Duty:
    """What is to be done because of something; `last` is the last time that it happened, `more` what is told of it besides."""
    region = case.community or cause.region
    who = (Owner.GRID_WORKER, case.grid_worker) if case.grid_worker else (Owner.COMMUNITY, (region or "")[:12])
    over = shown((entry for entry in case.timeline if entry.what in IN_CARE), opened, What.NOT_APPLICABLE, Remark.IN_CARE)
    left = shown(left_country(case, last), 0, What.NOT_APPLICABLE, Remark.MOVED_AWAY)
    over += [one.model_copy(update={"at": max(one.at, opened)}) for one in left]
    return Duty(
        task=name_of(case, work, cause), person=case.person, work=work, cause=cause.evidence, reason=cause.what, owned_by=who[0], owner=who[1],
        responsible=who[1], region=region, opened=opened, told=in_order([*_since_registered(case, reports(case, work, opened)), *over, *more]),
    )  # fmt: skip


def _since_registered(case: LinkedCase, told: list[Told]) -> list[Told]:
    """Without what went between people before the household was registered as it is now: who looks after it now has it, and has not answered yet."""
    registered = max((entry.at for entry in case.timeline if entry.what is What.RESIDENCE), default=None)
    return [one for one in told if one.ends or registered is None or one.at >= registered]
