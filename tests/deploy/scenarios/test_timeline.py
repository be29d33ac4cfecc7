"""What a step brought about, as lines."""

from __future__ import annotations

from deploy.cli.scenario import SHIPPED
from deploy.scenarios.cast import Cast
from deploy.scenarios.play import play
from deploy.scenarios.story import Step, read
from deploy.scenarios.timeline import Change, Line, changes, stands, together
from tests.scenarios.world import MemoryWorld


def _played(name: str) -> list[list[Change]]:
    """The changes of each step of a shipped story."""
    found: list[list[Change]] = []
    before: set[Line] = set()

    def after(number: int, step: Step, cast: Cast) -> None:
        nonlocal before
        now = stands(cast)
        found.append(changes(before, now))
        before = now

    play(read(SHIPPED / f"{name}.yaml"), MemoryWorld(100), after)
    return found


def test_a_test_that_is_withdrawn_takes_its_lines_back() -> None:
    """What a positive test brought about stands in the step in which it came, and is taken back in the step in which it falls."""
    steps = _played("test_withdrawn")
    positive = next(one.line for step in steps for one in step if " positive " in f" {one.line.says} ")
    came, went = ([number for number, step in enumerate(steps) if Change(back, positive) in step] for back in (False, True))
    assert len(came) == len(went) == 1
    assert came < went
    releases = {one.line for step in steps for one in step if one.line.kind == "release" and not one.taken_back}
    assert releases
    assert all(any(Change(True, line) in step for step in steps) for line in releases if "case for" in line.says)


def test_lines_are_by_event_time_and_what_falls_comes_first() -> None:
    """The order does not depend on that of the messages."""
    old, new, later = Line(5, "case", "a", "suspected"), Line(5, "case", "a", "confirmed"), Line(9, "task", "a", "visit")
    assert changes({old}, {later, new}) == [Change(True, old), Change(False, new), Change(False, later)]


def test_the_same_of_many_people_is_one_line() -> None:
    """Their names stand together."""
    lines = {Line(number, "refused", f"p{number}", "measure of OP-1: no_evidence") for number in range(3)}
    ((change, names),) = together(changes(set(), lines))
    assert (change.line.at, names) == (0, ["p0", "p1", "p2"])
