"""The stage `routing`: linked cases and facts about no person in, releases to each agency's own topic and a line of audit for each out.

`deliver.<agency>` is a view by person and purpose: a later release replaces the one before it, and a retracted one ends it. The person is called there by a
code of the agency (`codes`), and so is every other person and fact; the audit, which no agency reads, has the key.

What stands released is a function of the linked case, the agency files and the latest tick: a copy past its end is taken back by the tick (`control.tick`),
and when a worker starts with other files, what was decided under those of before is decided again, slot by slot (`control.rules`; ticks do it too). So a
changed file reaches the standing cases, and of an agency whose file is retired or gone everything is taken back.

Facts about no person (`told`) go the same way: what an agency is told is a function of the facts that stand, the files and the latest tick.

Rows up to version 2 kept opened releases and no case. There is no way from them: such a state is refused with what to do (`streams.runtime.version`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from schemas.agency import Agency, rules_of
from schemas.models.case import LinkedCase
from schemas.models.control import Rules, Tick
from schemas.models.fact import Millis
from schemas.models.release import Decision, Release
from schemas.tokens import Keys
from streams import clock
from streams.routing.bulletins import MODELS, News
from streams.routing.marks import MARK, latest, moved
from streams.routing.match import grounds
from streams.routing.project import release
from streams.routing.sent import SENT, Given, Sent, held, hold, key, short, stale, without_bulletins
from streams.routing.told import KNOWN, Facts
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict, as_it_is

_FIVE = 5


def stage(agencies: Sequence[Agency], keys: Keys, smallest: int = _FIVE) -> Stage:
    """The stage for these agencies; `smallest` is the smallest count of people that leaves the bus (`smallest_count` of the policy)."""
    router = _Router(agencies, keys, smallest)
    outputs = (*(f"deliver.{agency.name}" for agency in agencies), "audit")
    inputs = ("case.linked", *MODELS, "control.tick", "control.rules")
    tables, migrations = (SENT, MARK, KNOWN), {**dict.fromkeys((7, 8, 9), as_it_is), 10: without_bulletins}
    return Stage("routing", inputs, outputs, router.step, settle_all=router.settle, tables=tables, version=11, urgent=("case.linked",), migrations=migrations)


class _Router:
    def __init__(self, agencies: Sequence[Agency], keys: Keys, smallest: int) -> None:
        self._agencies, self._keys, self._rules = agencies, keys, short(rules_of(agencies))
        self._facts = Facts(agencies, keys, smallest, self._rules)

    def step(self, message: Message, state: State) -> Outcome:
        value = message.value
        if isinstance(value, Tick | Rules):
            return self._again(value, state)
        if isinstance(value, News):
            return self._facts.take(value, state)
        assert isinstance(value, LinkedCase)
        place = SENT.about(value.person)
        data = state.get(place)
        old = held(data) if data else None
        if value.retracted:
            state.delete(place)
            return Outcome(Verdict.APPLIED, list(_write(value.person, old.given, []))) if old else Outcome(Verdict.DUPLICATE)
        now = latest(clock.slot(place), state)
        if data and old and old.case.id == value.id and not stale(data, self._rules, now):
            return Outcome(Verdict.DUPLICATE)
        return Outcome(Verdict.APPLIED, self._decide(place, value, old.given if old else [], now, state))

    def settle(self, touched: list[str], state: State) -> Iterable[Emit]:
        """Write which bulletins stand of what was touched."""
        for about, old, new in self._facts.settle(touched, state):
            yield from _write(about, old, new)

    def _again(self, said: Tick | Rules, state: State) -> Outcome:
        """Decide again what is of other rules or has ended. All such rows are found before one is changed."""
        late = moved(said, self._rules, state)
        found = [
            (row, data)
            for first, last in clock.runs(late)
            for row, data in state.sweep(*clock.span(SENT, first, last))
            if stale(data, self._rules, late[clock.slot(row)])
        ]
        outcome = Outcome(Verdict.APPLIED if late else Verdict.DUPLICATE)
        outcome.touched = [one for first, last in clock.runs(late) for one in self._facts.late(first, last, late, state)]
        for row, data in found:
            old = held(data)
            outcome.emits += self._decide(row, old.case, old.given, late[clock.slot(row)], state)
        return outcome

    def _decide(self, place: bytes, case: LinkedCase, old: list[Given], now: Millis, state: State) -> list[Emit]:
        """Release what may be released of a case, and write what is otherwise than before."""
        every = [release(agency, case, ground, self._keys) for agency in self._agencies for ground in grounds(agency, case)]
        new = [item for item in every if item.expires >= now]
        state.put(place, hold(Sent(case=case, given=[Given.of(item) for item in new]), self._rules))
        return list(_write(case.person, old, new))


def _write(person: str, old: list[Given], new: list[Release]) -> Iterable[Emit]:
    """The retractions of what stands no more, then what is new or otherwise; each with its line of audit."""
    before, after = {one.key: one for one in old}, {key(item): item for item in new}
    for gone in sorted(before.keys() - after.keys()):
        yield from _out(person, before[gone].end, before[gone], Decision.RETRACTED)
    for place, item in after.items():
        if place not in before or before[place].end.id != item.id:
            yield from _out(person, item, Given.of(item), Decision.RELEASED)


def _out(person: str, item: Release, given: Given, decision: Decision) -> Iterable[Emit]:
    """A message under the agency's code of the person, and its line of audit under the person's key."""
    yield Emit(f"deliver.{item.agency}", f"{item.person} {item.purpose}", item)
    yield Emit("audit", person, given.audit(person, decision))
