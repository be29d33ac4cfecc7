"""What stages cost, as a table."""

from __future__ import annotations

from tests.bench.stages import Cost, _costs


def test_a_stage_that_nothing_concerns() -> None:
    """A stage to which no message came has a row that says so, and the others have theirs."""
    costs = [Cost("normalise", 20, 10.0, 2.0, 40.0), Cost("supplies", 0, 0.0, 0.0, 0.0)]
    rows = _costs(costs, 10, {"state.normalise": 7.0}, {"normalise": 3.0, "supplies": 0.0}).rows
    assert [list(row) for row in rows] == [
        ["normalise", "2.00", "10", "2", "40", "0.25", "7", "3"], ["supplies", "0.00", "0", "0", "0", "", "0", "0"],
        ["together", "", "", "2", "", "", "7", "3"],
    ]  # fmt: skip
