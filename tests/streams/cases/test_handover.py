"""Which county answers for a case: of residence, until another accepts what was offered to it."""

from __future__ import annotations

import itertools

import pytest

from schemas.models.case import Entry, What
from schemas.models.record import Remark
from schemas.models.task import Owner, Progress
from streams.cases.handover import handover
from tests.streams.tasks.cases import COMMUNITY, NOON, after, line
from tests.streams.trial import HOUR

HERE, THERE, ELSEWHERE = "530624", "530602", "533102"


def offer(hours: float, by: str | None = HERE, to: str | None = THERE) -> Entry:
    """A county offers the case."""
    return line(What.HANDED_OVER, hours, note="take_over", other=to, region=by)


def says(what: What, hours: float, region: str | None = THERE, note: str = "take_over") -> Entry:
    """A county answers."""
    return line(what, hours, note=note, other="CDC-9", region=region)


YES, NO = says(What.ACCEPTED, 3), says(What.REFUSED, 3, note="take_over not_ours")


@pytest.mark.parametrize(("lines", "region", "waits"), [
    ([], HERE, False), ([offer(1)], HERE, True), ([offer(1), YES], THERE, False), ([offer(1), NO], HERE, False), ([YES], HERE, False),
    ([offer(1), NO, says(What.ACCEPTED, 4)], HERE, False), ([offer(1), NO, offer(5), says(What.ACCEPTED, 6)], THERE, False),
    ([offer(1), offer(2, to=ELSEWHERE), YES], HERE, True), ([offer(1), says(What.ACCEPTED, 3, ELSEWHERE)], HERE, True),
    ([offer(1), says(What.ACCEPTED, 3, None)], HERE, True), ([offer(3), YES], HERE, True), ([offer(1, by=THERE)], HERE, False),
    ([offer(1, by=None)], HERE, False), ([offer(1, to=HERE)], HERE, False), ([offer(1, to="HOSP-2")], HERE, False), ([offer(1, to="5306")], HERE, False),
    ([offer(1, by=COMMUNITY, to="530602001002"), says(What.ACCEPTED, 3, "530602001")], THERE, False),
    ([offer(1), YES, offer(4, by=THERE, to=ELSEWHERE), says(What.ACCEPTED, 5, ELSEWHERE)], ELSEWHERE, False),
    ([offer(1), YES, offer(4, to=ELSEWHERE), says(What.ACCEPTED, 5, ELSEWHERE)], THERE, False),
    ([offer(1), says(What.ACCEPTED, 3, note="receive")], HERE, True),
], ids=range(20))  # fmt: skip
def test_who_answers(lines: list[Entry], region: str, waits: bool) -> None:
    """Only who answers for the case offers it, only to another county, and only that one answers, after the offer and once; in whatever order it is told."""
    for told in itertools.permutations(lines):
        found = handover(COMMUNITY, told)
        assert (found.region, found.offer is not None and found.answer is None) == (region, waits)


def test_without_a_registration() -> None:
    """The county where the person first was seen or found answers; of somebody of whom nothing is known none does."""
    assert handover(None, [line(What.SEEN, 1, region="530602001"), line(What.POSITIVE, 0, region=ELSEWHERE)]).region == THERE
    assert handover(None, [line(What.SYMPTOM, 1, region=THERE)]).region is None


def test_the_task_of_the_other_county() -> None:
    """It has a day; until it answers the first one does; a refusal ends it with its reason, late it goes up."""
    task = after(0, offer(1))["take_over"]
    assert (task.owned_by, task.owner, task.responsible, task.other, task.region) == (Owner.REGION, THERE, HERE, HERE, THERE)
    assert (task.state, task.opened, task.due) == (Progress.OPEN, NOON + HOUR, NOON + 25 * HOUR)
    assert (after(26, offer(1))["take_over"].state, after(26, offer(1))["take_over"].escalated_to) == (Progress.OVERDUE, THERE)
    done, refused = after(0, offer(1), YES)["take_over"], after(0, offer(1), NO)["take_over"]
    assert (done.state, done.responsible, done.by) == (Progress.DONE, THERE, "CDC-9")
    assert (refused.state, refused.responsible, refused.remark) == (Progress.NOT_APPLICABLE, HERE, Remark.NOT_OURS)
    assert after(0, offer(1), NO, offer(5))["take_over"].state is Progress.OPEN
    assert "take_over" not in after(0, YES)
