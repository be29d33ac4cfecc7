"""Which level is in force: the highest that holds, by the place and the moment."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.models.control import Level, LevelInForce
from streams import levels
from streams.memory import MemoryState
from streams.policy import load
from streams.stage import Verdict
from tests.streams.trial import DAY, at

ALLOWED = load().levels
START = at("2020-01-20 08:00")
TABLE = levels.table(1)


def fact(region: str = "530624", level: Level = Level.EMERGENCY, start: int = 0, days: int = 10, **more: Any) -> LevelInForce:
    """A level, from a number of days after the start."""
    return LevelInForce.of(causes=[], at=START + start * DAY, until=START + (start + days) * DAY, region=region, level=level,
                           legal_basis="An invented law, art. 1", by="OP-1", approved_by="OP-2", **more)  # fmt: skip


@pytest.mark.parametrize(
    ("region", "day", "level"),
    [
        ("530624", 0, Level.EMERGENCY), ("530624100001003", 9, Level.EMERGENCY), ("530624", 10, Level.PEACE), ("530624", -1, Level.PEACE), ("5306", 5, Level.PEACE),
        ("530625", 5, Level.PEACE), (None, 5, Level.PEACE), ("", 5, Level.PEACE),
    ],
)  # fmt: skip
def test_where_and_when(region: str | None, day: int, level: Level) -> None:
    """It holds within its region and its time, the end excluded; elsewhere, before, after, and at an unknown place there is peace."""
    assert levels.in_force([fact()], region, START + day * DAY, ALLOWED) is level


def test_the_highest_counts() -> None:
    """A county cannot lower what its province declared, and may go beyond it; which of them was declared first makes no difference."""
    province, county = fact("53", Level.ALERT), fact("530624", Level.EMERGENCY, days=5)
    for facts in ([province, county], [county, province]):
        assert levels.in_force(facts, "530624", START, ALLOWED) is Level.EMERGENCY
        assert levels.in_force(facts, "530624", START + 6 * DAY, ALLOWED) is Level.ALERT
        assert levels.in_force(facts, "530625", START, ALLOWED) is Level.ALERT


@pytest.mark.parametrize(("level", "longest"), [(Level.EMERGENCY, 30), (Level.ALERT, 90), (Level.PEACE, 0)])
def test_nothing_holds_for_longer_than_its_level_can(level: Level, longest: int) -> None:
    """A fact that says a later end than the policy allows falls back when the longest time is over, whoever wrote it; one of peace holds never."""
    forever = fact(level=level, days=10_000)
    assert levels.span(forever, ALLOWED) == (START, START + longest * DAY)
    assert levels.in_force([forever], "530624", START + longest * DAY - 1, ALLOWED) is level
    assert levels.in_force([forever], "530624", START + longest * DAY, ALLOWED) is Level.PEACE


PLACES = st.sampled_from((None, "53", "5306", "530624", "530625", "530624100001"))
FACTS = st.builds(fact, st.sampled_from(("53", "530624")), st.sampled_from(tuple(Level)), st.integers(0, 3), st.integers(1, 4))


@given(st.lists(st.lists(st.tuples(FACTS, st.booleans()), max_size=3), min_size=3, max_size=3), PLACES, st.integers(-1, 6))
def test_a_stage_that_asks_with_each_record_hears_the_same(told: list[list[tuple[LevelInForce, bool]]], region: str | None, day: int) -> None:
    """Also after what stands has changed, and when it is back at what it was."""
    state, asked = MemoryState(), levels.Levels(TABLE, ALLOWED)
    for part in told:
        for one, falls in part:
            levels.learn(state, TABLE, one.taken_back() if falls else one)
        assert asked.at(region, START + day * DAY, state) is levels.in_force(levels.known(state, TABLE), region, START + day * DAY, ALLOWED)


@given(st.permutations([fact(), fact("53", Level.ALERT), fact(start=20), fact().taken_back(), fact(), fact("53", Level.ALERT).taken_back()]))
def test_a_stage_knows_what_stands(told: list[LevelInForce]) -> None:
    """A stage that is told of levels knows those that were asserted and not taken back, each once; what changes nothing is a duplicate."""
    state, stands = MemoryState(), dict[str, LevelInForce]()
    for one in told:
        verdict = levels.learn(state, TABLE, one).verdict
        assert verdict is (Verdict.APPLIED if (one.id in stands) == one.retracted else Verdict.DUPLICATE)
        if one.retracted:
            stands.pop(one.id, None)
        else:
            stands[one.id] = one
    assert levels.known(state, TABLE) == [stands[name] for name in sorted(stands)]
