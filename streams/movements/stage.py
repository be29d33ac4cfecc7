"""The stage `movements`: presences by alias, and exposures where an order traces one.

Of people who isolate the presences are shown, and expose nobody: such an order has the depth 0.
An order looks back over the presences in its window and each new presence looks at the standing orders, so either may come first.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable

from schemas.avro import unpack
from schemas.models.fact import Millis
from schemas.models.isolation import Sighting
from schemas.models.movement import Exposure, Order, Presence
from schemas.models.record import Direction, Record, Scan
from streams.held import Held, between, held, hold, key
from streams.movements.stops import Stop, passing, staying
from streams.policy import Policy
from streams.rows import Table, moment, name
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict
from streams.standing import take

INPUTS = ("record.scan", "record.gate", "record.visit", "record.crossing", "record.step", "trace.order", "breach.order")
_STOP = Table(1, "A scan in or out, by alias and place, and time.")
_HERE = Table(2, "A presence, by alias and time.")
_ORDER = Table(3, "A standing order to trace an alias.", Order, few=True)


def stage(policy: Policy) -> Stage:
    """The stage under a policy."""

    def step(message: Message, state: State) -> Outcome:
        fact = message.value
        if isinstance(fact, Order):
            return _order(fact, state, policy)
        assert isinstance(fact, Record)
        if isinstance(fact, Scan) and fact.direction is not Direction.PASS:
            return _stay(fact, state, policy)
        return _pass(fact, state, policy)

    return Stage("movements", INPUTS, ("presence", "exposure", "trace.found", "breach.found"), step, tables=(_STOP, _HERE, _ORDER), urgent=("trace.order",))


def _pass(record: Record, state: State, policy: Policy) -> Outcome:
    found = passing(record, policy)
    if not found:
        return Outcome(Verdict.APPLIED)
    place, until = found
    presence = Presence.of(causes=[record.id], at=record.at, alias=record.alias, place=place, region=record.region, until=until, sealed=record.sealed)
    return _show(presence.taken_back() if record.retracted else presence, state, policy)


def _stay(scan: Scan, state: State, policy: Policy) -> Outcome:
    stop = Stop(id=scan.id, at=scan.at, direction=scan.direction, region=scan.region, sealed=scan.sealed)
    about = _STOP.about(scan.alias, scan.place)
    row = key(about, scan.at, scan.id)
    if (state.get(row) is None) == scan.retracted:
        return Outcome(Verdict.DUPLICATE)
    window = about + moment(scan.at - 2 * policy.longest_stay), about + moment(scan.at + 2 * policy.longest_stay)
    others = [_stop(held(*found)) for found in state.scan(*window) if found[0] != row]
    if scan.retracted:
        state.delete(row)
    else:
        state.put(row, hold(stop.direction, stop.region, 0, stop.sealed))
    old, new = _stays(scan, others, stop, policy)
    if scan.retracted:
        old, new = new, old
    outcome = Outcome(Verdict.APPLIED)
    before, after = {presence.id for presence in old}, {presence.id for presence in new}
    for presence in [gone.taken_back() for gone in old if gone.id not in after] + [come for come in new if come.id not in before]:
        outcome.emits += _show(presence, state, policy).emits
    return outcome


def _stays(scan: Scan, others: list[Stop], stop: Stop, policy: Policy) -> tuple[list[Presence], list[Presence]]:
    """The presences of the scans next to this one at its place, without it and with it."""
    others.sort(key=_rank)
    middle = bisect(others, _rank(stop), key=_rank)
    together = [*others[:middle], stop, *others[middle:]]
    return _around(scan, others, middle - 1, middle + 1, policy), _around(scan, together, middle - 1, middle + 2, policy)


def _around(scan: Scan, stops: list[Stop], first: int, end: int, policy: Policy) -> list[Presence]:
    found = []
    for place in range(max(first, 0), min(end, len(stops))):
        before = stops[place - 1] if place and stops[place].at - stops[place - 1].at <= policy.longest_stay else None
        after = stops[place + 1] if place + 1 < len(stops) and stops[place + 1].at - stops[place].at <= policy.longest_stay else None
        presence = staying(scan.alias, scan.place, stops[place], before, after, policy)
        if presence:
            found.append(presence)
    return found


def _rank(stop: Stop) -> tuple[Millis, bool, str, bytes, str]:
    """By time; at one moment scans out come first: who is noted out and in at ten has been there twice. Then by content, so that no id decides."""
    return stop.at, stop.direction is Direction.IN, stop.region or "", stop.sealed, stop.id


def _stop(row: Held) -> Stop:
    return Stop(id=row.id, at=row.at, direction=Direction(row.name), region=row.region, sealed=row.sealed)


def _show(presence: Presence, state: State, policy: Policy) -> Outcome:
    """Assert or retract a presence, and its exposures under the standing orders."""
    outcome = take(state, key(_HERE.about(presence.alias), presence.at, presence.id), presence, _hold)
    if outcome.verdict is Verdict.APPLIED:
        outcome.emits.append(Emit("presence", presence.place, presence))
        for _, data in state.scan(*_ORDER.under(presence.alias)):
            here = Held(presence.id, presence.place, presence.region, presence.at, presence.until, presence.sealed)
            outcome.emits += _expose(unpack(Order, data), here, policy, retracted=presence.retracted)
    return outcome


def _hold(presence: Presence) -> bytes:
    return hold(presence.place, presence.region, presence.until - presence.at, presence.sealed)


def _order(order: Order, state: State, policy: Policy) -> Outcome:
    outcome = take(state, _ORDER.about(order.alias) + name(order.id), order)
    if outcome.verdict is Verdict.APPLIED:
        for row, value in state.scan(*between(_HERE, order.alias, order.at - policy.longest_presence, order.until)):
            outcome.emits += _expose(order, held(row, value), policy, retracted=order.retracted)
    return outcome


def _expose(order: Order, presence: Held, policy: Policy, *, retracted: bool) -> Iterable[Emit]:
    """What an order finds: the place becomes relevant, and the presence goes into the timeline of who is traced."""
    if presence.at > order.until or presence.until < order.at:
        return
    if order.depth == 0:
        yield _sight(order, presence, retracted=retracted)
        return
    exposure = Exposure.of(
        causes=[order.id, presence.id], person=order.person, alias=order.alias, place=presence.name, region=presence.region,
        at=max(presence.at, order.at), until=min(presence.until, order.until) + policy.lingering, depth=order.depth,
    )  # fmt: skip
    found = Presence.of(
        causes=[order.id, presence.id], alias=order.alias, place=presence.name, region=presence.region, at=presence.at, until=presence.until,
        sealed=presence.sealed,
    )  # fmt: skip
    yield Emit("exposure", exposure.place, exposure.taken_back() if retracted else exposure)
    yield Emit("trace.found", found.alias, found.taken_back() if retracted else found)


def _sight(order: Order, presence: Held, *, retracted: bool) -> Emit:
    """That somebody who isolates was somewhere."""
    seen = Sighting.of(causes=[order.id, presence.id], person=order.person, place=presence.name, region=presence.region, at=presence.at, until=presence.until)
    return Emit("breach.found", seen.person, seen.taken_back() if retracted else seen)
