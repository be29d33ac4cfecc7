"""How well a meeting explains an illness: for each day the chance that the other infects on it, times the chance that the illness then begins when it did."""

from __future__ import annotations

from math import exp, lgamma, log
from statistics import NormalDist

from schemas.models.case import LinkedCase, Meeting, What
from schemas.models.fact import Millis
from streams.policy import Transmission

_DAY = 86_400_000
_CHINA = 8 * 3_600_000
_FINDS = (What.SUSPECTED, What.PROBABLE, What.POSITIVE, What.CONFIRMED, What.PUBLISHED)
_DIGITS = 9


def began(case: LinkedCase) -> Millis | None:
    """When a case fell ill, UTC milliseconds: its onset, or else its first finding since it was last ruled out; None when it is no case (any more)."""
    if case.retracted or case.classification is None:
        return None
    if case.onset is not None:
        return case.onset
    found = [entry.at for entry in case.timeline if entry.what in _FINDS]
    over = max((entry.at for entry in case.timeline if entry.what is What.RULED_OUT), default=0)
    return min((at for at in found if at >= over), default=min(found, default=case.since))


def day(moment: Millis) -> int:
    """The day of a moment, Asia/Shanghai, counted from 1970-01-01."""
    return (moment + _CHINA) // _DAY


def weight(ill: Millis, infector: Millis, meeting: Meeting, numbers: Transmission) -> float:
    """The probability of this course if the infection was on one of the days from the first to the last meeting; 0 when none of them fits.

    Both moments are when the two fell ill. It is no probability of an infection: it serves to compare those who may have been the source of one illness.
    """
    days = range(day(meeting.first), day(meeting.last) + 1)
    return round(sum(infectious(one - day(infector), numbers) * incubation(day(ill) - one, numbers) for one in days), _DIGITS)


def infectious(days: int, numbers: Transmission) -> float:
    """The share of all infections that a case causes so many days after falling ill (before: negative)."""
    shape, rate, moved = numbers.infectious.shape, numbers.infectious.rate, days + numbers.infectious.shift
    return exp(shape * log(rate) + (shape - 1) * log(moved) - rate * moved - lgamma(shape)) if moved > 0 else 0.0


def incubation(days: int, numbers: Transmission) -> float:
    """The share of people who fall ill so many days after they were infected."""
    return _ill_by(days + 0.5, numbers) - _ill_by(days - 0.5, numbers)


def _ill_by(days: float, numbers: Transmission) -> float:
    return NormalDist(numbers.incubation.meanlog, numbers.incubation.sdlog).cdf(log(days)) if days > 0 else 0.0
