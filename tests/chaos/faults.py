"""What may go wrong: each kind with how it is brought about and how it ends."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import StrEnum

from tests.chaos import blows
from tests.chaos.site import Site


class Kind(StrEnum):
    """The kinds, as the report names them."""

    KILL_WORKER = "worker killed"
    LOSE_STATE = "worker killed, its state lost"
    ZOMBIE = "worker frozen past its session"
    ADD_WORKER = "worker added, then removed"
    MOVE = "stages moved at once"
    KILL_PUBLISHER = "publisher killed"
    KILL_INTAKE = "HTTP intake killed"
    KILL_DELIVERER = "deliverer killed"
    KILL_BROKER = "broker killed"
    CUT = "connections cut"
    HOLD = "broker unreachable"
    DELAY = "broker slow"
    REFUSE = "broker refuses connections"
    REGISTRY = "registry away"
    RECEIVER_AWAY = "receiver away"
    RECEIVER_ERROR = "receiver answers 500"
    RECEIVER_SLOW = "receiver slow"
    RECEIVER_HALF = "half a response"
    FULL_DISK = "disk full"
    CLOCK = "clock jumps"


INTAKE = "intake"
"""The process of the HTTP intake."""
WEIGHTS = {
    Kind.KILL_WORKER: 14, Kind.LOSE_STATE: 5, Kind.ZOMBIE: 7, Kind.ADD_WORKER: 4, Kind.MOVE: 4, Kind.KILL_PUBLISHER: 8, Kind.KILL_INTAKE: 4, Kind.KILL_DELIVERER: 8, Kind.KILL_BROKER: 5,
    Kind.CUT: 8, Kind.HOLD: 5, Kind.DELAY: 4, Kind.REFUSE: 4, Kind.REGISTRY: 4, Kind.RECEIVER_AWAY: 3, Kind.RECEIVER_ERROR: 3, Kind.RECEIVER_SLOW: 3,
    Kind.RECEIVER_HALF: 3, Kind.FULL_DISK: 4, Kind.CLOCK: 5,
}  # fmt: skip
"""How often each is thrown, beside the others."""


@dataclass
class Fault:
    """One fault. `touches` is what no other fault may touch meanwhile; `stops` are the stages, `publisher:name` or `deliverer` that it stops.

    `excuses` names the processes that may end by themselves while it lasts, and shortly after; '*' is every one.
    """

    kind: Kind
    touches: frozenset[str]
    stops: frozenset[str]
    seconds: float
    inject: Callable[[], None]
    heal: Callable[[], None]
    excuses: frozenset[str] = frozenset()
    injected: float = 0.0
    healed: float = 0.0
    recovered: float = 0.0
    step: Future[None] | None = None
    ending: bool = False
    detail: dict[str, object] = field(default_factory=dict)


def draw(site: Site, dice: random.Random, kinds: Sequence[Kind], busy: set[str]) -> Fault | None:
    """The next fault by the dice, or None when what it would touch is touched by another."""
    (kind,) = dice.choices(kinds, [WEIGHTS[kind] for kind in kinds])
    fault = make(site, dice, kind)
    return None if fault is None or fault.touches & busy else fault


def make(site: Site, dice: random.Random, kind: Kind) -> Fault | None:
    """A fault of a kind; None when there is nothing that it could meet at the moment."""
    if kind in _WORKERS:
        return _of_worker(site, dice, kind)
    if kind in _BROKER:
        return _of_broker(site, dice, kind)
    if kind is Kind.KILL_PUBLISHER:
        unit = site.units[dice.choice([name for name in site.units if name.startswith("publisher")])]
        return Fault(kind, frozenset({unit.name}), frozenset({unit.name}), 0.0, lambda: unit.kill(0.3), _nothing)
    if kind is Kind.KILL_INTAKE:
        intake, client = site.units[INTAKE], frozenset(name for name in site.units if name.endswith("-http"))
        return Fault(kind, frozenset({INTAKE}), client, 0.0, lambda: intake.kill(0.3), _nothing)
    deliverer = site.units["deliverer"]
    if kind is Kind.KILL_DELIVERER:
        return Fault(kind, frozenset({"deliverer"}), frozenset({"deliverer"}), 0.0, lambda: deliverer.kill(0.3), _nothing)
    mode = _RECEIVER[kind]
    return Fault(kind, frozenset({"deliverer"}), frozenset({"deliverer"}), dice.uniform(2, 8), lambda: blows.receive(site, mode), lambda: blows.receive(site, ""))


_WORKERS = {Kind.KILL_WORKER, Kind.LOSE_STATE, Kind.ZOMBIE, Kind.ADD_WORKER, Kind.MOVE, Kind.FULL_DISK, Kind.CLOCK}
_BROKER = {Kind.KILL_BROKER, Kind.CUT, Kind.HOLD, Kind.DELAY, Kind.REFUSE, Kind.REGISTRY}
_RECEIVER = {Kind.RECEIVER_AWAY: "away", Kind.RECEIVER_ERROR: "error", Kind.RECEIVER_SLOW: "slow", Kind.RECEIVER_HALF: "half"}


def _of_worker(site: Site, dice: random.Random, kind: Kind) -> Fault | None:
    if kind in (Kind.ADD_WORKER, Kind.FULL_DISK):
        return _of_guest(site, dice, kind)
    ready = [unit for unit in site.units.values() if unit.stages and unit.wanted and unit.ready and not unit.frozen]
    if not ready:
        return None
    unit, moved = dice.choice(ready), [unit for unit in ready if dice.random() < 0.7]
    touched, stopped = frozenset({unit.name}), frozenset(unit.stages)
    session = site.bus.settings.session_timeout
    if kind is Kind.ZOMBIE:
        return Fault(kind, touched, stopped, session * dice.uniform(1.2, 2.0), unit.freeze, unit.thaw, touched)
    if kind is Kind.MOVE:
        names = frozenset(one.name for one in moved or [unit])
        stages = frozenset(stage for one in moved or [unit] for stage in one.stages)
        return Fault(kind, names, stages, 0.0, lambda: blows.restart(moved or [unit]), _nothing, names)
    if kind is Kind.CLOCK:
        ahead = dice.choice((30, 600, 7_200, 2 * 86_400, -600, -2 * 86_400))
        return Fault(kind, touched, stopped, dice.uniform(3, 10), lambda: site.set_clock(unit.name, ahead), lambda: site.set_clock(unit.name, 0), touched,
                     detail={"seconds": ahead})  # fmt: skip
    lose, again = kind is Kind.LOSE_STATE, dice.uniform(0.2, 2.0)
    return Fault(kind, touched, stopped, 0.0, lambda: blows.kill(site, unit, again, lose=lose), _nothing)


def _of_guest(site: Site, dice: random.Random, kind: Kind) -> Fault:
    """A further worker, healthy or on a disk that is too small, which goes after a while."""
    stages = tuple(stage.name for stage in site.bus.stages if dice.random() < 0.7) or ("cases",)
    small = dice.choice((2, 4, 8)) if kind is Kind.FULL_DISK else 0
    guest = blows.Guest(site, stages, small)
    return Fault(kind, frozenset({"guest"}), frozenset(stages), dice.uniform(6, 12), guest.come, guest.go, frozenset({guest.name} if small else ()),
                 detail={"megabytes": small} if small else {})  # fmt: skip


def _of_broker(site: Site, dice: random.Random, kind: Kind) -> Fault:
    everything = frozenset(stage.name for stage in site.bus.stages) | {"deliverer"} | {name for name in site.units if name.startswith("publisher")}
    touched = frozenset({"broker"})
    if kind is Kind.KILL_BROKER:
        return Fault(kind, touched, everything, dice.uniform(0.2, 4), lambda: site.down("kafka"), lambda: blows.up(site), frozenset({"*"}))
    if kind is Kind.REGISTRY:
        return Fault(kind, touched, everything, dice.uniform(2, 8), lambda: site.down("registry"), lambda: blows.up(site), frozenset({"*"}))
    share = dice.choice((0.3, 0.6, 1.0))
    lines = {Kind.CUT: f"cut {share}", Kind.HOLD: f"hold {share}", Kind.DELAY: f"delay {share} {dice.uniform(0.05, 0.4):.2f}", Kind.REFUSE: "refuse"}
    seconds = 0.3 if kind is Kind.CUT else dice.uniform(1, 12 if kind is Kind.HOLD else 6)
    return Fault(kind, touched, everything, seconds, lambda: site.relay.tell(lines[kind]), lambda: site.relay.tell("pass"), frozenset({"*"}), detail={"told": lines[kind]})


def _nothing() -> None:
    """What is started again by itself needs no healing."""
