"""The stage `counted`: linked cases in, and what each person counts as in each region out.

A linked case that is taken back does not say where it counted, so what was last said of each person is kept.
"""

from __future__ import annotations

from schemas.avro import pack, unpack
from schemas.models.case import LinkedCase
from schemas.models.statistic import Counted
from streams.rows import Table
from streams.stage import Message, Outcome, Stage, State, Verdict
from streams.standing import changes
from streams.statistics.cells import counted, in_regions

_SAID = Table(1, "What a person counts as, in the smallest region.", Counted)


def stage() -> Stage:
    """The stage."""
    return Stage("counted", ("case.linked",), ("statistic.counted",), _step, tables=(_SAID,))


def _step(message: Message, state: State) -> Outcome:
    case = message.value
    assert isinstance(case, LinkedCase)
    place = _SAID.about(case.person)
    data = state.get(place)
    old = unpack(Counted, data) if data else None
    new = None if case.retracted else counted(case)
    if (old and old.id) == (new and new.id):
        return Outcome(Verdict.DUPLICATE)
    if new:
        state.put(place, pack(new))
    else:
        state.delete(place)
    before, after = in_regions(old) if old else [], in_regions(new) if new else []
    return Outcome(Verdict.APPLIED, list(changes(before, after, "statistic.counted", lambda one: one.region)))
