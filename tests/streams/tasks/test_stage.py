"""The stage keeps tasks as cases and ticks come and go."""

from __future__ import annotations

from schemas.models.case import What
from schemas.models.control import Tick
from schemas.models.task import Progress
from streams.memory import MemoryState
from streams.stage import Verdict
from tests.streams.tasks.cases import COMMUNITY, NOON, line, report, tasks, tick, told, trial

RETURNED = line(What.RETURNED, region=COMMUNITY)


def test_a_task_keeps_its_name() -> None:
    """Whatever becomes of it and whoever has it, its key is one; the id of the fact is another with each state."""
    inside = trial()
    first = inside.give(told(RETURNED))
    second = inside.give(told(RETURNED, report(What.DONE, 2, "visit")))
    assert {emit.key for emit in second} == {emit.key for emit in first if emit.value.work == "visit"}  # type: ignore[attr-defined]
    assert not {emit.value.id for emit in first} & {emit.value.id for emit in second}  # type: ignore[attr-defined]


def test_what_does_not_change_is_not_written() -> None:
    """A case that says more of something else writes no task again; the same case twice is a duplicate."""
    inside = trial()
    inside.give(told(RETURNED))
    more = told(RETURNED, line(What.SYMPTOM, 2, note="fever"))
    assert inside.give(more) == []
    inside.give_each([more])
    assert inside.verdicts == [Verdict.DUPLICATE]


def test_a_case_that_is_taken_back_takes_its_tasks_along() -> None:
    """So does a cause: what is not asked for any more is retracted, and the state is empty but for the clock."""
    inside = trial()
    inside.give(told(RETURNED, line(What.CONTACT, 1)))
    assert set(tasks(inside)) == {"visit", "order", "check"}
    inside.give(told(RETURNED))
    assert set(tasks(inside)) == {"visit", "check"}
    gone = told(RETURNED).taken_back()
    inside.give(gone)
    assert tasks(inside) == {}
    assert list(inside.state.scan(b"", b"\xff")) == []
    inside.give_each([gone])
    assert inside.verdicts == [Verdict.DUPLICATE]


def test_time_makes_late() -> None:
    """A tick changes what becomes late by it, once, and only in the slots that it is said for; an earlier one changes nothing."""
    inside = trial()
    inside.give(told(RETURNED))
    slot = int("1" * 3, 16)
    inside.give(Tick(at=tick(25).at, first=0, last=slot - 1), Tick(at=tick(25).at, first=slot + 1))
    assert tasks(inside)["visit"].state is Progress.OPEN
    inside.give_each([tick(25), tick(25), tick(3)])
    assert inside.verdicts == [Verdict.APPLIED, Verdict.DUPLICATE, Verdict.DUPLICATE]
    assert tasks(inside)["visit"].state is Progress.OVERDUE
    assert inside.give(tick(26)) == []


def test_a_tick_at_the_very_moment_does_not_hide_the_next() -> None:
    """When it is due a task is not late; the next tick finds that it is, also when the case came after a tick at that moment."""
    inside = trial()
    inside.give(tick(24), told(RETURNED))
    assert tasks(inside)["visit"].state is Progress.OPEN
    inside.give_each([tick(24.5)])
    assert tasks(inside)["visit"].state is Progress.OVERDUE


class Looks(MemoryState):
    """A state that counts the plans that are read."""

    plans = 0

    def get(self, key: bytes) -> bytes | None:
        """Count those of the first table."""
        self.plans += key[0] == 1
        return super().get(key)


def test_a_tick_costs_what_is_due() -> None:
    """Of three hundred people with open tasks only the one is looked at for whom something becomes late."""
    inside = trial()
    inside.state = Looks()
    people = [f"{number:032x}" for number in range(300)]
    inside.give(*(told(line(What.RETURNED, 10), person=person) for person in people), told(RETURNED, person="f" * 32))
    inside.state.plans = 0
    late = inside.give(tick(25))
    assert [(emit.value.person, emit.value.work) for emit in late] == [("f" * 32, "visit")]  # type: ignore[attr-defined]
    assert inside.state.plans == 1


def test_ticks_and_cases_in_any_order() -> None:
    """A late tick before the case, or an early one and a late one after it, come to the same tasks."""
    one, other = trial(), trial()
    one.give(tick(24 * 5 + 1), told(RETURNED))
    other.give(told(RETURNED), *(tick(hours) for hours in (1, 25, 60, 24 * 5 + 1)))
    assert tasks(one) == tasks(other)
    assert tasks(one)["check"].opened == NOON + 5 * 86_400_000
