"""Which reports are one need, and what providers said to it: functions of the sets of reports and answers that stand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from schemas.models.fact import Millis
from schemas.models.need import NeedAsked, Urgency, of_kind, offer_number, offered
from schemas.models.record import OfferReport, OfferStep, ProviderReport

_URGENCIES = list(Urgency)
_STEPS = (OfferStep.ACCEPTED, OfferStep.DECLINED)


class Wanted(NamedTuple):
    """A need: its reports in order of time, and what each provider that answered said last."""

    reports: list[NeedAsked]
    answers: Mapping[str, OfferReport]

    @property
    def report(self) -> str:
        """Name of the first report, by which offers are numbered."""
        return self.reports[0].name

    @property
    def name(self) -> str:
        """Name of the need."""
        return of_kind(self.report, self.reports[0].need)

    @property
    def at(self) -> Millis:
        """When it was first reported."""
        return self.reports[0].at

    @property
    def urgency(self) -> Urgency:
        """The most urgent of the reports."""
        return min((one.urgency for one in self.reports), key=_URGENCIES.index)

    @property
    def turn(self) -> tuple[int, Millis, str]:
        """When it has its turn among others: by urgency, then by time."""
        return _URGENCIES.index(self.urgency), self.at, self.report

    @property
    def taker(self) -> OfferReport | None:
        """The answer of the provider that has it: who served it, or else who accepted it, the first of several."""
        for step in (OfferStep.DONE, OfferStep.ACCEPTED):
            if found := [one for one in self.answers.values() if one.step is step]:
                return min(found, key=lambda one: (one.at, one.place))
        return None


def wanted(asked: Iterable[NeedAsked], answers: Iterable[OfferReport], same: Millis) -> list[Wanted]:
    """The needs of one kind. An answer counts that has the number of the offer of any report of the need to the provider that gives it."""
    by_need: dict[str, list[OfferReport]] = {}
    for one in answers:
        by_need.setdefault(offered(one.number), []).append(one)
    found = []
    for reports in _together(asked, same):
        said: dict[str, list[OfferReport]] = {}
        for report in reports:
            for one in by_need.get(offered(offer_number(report.name, "")), ()):
                if one.number == offer_number(report.name, one.place):
                    said.setdefault(one.place, []).append(one)
        found.append(Wanted(reports, {place: _last(said[place]) for place in sorted(said)}))
    return found


def providers(reports: Iterable[ProviderReport]) -> list[ProviderReport]:
    """What each provider said last, by code; of one moment the least capacity."""
    last: dict[str, ProviderReport] = {}
    for one in sorted(reports, key=lambda one: (one.at, -one.capacity, one.serves, one.region or "", one.id)):
        last[one.place] = one
    return [last[place] for place in sorted(last)]


def _together(asked: Iterable[NeedAsked], same: Millis) -> list[list[NeedAsked]]:
    """Reports of one person that follow each other soon."""
    found: list[list[NeedAsked]] = []
    for one in sorted(asked, key=lambda one: (one.person, one.at, one.name, one.id)):
        if found and found[-1][-1].person == one.person and one.at - found[-1][-1].at <= same:
            found[-1].append(one)
        else:
            found.append([one])
    return found


def _last(answers: Collection[OfferReport]) -> OfferReport:
    """The answer that counts: that it is done, the first time, or else the latest; of one moment that it was declined."""
    if done := [one for one in answers if one.step is OfferStep.DONE]:
        return min(done, key=lambda one: (one.at, one.id))
    return max(answers, key=lambda one: (one.at, _STEPS.index(one.step), one.id))
