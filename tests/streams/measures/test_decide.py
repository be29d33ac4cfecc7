"""Whether a measure is in force, from what was asked, the timeline, and the policy."""

from __future__ import annotations

import pytest

from schemas.models.case import Entry, Role, Status, What
from schemas.models.measure import MeasureAsked, Refusal
from schemas.models.record import MeasureKind
from tests.streams.measures.asked import NOON, asked, judged, line
from tests.streams.trial import DAY

_ORDINARY = [line(What.STAY, -1), line(What.RESIDENCE, -30, "GW-1"), line(What.SEEN, -2), line(What.SYMPTOM, -2, "cough"), line(What.NEGATIVE, -1),
             line(What.DONE, -1, "visit"), line(What.ISOLATED, -1)]  # fmt: skip
_RETURNED = asked(MeasureKind.YELLOW_CODE, Role.RETURNEE)
_CONTACT = asked(MeasureKind.ISOLATE_CENTRALLY, Role.CONTACT)


def test_nothing_but_a_finding_a_contact_or_a_return_warrants_anything() -> None:
    """Stays, registrations, visits, symptoms, negative results, reports and an isolation that somebody wrote down are no evidence for any measure and reason."""
    for kind in MeasureKind:
        for reason in Role:
            assert judged(asked(kind, reason), *_ORDINARY) in (Refusal.NO_EVIDENCE, Refusal.NOT_FOR_THIS)


@pytest.mark.parametrize(("one", "lines", "days"), [
    (asked(), [line(What.POSITIVE, -1)], 7),
    (asked(lasts=14), [line(What.CONFIRMED, -20)], 8),
    (asked(lasts=14), [line(What.CONFIRMED, -20), line(What.POSITIVE, -18)], 10),
    (asked(), [line(What.CONFIRMED, 0)], 7),
    (asked(lasts=14), [line(What.POSITIVE, -1), line(What.RECOVERED, 3)], 3),
    (asked(lasts=14), [line(What.POSITIVE, -9), line(What.RECOVERED, -5), line(What.POSITIVE, -1)], 14),
    (_CONTACT, [line(What.CONTACT, -8)], 6),
    (_CONTACT, [line(What.CONTACT, -8), line(What.RULED_OUT, -7)], 6),
    (_RETURNED, [line(What.RETURNED, -7)], 7),
], ids=["asked for as long", "until evidence is too old", "the longest counts", "of the same moment", "until recovery", "ill again", "a contact",
        "a contact who was tested", "a return"])  # fmt: skip
def test_in_force(one: MeasureAsked, lines: list[Entry], days: float) -> None:
    """A measure holds as long as it was asked for, or as its evidence supports it, whichever ends first."""
    assert judged(one, *lines, *_ORDINARY) == NOON + days * DAY


@pytest.mark.parametrize(("one", "lines", "why"), [
    (asked(official="GW-0031"), [line(What.POSITIVE, -1)], Refusal.NOT_ENTITLED),
    (asked(lasts=14.01), [line(What.POSITIVE, -1)], Refusal.TOO_LONG),
    (asked(reason=Role.RETURNEE), [line(What.RETURNED, -1), line(What.POSITIVE, -1)], Refusal.NOT_FOR_THIS),
    (asked(), [line(What.CONTACT, -1)], Refusal.NO_EVIDENCE),
    (_CONTACT, [line(What.POSITIVE, -1)], Refusal.NO_EVIDENCE),
    (asked(), [line(What.POSITIVE, 1)], Refusal.NO_EVIDENCE),
    (asked(), [line(What.POSITIVE, -28)], Refusal.NO_LONGER),
    (asked(), [line(What.POSITIVE, -5), line(What.RECOVERED, -1)], Refusal.NO_LONGER),
    (asked(), [line(What.POSITIVE, -5), line(What.RECOVERED, 0)], Refusal.NO_LONGER),
    (_CONTACT, [line(What.CONTACT, -14)], Refusal.NO_LONGER),
], ids=["not his to ask", "too long", "a reason for something else", "no case", "no contact", "found later", "too old", "recovered", "recovered now", "met long ago"])  # fmt: skip
def test_refused(one: MeasureAsked, lines: list[Entry], why: Refusal) -> None:
    """Each reason for which a measure is refused."""
    assert judged(one, *lines, *_ORDINARY) is why


def test_nobody_who_was_ruled_out_is_marked() -> None:
    """When two negative results rule a suspicion out, no finding is left to warrant anything, also not of the days before."""
    lines = [line(What.SUSPECTED, -3), line(What.NEGATIVE, -2), line(What.NEGATIVE, -1)]
    assert judged(asked(days=-2.5), *lines, classification=Status.SUSPECTED) == NOON + 4.5 * DAY
    assert judged(asked(days=-2.5), *lines, classification=None, status=Status.RULED_OUT) is Refusal.NO_EVIDENCE
