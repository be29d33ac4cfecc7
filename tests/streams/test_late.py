"""What is late goes up the tree of divisions, step by step and not before its moment has passed."""

from __future__ import annotations

import pytest

from streams import policy
from streams.late import risen, rises
from streams.policy import Escalation

FIRST, SECOND, DUE = 3_600_000, 7_200_000, 1_000_000
STEPS = [Escalation.model_validate({"level": level, "after": after}) for level, after in (("county", "1h"), ("province", "2h"))]
POLICY = policy.load().model_copy(update={"escalation": STEPS})


@pytest.mark.parametrize(
    ("now", "since", "steps"),
    [(DUE + 1, DUE, 0), (DUE + FIRST, DUE, 0), (DUE + FIRST + 1, DUE + FIRST, 1), (DUE + SECOND, DUE + FIRST, 1), (DUE + SECOND + 1, DUE + SECOND, 2)],
    ids=["late", "at the first", "after the first", "at the second", "after the second"],
)
def test_who_has_to_see_to_it(now: int, since: int, steps: int) -> None:
    """The moment itself is still in time; after it the division of that step hears, and none above."""
    wanted = POLICY.escalation[steps - 1].of("530624101007") if steps else None
    assert risen(DUE, now, "530624101007", POLICY) == (since, wanted)


def test_without_a_region_nobody_hears() -> None:
    """It is as late all the same."""
    assert risen(DUE, DUE + SECOND + 1, None, POLICY) == (DUE + SECOND, None)


def test_every_moment_is_told() -> None:
    """After each of them, and only there, it is later than before."""
    told = rises(DUE, POLICY)
    assert told == sorted(told)
    assert [risen(DUE, at + 1, "53", POLICY)[0] for at in told] == told
