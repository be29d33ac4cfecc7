"""The stage: in any order of cases, orders and ticks the same people isolate."""

from __future__ import annotations

import itertools

from schemas.models.case import Role
from schemas.models.control import Tick
from schemas.models.isolation import Hold, Isolation
from schemas.models.record import MeasureKind
from streams.isolation.stage import CLOCK, RULES, stage
from streams.memory import MemoryState
from streams.stage import Verdict
from tests.streams.isolation.apart import FOURTEEN, NOON, RETURNED, asked, days, edition, policy, told
from tests.streams.trial import DAY, Trial, outcomes, token

_TOPICS = ("isolation", "measure.beyond")
_CASE, _ORDER = told(RETURNED), asked(MeasureKind.ISOLATE_AT_HOME, Role.RETURNEE, 1, 5)


def one_of(inside: Trial) -> Isolation | None:
    """The isolation that stands, if any."""
    found = [one for one in inside.stands("isolation") if isinstance(one, Isolation)]
    return found[0] if found else None


def test_lifted_by_itself() -> None:
    """At the tick of its end and not before; then nothing is left to look at."""
    inside = Trial(stage(FOURTEEN))
    inside.give(_CASE, Tick(at=NOON))
    assert inside.give(Tick(at=NOON + 14 * DAY - 1)) == []
    (emit,) = inside.give(Tick(at=NOON + 14 * DAY))
    assert (emit.key, emit.value.state) == (_CASE.person, Hold.LIFTED)  # type: ignore[attr-defined]
    assert inside.give(Tick(at=NOON + 15 * DAY)) == []


def test_any_order_comes_to_the_same() -> None:
    """A case, an order, and ticks before and after the end."""
    orders = itertools.permutations((_CASE, _ORDER, Tick(at=NOON + 2 * DAY), Tick(at=NOON + 20 * DAY)))
    (found,) = outcomes(stage(FOURTEEN), list(orders), _TOPICS)
    assert [(one.state, one.official) for one in found["isolation"] if isinstance(one, Isolation)] == [(Hold.LIFTED, "OP-410100-1")]


def test_it_goes_with_what_asks_for_it() -> None:
    """A case that is taken back takes the isolation along, and an order leaves nothing behind; the state is empty but for the clock."""
    inside = Trial(stage(FOURTEEN))
    inside.give(_ORDER, _CASE, Tick(at=NOON))
    assert one_of(inside)
    inside.give(_CASE.taken_back())
    assert one_of(inside) is None
    inside.give(_ORDER.taken_back())
    assert {row[0] for row, _ in inside.rows()} == {CLOCK.number, RULES.number}


def test_what_changes_nothing_is_a_duplicate() -> None:
    """The same case, order or tick again."""
    inside = Trial(stage(FOURTEEN))
    inside.give_each([_CASE, _CASE, _ORDER, _ORDER, Tick(at=NOON), Tick(at=NOON)])
    assert inside.verdicts == [Verdict.APPLIED, Verdict.DUPLICATE] * 3


def test_another_policy_counts_with_the_next_tick() -> None:
    """A worker that begins with other days judges everybody anew, once, whoever is looked at or not."""
    before, after = Trial(stage(FOURTEEN)), Trial(stage(policy(edition(-100, returnee=(0, 7)))))
    before.give(_CASE, Tick(at=NOON + DAY))
    after.state = before.state
    assert days(one_of(before)) == (0, 14)
    after.give(Tick(at=NOON + 2 * DAY))
    assert days(one_of(after)) == (0, 7)
    assert after.give(Tick(at=NOON + 3 * DAY)) == []


class Looks(MemoryState):
    """A state that counts the cases that are read."""

    cases = 0

    def get(self, key: bytes) -> bytes | None:
        """Count those of the first table."""
        self.cases += key[0] == 1
        return super().get(key)


def test_a_tick_costs_what_is_due() -> None:
    """Of three hundred who isolate only the one is looked at who is let go."""
    inside = Trial(stage(FOURTEEN))
    inside.state = Looks()
    inside.give(Tick(at=NOON), *(told(RETURNED.model_copy(update={"at": NOON + DAY, "until": NOON + DAY}), person=token(str(n))) for n in range(300)), _CASE)
    inside.state.cases = 0
    assert [emit.key for emit in inside.give(Tick(at=NOON + 14 * DAY))] == [_CASE.person]
    assert inside.state.cases == 1
