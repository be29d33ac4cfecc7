"""The stage `movements`: presences by alias, and exposures where an order traces one.

Rows: `stop` scans in and out by alias, place and time; `here` presences by alias and time; `order` standing orders by alias.
An order looks back over the presences in its window and each new presence looks at the standing orders, so either may come first.
"""

from __future__ import annotations

from collections.abc import Iterable

from schemas.avro import pack, unpack
from schemas.models.movement import Exposure, Order, Presence
from schemas.models.record import Direction, Record, Scan
from streams.movements.stops import Stop, passing, staying
from streams.policy import Policy
from streams.rows import row, under
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict
from streams.standing import take

INPUTS = ("record.scan", "record.gate", "record.visit", "record.crossing", "record.step", "trace.order")


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

    return Stage("movements", INPUTS, ("presence", "exposure", "trace.found"), step)


def _pass(record: Record, state: State, policy: Policy) -> Outcome:
    found = passing(record, policy)
    if not found:
        return Outcome(Verdict.APPLIED)
    place, until = found
    presence = Presence.of(causes=[record.id], at=record.at, alias=record.alias, place=place, region=record.region, until=until, sealed=record.sealed)
    return _show(presence.taken_back() if record.retracted else presence, state, policy)


def _stay(scan: Scan, state: State, policy: Policy) -> Outcome:
    stop = Stop(id=scan.id, at=scan.at, direction=scan.direction, region=scan.region, sealed=scan.sealed)
    where = _where(scan.alias, scan.place, stop)
    if (state.get(where) is None) == scan.retracted:
        return Outcome(Verdict.DUPLICATE)
    old = _around(scan, where, state, policy)
    if scan.retracted:
        state.delete(where)
    else:
        state.put(where, pack(stop))
    new = _around(scan, where, state, policy)
    outcome = Outcome(Verdict.APPLIED)
    for presence in [gone.taken_back() for gone in old if gone not in new] + [come for come in new if come not in old]:
        outcome.emits += _show(presence, state, policy).emits
    return outcome


def _around(scan: Scan, where: bytes, state: State, policy: Policy) -> list[Presence]:
    """The presences of the scans whose neighbour the row is, or would be, and of the row itself when it is there."""
    earlier = row("stop", scan.alias, scan.place, scan.at - 2 * policy.longest_stay)
    later = row("stop", scan.alias, scan.place, scan.at + 2 * policy.longest_stay)
    stops = [unpack(Stop, data) for _, data in state.scan(earlier, later)]
    middle = sum(1 for stop in stops if _where(scan.alias, scan.place, stop) < where)
    last = middle if state.get(where) is None else middle + 1
    found = []
    for place in range(max(middle - 1, 0), min(last + 1, len(stops))):
        before = stops[place - 1] if place and stops[place].at - stops[place - 1].at <= policy.longest_stay else None
        after = stops[place + 1] if place + 1 < len(stops) and stops[place + 1].at - stops[place].at <= policy.longest_stay else None
        presence = staying(scan.alias, scan.place, stops[place], before, after, policy)
        if presence:
            found.append(presence)
    return found


def _where(alias: str, place: str, stop: Stop) -> bytes:
    """By time; at one moment scans out come first: who is noted out and in at ten has been there twice. Then by content, so that no id decides."""
    return row("stop", alias, place, stop.at, int(stop.direction is Direction.IN), stop.region or "", stop.sealed.hex(), stop.id)


def _show(presence: Presence, state: State, policy: Policy) -> Outcome:
    """Assert or retract a presence, and its exposures under the standing orders."""
    outcome = take(state, row("here", presence.alias, presence.at, presence.id), presence)
    if outcome.verdict is Verdict.APPLIED:
        outcome.emits.append(Emit("presence", presence.place, presence))
        for _, data in state.scan(*under("order", presence.alias)):
            outcome.emits += _expose(unpack(Order, data), presence, policy, retracted=presence.retracted)
    return outcome


def _order(order: Order, state: State, policy: Policy) -> Outcome:
    outcome = take(state, row("order", order.alias, order.id), order)
    if outcome.verdict is Verdict.APPLIED:
        earliest = row("here", order.alias, order.at - policy.longest_presence)
        for _, data in state.scan(earliest, row("here", order.alias, order.until + 1)):
            outcome.emits += _expose(order, unpack(Presence, data), policy, retracted=order.retracted)
    return outcome


def _expose(order: Order, presence: Presence, policy: Policy, *, retracted: bool) -> Iterable[Emit]:
    """What an order finds: the place becomes relevant, and the presence goes into the timeline of who is traced."""
    if presence.at > order.until or presence.until < order.at:
        return
    exposure = Exposure.of(
        causes=[order.id, presence.id], person=order.person, alias=presence.alias, place=presence.place, region=presence.region,
        at=max(presence.at, order.at), until=min(presence.until, order.until) + policy.lingering, depth=order.depth,
    )  # fmt: skip
    content = presence.model_dump(include={"alias", "place", "region", "at", "until", "sealed"})
    found = Presence.of(causes=[order.id, presence.id], **content)
    yield Emit("exposure", exposure.place, exposure.taken_back() if retracted else exposure)
    yield Emit("trace.found", found.alias, found.taken_back() if retracted else found)
