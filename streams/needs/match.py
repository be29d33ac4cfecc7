"""Which provider a need is offered to: a function of the needs of one kind, of the providers, and of how late it is.

Whoever has accepted keeps what it has. The others have their turns by urgency and then by time; each is offered to the nearest provider in the tree of
divisions that serves there and has something left of the day. Who declines or does not answer in time is not asked again, and the next is asked from then
on. Where all that are left are full, they are asked again on the next day. What is offered to one need is not there for those whose turn comes later, so an
urgent need that comes late takes an offer from one that can wait, but never what was accepted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache, partial
from typing import NamedTuple

from schemas.models.fact import Millis
from schemas.models.need import Need, NeedLine, NeedState, offer_number
from schemas.models.record import OfferStep, ProviderReport
from streams.needs.reports import Wanted
from streams.policy import Policy

DAY, _CHINA = 86_400_000, 28_800_000
"""Milliseconds of a day, and by how many China is before UTC."""
_COMMUNITY = 12
_LEVELS = (15, 12, 9, 6, 4, 2)
"""Digits of a division code down to each level."""


class Placed(NamedTuple):
    """How a need stands, and from when on it stands otherwise if nothing else is said."""

    need: Need
    again: Millis | None


class _Asked(NamedTuple):
    """Where the asking has come to: the provider that is asked, or None, and how many were before.

    `since` is from when on it is asked, or since when nobody could be asked for the first time; `until` is by when it answers, or when it is tried again.
    """

    provider: ProviderReport | None
    before: int
    since: Millis
    until: Millis | None


def match(needs: Sequence[Wanted], providers: Sequence[ProviderReport], now: Millis, policy: Policy) -> list[Placed]:
    """How each need stands, in the order of the turns."""
    load: Counter[tuple[str, Millis]] = Counter((taker.place, _day(taker.at)) for one in needs if (taker := one.taker))
    near = cache(partial(_near, providers=providers))
    return [_placed(one, near(one.reports[0].region or ""), load, max(now, one.at), policy) for one in sorted(needs, key=lambda one: one.turn)]


def _placed(need: Wanted, near: Sequence[ProviderReport], load: Counter[tuple[str, Millis]], now: Millis, policy: Policy) -> Placed:
    if taker := need.taker:
        state = NeedState.DONE if taker.step is OfferStep.DONE else NeedState.ACCEPTED
        before = sum(one.step is OfferStep.DECLINED for one in need.answers.values())
        return Placed(_need(need, [], before, state=state, place=taker.place, number=_number(need, taker.place)), None)
    asked = _ask(need, near, load, now, policy)
    if one := asked.provider:
        load[one.place, _day(asked.since)] += 1
        offered = _need(need, [one.id], asked.before, state=NeedState.OFFERED, place=one.place, number=_number(need, one.place), due=asked.until)
        return Placed(offered, asked.until)
    steps = [asked.since + step.after for step in policy.escalation]
    to = [step.of(need.reports[0].region) for step, at in zip(policy.escalation, steps, strict=True) if at <= now]
    later = [at for at in (*steps, asked.until) if at is not None and at > now]
    return Placed(_need(need, [], asked.before, state=NeedState.UNMET, escalated_to=to[-1] if to else None), min(later, default=None))


def _ask(need: Wanted, left: Sequence[ProviderReport], load: Counter[tuple[str, Millis]], now: Millis, policy: Policy) -> _Asked:
    """Ask one after another until somebody can still answer, or nobody is left who has room by now."""
    wait, at, before = policy.needs.answer[need.urgency], need.at, 0
    alone: Millis | None = None
    while True:
        full = []
        for one in left:
            said = need.answers.get(one.place)
            if said is None and load[one.place, _day(at)] >= one.capacity:
                full.append(one)
                continue
            if said is None and now < at + wait:
                return _Asked(one, before, at, at + wait)
            at, before = min(max(at, said.at), at + wait) if said else at + wait, before + 1
        alone = at if alone is None else alone
        tomorrow = (_day(at) + 1) * DAY - _CHINA
        if not any(one.capacity for one in full) or tomorrow > now:
            return _Asked(None, before, alone, tomorrow if any(one.capacity for one in full) else None)
        left, at = full, tomorrow


def _near(region: str, providers: Sequence[ProviderReport]) -> list[ProviderReport]:
    """The providers that serve in a region, the nearest first."""
    return sorted((one for one in providers if region.startswith(one.serves)), key=lambda one: (_apart(region, one.region or ""), one.place))


def _apart(one: str, other: str) -> int:
    """How many levels of the tree lie below the smallest division that both are in."""
    return next((place for place, digits in enumerate(_LEVELS) if len(one) >= digits and one[:digits] == other[:digits]), len(_LEVELS))


def _day(at: Millis) -> int:
    """The day in China."""
    return (at + _CHINA) // DAY


def _number(need: Wanted, place: str) -> str:
    return offer_number(need.report, place)


def _need(need: Wanted, causes: list[str], asked: int, **how: object) -> Need:
    first = need.reports[0]
    line = NeedLine.model_validate({
        "need": first.need, "urgency": need.urgency, "quantity": max(one.quantity for one in need.reports),
        "region": first.region and first.region[:_COMMUNITY], "since": first.at, **how,
    })  # fmt: skip
    known = {*causes, *(one.id for one in need.reports), *(one.id for one in need.answers.values())}
    return Need.of(causes=sorted(known), at=first.at, name=need.name, person=first.person, line=line, asked=asked)
