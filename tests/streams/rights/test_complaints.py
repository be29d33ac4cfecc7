"""How far a complaint is, at the edges of what is due."""

from __future__ import annotations

import pytest

from schemas.models.rights import AnswerReport, AnswerStep, Complaint, ComplaintReport, ComplaintState, Grievance
from streams.policy import load
from streams.rights.complaints import changes_at, complaint
from tests.streams.trial import DAY, HOUR

POLICY = load()
AT = 1580695200000
DUE = AT + 15 * DAY
_SAME = {"source": "x", "record": "1" * 32, "alias": "2" * 32, "number": "C-1"}
MADE = ComplaintReport.of(causes=[], at=AT, **_SAME, region="530624100001", about=Grievance.CLOSURE)


def said(step: str, at: int, to: str | None = None) -> AnswerReport:
    """An answer."""
    return AnswerReport.of(causes=[], at=at, **_SAME, step=AnswerStep(step), by="OP-1", to=to)


def now(at: int, *answers: AnswerReport) -> Complaint:
    """How far it is at a moment."""
    found = complaint([MADE], answers, at, POLICY)
    assert found
    return found


@pytest.mark.parametrize(("at", "state", "since", "to"), [
    (0, "open", AT, None), (DUE, "open", AT, None), (DUE + 1, "overdue", DUE, "530624"), (DUE + 12 * HOUR, "overdue", DUE, "530624"),
    (DUE + 12 * HOUR + 1, "overdue", DUE + 12 * HOUR, "530624"), (DUE + 24 * HOUR + 1, "overdue", DUE + 24 * HOUR, "530624"),
])  # fmt: skip
def test_nobody_answers(at: int, state: str, since: int, to: str | None) -> None:
    """It is overdue after fifteen days, and not a moment before; who has to see to it is in the county."""
    found = now(at)
    assert (found.state, found.at, found.escalated_to, found.due, found.answered_by) == (state, since, to, DUE, "530624")


def test_accepting_gives_time_from_the_complaint_on() -> None:
    """However late it is accepted, it is to be concluded sixty days after it was made."""
    late = now(AT + 59 * DAY, said("accepted", AT + 20 * DAY))
    assert (late.state, late.at, late.due) == (ComplaintState.ACCEPTED, AT + 20 * DAY, AT + 60 * DAY)
    assert now(AT + 60 * DAY + 1, said("accepted", AT + 20 * DAY)).state is ComplaintState.OVERDUE


def test_the_first_conclusion_ends_it() -> None:
    """A later one, and what was said before the complaint, change nothing; who is above has nothing to see to."""
    found = now(AT + 90 * DAY, said("not_upheld", AT + DAY), said("upheld", AT + 2 * DAY), said("upheld", AT - 1))
    assert (found.state, found.at, found.by, found.escalated_to) == (ComplaintState.NOT_UPHELD, AT + DAY, "OP-1", None)
    assert changes_at(found, 0, POLICY) is None


def test_passed_on_is_for_the_other_to_answer() -> None:
    """By the same day; whoever has it last is late with it."""
    found = now(DUE + 1, said("passed_on", AT + DAY, "530602"), said("passed_on", AT + 2 * DAY, "5306"))
    assert (found.answered_by, found.state, found.escalated_to, found.due) == ("5306", ComplaintState.OVERDUE, "5306", DUE)


def test_when_time_changes_it() -> None:
    """At each moment after which it is another."""
    assert [changes_at(now(at), at, POLICY) for at in (0, DUE, DUE + 1, DUE + 24 * HOUR, DUE + 24 * HOUR + 1)] == [DUE, DUE, DUE + 12 * HOUR, DUE + 24 * HOUR, None]
