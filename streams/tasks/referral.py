"""What facilities have to do about a case: report it, refer it on where they cannot test, receive it, take a specimen, find, and tell back.

The facility that saw the patient first answers for it until another accepts (首诊负责制); a hospital that refuses gives the task back at once. All of it is
read from the timeline, in which a result may stand before the visit that asked for it was heard of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from schemas.models.case import Entry, LinkedCase, What
from schemas.models.record import Work
from schemas.models.task import Owner
from streams.policy import Policy
from streams.tasks.duty import Duty, Told, in_order
from streams.tasks.told import name_of, reports, shown

_FOUND = (What.SUSPECTED, What.PROBABLE, What.POSITIVE, What.CONFIRMED)
_DOUBT = (What.SUSPECTED, What.PROBABLE)
_CARE = (What.SEEN, What.ISOLATED, What.ADMITTED)
_RESULT = (What.POSITIVE, What.NEGATIVE)


def duties(case: LinkedCase, policy: Policy) -> Iterator[Duty]:
    """All of them, for the present illness and its latest referral."""
    one = _Illness(case, _present(case), policy)
    referral = next((entry for entry in reversed(one.timeline) if entry.what is What.REFERRED and entry.other), None)
    yield from one.card()
    yield from one.refer()
    if referral:
        yield from one.receive(referral)
    yield from one.test(referral)


def _present(case: LinkedCase) -> list[Entry]:
    """The timeline after the last ruling-out that another finding followed."""
    last = max((entry.at for entry in case.timeline if entry.what in _FOUND), default=0)
    ruled_out = [entry.at for entry in case.timeline if entry.what is What.RULED_OUT and entry.at < last]
    return [entry for entry in case.timeline if not ruled_out or entry.at > ruled_out[-1]]


@dataclass(frozen=True, slots=True)
class _Illness:
    """One illness of a person, as far as facilities have to do with it."""

    case: LinkedCase
    timeline: list[Entry]
    policy: Policy

    def card(self) -> Iterator[Duty]:
        """Whoever saw the patient first reports the case."""
        found = next((entry for entry in self.timeline if entry.what in _FOUND), None)
        if found and (owner := self.case.clinic or found.place):
            yield self._duty(Work.CARD, found, owner, [])

    def refer(self) -> Iterator[Duty]:
        """A facility that suspects and cannot test sends the patient to one that can."""
        doubt = next((entry for entry in self.timeline if entry.what in _DOUBT and entry.place and not self._tests(entry.place)), None)
        if doubt and doubt.place:
            sent = [entry for entry in self.timeline if entry.what is What.REFERRED or (entry.what is What.SEEN and self._tests(entry.place))]
            over = [entry for entry in self.timeline if entry.what is What.RULED_OUT]
            yield self._duty(Work.REFER, doubt, doubt.place, [*shown(sent, doubt.at), *shown(over, doubt.at, What.NOT_APPLICABLE)])

    def receive(self, referral: Entry) -> Iterator[Duty]:
        """The facility referred to takes the patient, or refuses, and the referrer has to find another."""
        to, sender = str(referral.other), referral.place or str(referral.other)
        seen = [entry for entry in self.timeline if entry.what in _CARE and entry.place == to]
        said = reports(self.case, Work.RECEIVE, referral.at, lambda entry: entry.place in (None, to))
        refused = {one.evidence for one in said if one.what is What.REFUSED}
        told = [one.model_copy(update={"what": What.NOT_APPLICABLE}) if one.evidence in refused else one for one in said]
        duty = self._duty(Work.RECEIVE, referral, to, [*told, *shown(seen, referral.at)], other=referral.place, responsible=sender, reported=False)
        yield duty
        ended = next((one for one in duty.told if one.ends), None)
        if ended and ended.evidence in refused:
            back = next(entry for entry in self.case.timeline if entry.evidence == ended.evidence)
            elsewhere = [entry for entry in self.timeline if entry.what is What.SEEN and self._tests(entry.place)]
            again = self._duty(Work.REFER, back, sender, shown(elsewhere, back.at), other=to)
            yield again.model_copy(update={"region": referral.region})

    def test(self, referral: Entry | None) -> Iterator[Duty]:
        """Whoever received the patient takes a specimen, says what was found, and tells the referrer and the community."""
        received = self._received(referral)
        if not received or not received.place:
            return
        at, place = received.at, received.place
        results = [entry for entry in self.timeline if entry.what in _RESULT and entry.at >= at]
        specimen = self._duty(Work.SPECIMEN, received, place, shown(results, at))
        yield specimen
        taken = next((entry for entry in self.timeline if entry.what is What.DONE and entry.at >= at and entry.note.split(" ")[0] == Work.SPECIMEN), None)
        if taken:
            found = [one.model_copy(update={"at": max(one.at, taken.at)}) for one in shown(results, at)]
            yield self._duty(Work.FINDING, taken, place, found, region=received.region)
        if results and referral:
            yield self._duty(Work.TELL_REFERRER, results[0], place, [], other=referral.place, region=received.region)
            if self.case.community:
                yield self._duty(Work.TELL_COMMUNITY, results[0], place, [], other=self.case.community, region=received.region)

    def _received(self, referral: Entry | None) -> Entry | None:
        """The patient comes to the facility referred to; or one that can test suspects without any referral."""
        if referral:
            return next((entry for entry in self.timeline if entry.what in _CARE and entry.place == referral.other and entry.at >= referral.at), None)
        return next((entry for entry in self.timeline if entry.what in _DOUBT and self._tests(entry.place)), None)

    def _tests(self, place: str | None) -> bool:
        return place is not None and place.startswith(tuple(self.policy.testing))

    def _duty(self, work: Work, cause: Entry, owner: str, more: list[Told], *, other: str | None = None, responsible: str | None = None,
              region: str | None = None, reported: bool = True) -> Duty:  # fmt: skip
        said = reports(self.case, work, cause.at) if reported else []
        return Duty(
            task=name_of(self.case, work, cause), person=self.case.person, work=work, cause=cause.evidence, reason=cause.what, owned_by=Owner.FACILITY,
            owner=owner, responsible=responsible or owner, other=other, region=region or cause.region, opened=cause.at, told=in_order([*said, *more]),
        )  # fmt: skip
