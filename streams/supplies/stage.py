"""The stage `supplies`: reports of stock, steps of dispatches and ticks in; what each place has of each item, and how far each dispatch is, out.

All that is said of one item meets on one partition, since a dispatch concerns two places. That bounds the stage: ten items are ten keys. Of fifteen thousand
facilities that report each item daily less than two records a second come. When a state changes by time alone is in an index by slot and moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from schemas.avro import pack, unpack
from schemas.models.control import Tick
from schemas.models.fact import Millis
from schemas.models.record import DispatchReport, StockReport
from schemas.models.supply import Supply
from streams import clock
from streams.policy import Policy, Supplies
from streams.rows import Table, moment, name
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict
from streams.standing import take
from streams.supplies.course import Course, course, dispatch, places
from streams.supplies.cover import again, supply

_STOCK = Table(1, "What a place reported of an item.", StockReport)
_STEPS = Table(2, "A step of a dispatch.", DispatchReport)
_COURSES = Table(3, "The course of a dispatch that concerns a place.", Course)
_SAID = Table(4, "What was written of an item at a place.", Supply)
_AGAIN = Table(5, "Which item at which place is to be looked at again at a moment, by slot.")
CLOCK = clock.table(6)


def stage(policy: Policy) -> Stage:
    """The stage under a policy."""

    def step(message: Message, state: State) -> Outcome:
        fact = message.value
        if isinstance(fact, Tick):
            return clock.passed(CLOCK, _AGAIN, fact, state)
        if isinstance(fact, StockReport):
            about = _about(fact.place, fact.item)
            outcome = take(state, _STOCK.about(about) + name(fact.id), fact)
            outcome.touched = [about] if outcome.verdict is Verdict.APPLIED else []
            return outcome
        assert isinstance(fact, DispatchReport)
        return _moved(fact, state)

    def settle(about: str, state: State) -> Iterable[Emit]:
        return list(_settle(about, state, policy.supplies))

    inputs, tables = ("record.stock", "record.dispatch", "control.tick"), (_STOCK, _STEPS, _COURSES, _SAID, _AGAIN, CLOCK)
    return Stage("supplies", inputs, ("supply", "dispatch"), step, settle, tables=tables)


def _about(place: str, item: str) -> str:
    return f"{place} {item}"


def _moved(fact: DispatchReport, state: State) -> Outcome:
    """Let a step stand or fall; the places of the dispatch, those of before too, follow when the batch ends."""
    old = _course(fact, state)
    outcome = take(state, _STEPS.about(fact.number, fact.item) + name(fact.id), fact)
    if outcome.verdict is not Verdict.APPLIED:
        return outcome
    new, key = _course(fact, state), f"{fact.number} {fact.item}"
    for place in sorted(places(old) | places(new)):
        about = _about(place, fact.item)
        row = _COURSES.about(about) + name(fact.number)
        if new and place in places(new):
            state.put(row, pack(new))
        else:
            state.delete(row)
        outcome.touched.append(about)
    if new and (old is None or new.last.id != old.last.id):
        outcome.emits.append(Emit("dispatch", key, dispatch(new)))
    elif old and not new:
        outcome.emits.append(Emit("dispatch", key, dispatch(old).taken_back()))
    return outcome


def _course(of: DispatchReport, state: State) -> Course | None:
    return course([unpack(DispatchReport, data) for _, data in state.scan(*_STEPS.under(of.number, of.item))])


def _settle(about: str, state: State, policy: Supplies) -> Iterator[Emit]:
    """Reckon anew what a place has of an item, and say it where it is otherwise than before."""
    place = _SAID.about(about)
    old = unpack(Supply, data) if (data := state.get(place)) else None
    reports = [unpack(StockReport, data) for _, data in state.scan(*_STOCK.under(about))]
    courses = [unpack(Course, data) for _, data in state.scan(*_COURSES.under(about))]
    new = supply(reports, courses, clock.latest(CLOCK, clock.slot(place), state), policy)
    _keep(about, old, new, state, policy)
    if new and (old is None or new.id != old.id):
        yield Emit("supply", about, new)
    elif old and not new:
        yield Emit("supply", about, old.taken_back())


def _keep(about: str, old: Supply | None, new: Supply | None, state: State, policy: Supplies) -> None:
    """Keep what is said now, and when it is otherwise by time alone."""
    if old and (at := again(old, policy)) is not None:
        state.delete(_again(about, at))
    if new and (at := again(new, policy)) is not None:
        state.put(_again(about, at), about.encode())
    if new:
        state.put(_SAID.about(about), pack(new))
    else:
        state.delete(_SAID.about(about))


def _again(about: str, at: Millis) -> bytes:
    return _AGAIN.about(str(clock.slot(_SAID.about(about)))) + moment(at) + name(about)
