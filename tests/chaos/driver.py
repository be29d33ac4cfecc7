"""One run: the load goes out portion by portion, faults come by the dice, and everything must come to rest in the end."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from connectors.publish import CannotPublish
from deploy.linkage.decide import KEY
from schemas.models.identity import Judgement
from tests.chaos.faults import INTAKE, Fault, Kind, draw, make
from tests.chaos.load import DECISIONS, Load
from tests.chaos.monitor import Monitor
from tests.chaos.site import AGENCY, DOWNSTREAM, UPSTREAM, Site
from tests.chaos.units import End
from tests.simulation.anomalies import Anomaly, Name

_AT_ONCE = 6
_GAP = 1.2
_WAITING = 6_000
"""Raw messages that may wait before no further portion goes out."""
_AHEAD = 2
_STUCK = 180.0
"""Seconds without any progress after which what is still behind is stuck."""
_AFTERMATH = 45.0
"""Seconds after the end of a fault in which it still excuses that a process ended by itself."""
Tell = Callable[["Driver"], None]


@dataclass
class Plan:
    """What a run is to do; `kinds` are thrown by the dice, after each of `first` came once.

    After `seconds`, if they are given, no more of the load goes out and no more faults come, and what is out is worked through.
    """

    seed: int
    load: Load
    faults: int
    kinds: Sequence[Kind]
    first: Sequence[Kind] = ()
    seconds: float | None = None


@dataclass
class Driver:
    """Runs a plan on a site; `decided` is what stewards wrote, in order."""

    site: Site
    plan: Plan
    tell: Tell
    faults: list[Fault] = field(default_factory=list)
    ends: list[tuple[End, bool]] = field(default_factory=list)
    decided: list[Judgement] = field(default_factory=list)
    anomalies: list[Anomaly] = field(default_factory=list)
    out: int = 0
    began: float = 0.0

    def run(self) -> None:
        """Everything until it is quiet, or stuck."""
        self._dice = random.Random(f"faults {self.plan.seed}")
        self._first, self._next = list(self.plan.first), 0.0
        self.began = time.monotonic()
        self.monitor = Monitor(self.site.bus, AGENCY)
        self._hands = ThreadPoolExecutor(_AT_ONCE)
        try:
            self._start()
            while self.out < len(self.plan.load.portions) or len(self.faults) < self.plan.faults or self.lasting:
                self._tick()
                if self.plan.seconds and time.monotonic() - self.began > self.plan.seconds:
                    self._enough()
                self._publish()
                self._inject()
                if self._stuck():
                    return
            self._rest()
        finally:
            self._hands.shutdown()
            self.monitor.close()

    @property
    def lasting(self) -> list[Fault]:
        """Faults from which not everything has recovered yet."""
        return [fault for fault in self.faults if not fault.recovered]

    def _enough(self) -> None:
        """What has not begun is left."""
        self.plan.faults = len(self.faults)
        del self.plan.load.portions[self.out :]

    def _start(self) -> None:
        self.publishers = ["publisher-1", "publisher-2", "publisher-http"]
        self.site.worker("upstream", UPSTREAM)
        self.site.worker("downstream", DOWNSTREAM)
        self.site.worker("all", (*UPSTREAM, *DOWNSTREAM))
        self.site.deliverer()
        self.site.intake(INTAKE, self.publishers[-1])
        for name in self.publishers[:-1]:
            self.site.publisher(name)
        self._wait(lambda: all(unit.ready for unit in self.site.units.values()), 120)

    def _wait(self, condition: Callable[[], bool], patience: float) -> None:
        limit = time.monotonic() + patience
        while not condition() and time.monotonic() < limit:
            self._tick()

    def _tick(self) -> None:
        """Keep processes up, end faults whose time is over, and see who has recovered."""
        time.sleep(0.1)
        now = time.monotonic()
        for unit in list(self.site.units.values()):
            if ended := unit.look():
                self.ends.append((ended, self._excused(ended)))
        for fault in self.lasting:
            self._end(fault, now)
            if fault.healed and all(self._goes_on(what, fault.healed) for what in fault.stops):
                fault.recovered = time.monotonic()
        self.tell(self)

    def _end(self, fault: Fault, now: float) -> None:
        """End a fault whose time is over; it takes a thread, since a broker, say, takes its time to start."""
        if not fault.healed and fault.step and fault.step.done():
            fault.step.result()
            if fault.ending:
                fault.healed = now
            elif now >= fault.injected + fault.seconds:
                fault.step, fault.ending = self._hands.submit(fault.heal), True

    def _excused(self, ended: End) -> bool:
        """Whether some fault explains that a process ended by itself."""
        return any({ended.unit, "*"} & fault.excuses and (not fault.healed or ended.at < fault.healed + _AFTERMATH) for fault in self.faults)

    def _goes_on(self, what: str, since: float) -> bool:
        """Whether what a fault stopped has made progress since, or has nothing to do."""
        if what == "deliverer":
            return self._delivered() or (self.monitor.looked > since and self.site.receiver.last_taken > since)
        if what.startswith("publisher"):
            return self.site.units[what].runs and (not any(self.site.inbox(what).iterdir()) or self.monitor.came > since)
        return self.monitor.since(what, since)

    def _delivered(self) -> bool:
        reached, topic = self.site.receiver.reached, self.monitor.delivered
        return all(reached.get(number, -1) >= last for (name, number), last in list(self.monitor.last.items()) if name == topic)

    def _publish(self) -> None:
        """Let the next portion go out when there is room for it, and the faults have kept up with the load."""
        portions, share = self.plan.load.portions, len(self.faults) / max(1, self.plan.faults)
        if self.out >= len(portions) or self.out > share * len(portions) + _AHEAD or self.monitor.waiting > _WAITING:
            return
        name = self.publishers[self.out % len(self.publishers)]
        if len(list(self.site.inbox(name).iterdir())) >= _AHEAD:
            return
        folder = self.site.folder / "load" / portions[self.out]
        if (folder / DECISIONS).exists() and not self._decide(folder / DECISIONS):
            return
        folder.rename(self.site.inbox(name) / folder.name)
        self.out += 1

    def _decide(self, path: Path) -> bool:
        """Write the decisions of stewards past the relay, one after the other, as their command does; False when the broker is away."""
        made = [Judgement.model_validate_json(line) for line in path.read_text("utf-8").splitlines()]
        with suppress(CannotPublish):
            publisher = self.site.bus.publisher(10)
            try:
                for one in made:
                    publisher.send("identity.decision", KEY.format(one), one)
                publisher.settle()
                self.decided += made
                return True
            finally:
                publisher.close()
        return False

    def _inject(self) -> None:
        now, share = time.monotonic(), self.out / max(1, len(self.plan.load.portions))
        if len(self.faults) >= self.plan.faults or len(self.lasting) >= _AT_ONCE or now < self._next or len(self.faults) > share * self.plan.faults + 1:
            return
        busy = {what for fault in self.lasting for what in fault.touches}
        fault = make(self.site, self._dice, self._first[0]) if self._first else draw(self.site, self._dice, self.plan.kinds, busy)
        if fault is None or fault.touches & busy:
            return
        self._first = self._first[1:]
        fault.injected = time.monotonic()
        self.faults.append(fault)
        fault.step = self._hands.submit(fault.inject)
        self._next = time.monotonic() + self._dice.expovariate(1 / _GAP)

    def _rest(self) -> None:
        """Wait until all is read, published and delivered; what makes no progress for long is stuck."""
        quiet = 0
        while quiet < 20:
            self._tick()
            still = self.monitor.news < time.monotonic() - 1
            quiet = quiet + 1 if still and not any(self._behind()) else 0
            if self._stuck():
                return

    def _behind(self) -> Iterator[str]:
        """What still has something to do."""
        yield from (f"{stage} on {topic}/{number}" for stage, topic, number in self.monitor.behind())
        yield from (name for name in self.publishers if any(self.site.inbox(name).iterdir()))
        if not self._delivered():
            yield "deliverer"

    def _stuck(self) -> bool:
        """Whether nothing has happened for so long that nothing will; what waits then is an anomaly."""
        happened = max([self.monitor.news, self.site.receiver.last_taken, *(max(fault.injected + fault.seconds, fault.healed) for fault in self.lasting)])
        if time.monotonic() - happened < _STUCK:
            return False
        where = [*self._behind(), *(f"after {fault.kind.value}" for fault in self.lasting)] or ["nothing that is known"]
        self.anomalies += [Anomaly(Name.STUCK, one) for one in where]
        return True
