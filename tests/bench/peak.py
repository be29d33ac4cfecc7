"""The peak of a province on this machine: what share of it two cores carry for ten minutes with lag flat, and how many cores all of it takes.

The peak is 5,000 scans, 600 clock-ins, 50 clinic visits and 20 border crossings a second, with every stage on. A backlog in these proportions says what a
record of people who are new to the bus costs when batches are large, and how fast it goes. Then a stream is tried at shares of that rate, of people whom the
bus knows, as a province does: each has been in one record of each source before (`_acquaintance`). Three quarters of the greatest with lag flat go on for ten
minutes, for a minute does not show what ten do, while results come in about people who have met somebody: the time runs from a result until the
other one's community has its task.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

from deploy.bus import Bus
from deploy.cli.output import progress
from schemas.models.task import Task
from streams.path import STAGES
from tests.bench import load, path, workers
from tests.bench.arrivals import Arrival, following
from tests.bench.ask import Answer, Bench, Table, percentile, wait
from tests.bench.feed import Feed, Message, feeding
from tests.bench.lag import Lag
from tests.bench.latency import tokens
from tests.broker import people as humans
from tests.broker.live import Live

PEAK = {"scan-code": 5_000, "clockin": 600, "clinic-visit": 50, "border-crossing": 20}
"""Records a second of a province of 47 million."""
ALL = sum(PEAK.values())
_SHARES = (1.0, 0.85, 0.7, 0.55, 0.4)
_LASTING = 0.75
_BEGAN = datetime(2020, 1, 22, 1, tzinfo=UTC)
_SCANS_OF_ONE = 20
_PAIRS = 20_000_000
"""The number of the first person of those who have met; all others of the load have smaller ones."""
_RESULTS = 2.0
_WARM = 10.0
_EVERY = 2.0
_SPLIT = (STAGES, STAGES)
_FAMILY = "杨李王张刘陈赵黄周吴徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭"
_GIVEN = "一丹伟佳俊兰军凤刚勇华国娟娜婷宁建强德志慧敏文斌明春晓梅波洁涛琳"


@dataclass(frozen=True, slots=True)
class Drained:
    """A backlog in the proportions of the peak: records, records a second, CPU seconds a million records of workers and of the broker."""

    records: int
    rate: float
    workers: float
    broker: float


@dataclass(frozen=True, slots=True)
class Held:
    """A stream: records a second wanted and published, for how many seconds; messages to go of all stages every two seconds; messages that stages took a second.

    `workers` and `broker` are cores busy; `took` are seconds from each result to the task that follows from it, sorted.
    """

    rate: float
    published: float
    seconds: float
    lags: list[int]
    messages: float
    workers: float
    broker: float
    took: list[float]

    def thirds(self) -> tuple[float, float, float]:
        """The mean of what was to go in each third of the time."""
        third = max(1, len(self.lags) // 3)
        return sum(self.lags[:third]) / third, sum(self.lags[third : 2 * third]) / third, sum(self.lags[-third:]) / third

    @property
    def flat(self) -> bool:
        """Whether all was published, and the last third had no more to go than the first by a second's worth of messages."""
        first, _, last = self.thirds()
        return self.published >= 0.97 * self.rate and last - first < self.messages


def ask(bench: Bench) -> Answer:
    """Drain, find the share that is flat, and hold it."""
    drained = drain(bench, bench.size(5_000, 60_000))
    held = []
    for number, share in enumerate(_SHARES):
        held.append(hold(bench, f"try-{number}", share * drained.rate, bench.size(15, 60)))
        if held[-1].flat:
            break
    held.append(hold(bench, "whole", _LASTING * held[-1].rate, bench.size(30, 600)))
    whole = held[-1]
    cores = {"stream": (whole.workers + whole.broker) * ALL / whole.published, "backlog": (drained.workers + drained.broker) * ALL / 1e6}
    found = {"peak": PEAK, "drained": asdict(drained), "held": [asdict(one) | {"flat": one.flat} for one in held], "share": whole.rate / ALL, "cores": cores}
    return Answer(found, [_backlog(drained), _streams(held)], [
        f"Held for {whole.seconds:.0f} s: {whole.rate:,.0f} records a second, {whole.rate / ALL:.0%} of the peak, {'lag flat' if whole.flat else 'LAG NOT FLAT'}.",
        f"The whole peak takes {cores['stream']:.1f} cores as the stream goes and {cores['backlog']:.1f} in large batches, broker included, if they scale alike (reckoned).",
        f"From a result to the task that follows: {_times(whole.took)}. Who publishes and who watches use the same two cores and are not counted.",
    ])  # fmt: skip


def drain(bench: Bench, records: int) -> Drained:
    """Carry a backlog through, published in one go to workers that wait; from the first batch of any stage to the last."""
    with bench.bus("peak-backlog", partitions=4) as live:
        one = path.carried(bench, live, _prepared(live.bus, records / ALL), _SPLIT)
        return Drained(one.records, one.records / one.seconds, one.workers / one.records * 1e6, one.broker / one.records * 1e6)


def hold(bench: Bench, name: str, rate: float, seconds: float) -> Held:
    """Publish at a rate for so long to workers that have nothing else to do, with results among it, and watch."""
    with bench.bus(f"peak-{name}", partitions=4) as live:
        duration = rate / ALL * (seconds + 2 * _WARM)
        known, messages = _acquaintance(live.bus, duration), _prepared(live.bus, duration)
        pairs = range(int(_RESULTS * seconds))
        results = load.prepared(live.bus, "lab-result", (_result(pair) for pair in pairs))
        commands = workers.begin(live, _SPLIT)
        lag = Lag(live.bus)
        try:
            load.send(live.bus, known)
            _meet(live, lag, pairs)
            return _held(bench, live, lag, messages, results, rate, seconds, [command.pid for command in commands])
        finally:
            lag.close()


def _held(bench: Bench, live: Live, lag: Lag, messages: Mapping[str, list[Message]], results: Sequence[Message], rate: float, seconds: float,
          pids: Sequence[int]) -> Held:  # fmt: skip
    bus, sent = live.bus, dict[int, float]()
    topic = f"{bus.settings.namespace}raw."

    def stamped() -> Iterator[Message]:
        for pair, result in enumerate(results):
            sent[pair] = time.time()
            yield result

    with following(bus, "task") as came, ExitStack() as feeds:
        fed = [feeds.enter_context(feeding(bus.endpoints.brokers, topic + source, messages[source], share * rate / ALL)) for source, share in PEAK.items()]
        time.sleep(_WARM)
        used, broker = workers.Used(pids), workers.Used([bench.broker().pid])
        began, before, taken = time.monotonic(), _sent(fed), lag.done()
        with feeding(bus.endpoints.brokers, f"{topic}lab-result", stamped(), _RESULTS):
            lags = _watched(lag, rate, seconds)
        took = time.monotonic() - began
        busy = used.seconds() / took, broker.seconds() / took
        published, messages_taken = (_sent(fed) - before) / took, (lag.done() - taken) / took
        feeds.close()
        others = {pair: _PAIRS + 2 * pair + 1 for pair in sent}
        names = {token: pair for pair, other in others.items() for token in tokens(bus.settings.keys, other, _name(other))}
        arrived: dict[int, float] = {}
        wait(lambda: len(_tasks(bus, came, names, arrived)) == len(sent), lambda: f"{len(arrived)} of {len(sent)} results have their task", patience=900)
    return Held(rate, published, took, lags, messages_taken, *busy, sorted(arrived[pair] - at for pair, at in sent.items()))


def _tasks(bus: Bus, came: list[Arrival], names: Mapping[str, int], arrived: dict[int, float]) -> dict[int, float]:
    """When the first task about each contact came, by number; what was looked at is dropped from `came`."""
    new = came[:]
    del came[: len(new)]
    for at, topic, data in new:
        task = bus.codec.decode(data, topic)
        assert isinstance(task, Task)
        if task.person in names:
            arrived.setdefault(names[task.person], at)
    return arrived


def _watched(lag: Lag, rate: float, seconds: float) -> list[int]:
    began, lags = time.monotonic(), list[int]()
    while time.monotonic() < began + seconds:
        lags.append(sum(lag.lag().values()))
        progress(f"{rate:,.0f} records a second for {time.monotonic() - began:.0f} of {seconds:.0f} s: {lags[-1]:,} messages to go")
        time.sleep(_EVERY)
    return lags


def _sent(feeds: Sequence[Feed]) -> int:
    return sum(feed.sent for feed in feeds)


def _meet(live: Live, lag: Lag, pairs: range) -> None:
    """Let two people meet at a place of their own, for each result that is to come."""
    at = f"{_BEGAN - timedelta(hours=20):%Y-%m-%dT%H:%M:%S+00:00}"
    met = [_scan(_PAIRS + 2 * pair + one, _PAIRS + 2 * pair + one, f"PAIR-{pair}", at) for pair in pairs for one in (0, 1)]
    load.send(live.bus, {"scan-code": load.prepared(live.bus, "scan-code", met)})
    wait(lag.quiet, lambda: path.told(lag))


def _result(pair: int) -> dict[str, Any]:
    return humans.positive(pair, _PAIRS + 2 * pair, name=_name(_PAIRS + 2 * pair))


def _scan(number: int, person: int, place: str, at: str, direction: str = "") -> dict[str, Any]:
    return humans.scan(number, person, place, at, direction=direction, name=_name(person))


def _prepared(bus: Bus, seconds: float) -> dict[str, list[Message]]:
    """So many seconds of the peak, ready to send, by source."""
    people, dice = _people(seconds), random.Random(7)
    counts = {source: max(1, int(rate * seconds)) for source, rate in PEAK.items()}
    progress(f"preparing {sum(counts.values()):,} records of {people:,} people")
    made = {"scan-code": _scans, "clockin": _clockins, "clinic-visit": _visits, "border-crossing": _crossings}
    return {source: load.prepared(bus, source, made[source](dice, count, people, seconds)) for source, count in counts.items()}


def _people(seconds: float) -> int:
    return max(50, int(PEAK["scan-code"] * seconds) // _SCANS_OF_ONE)


def _acquaintance(bus: Bus, seconds: float) -> dict[str, list[Message]]:
    """A record of each source about each of the people who are to come in so many seconds, of the day before, ready to send."""
    people, day = range(_people(seconds)), _BEGAN - timedelta(days=1)
    when = f"{day:%Y-%m-%d %H:%M}"
    records: dict[str, Iterator[dict[str, Any]]] = {
        "scan-code": (_scan(_PAIRS - 1 - person, person, f"MKT-530624-{person % load.PLACES}", day.isoformat(timespec="milliseconds")) for person in people),
        "clockin": (_clockin(person, day - timedelta(days=7), 36.5) for person in people),
        "clinic-visit": (_visit(f"V-W{person}", person, when) for person in people),
        "border-crossing": (_crossing(f"R-W{number}", number // 2, when, number % 2, "MF"[number % 2]) for number in range(2 * max(1, len(people) // 50))),
    }
    return {source: load.prepared(bus, source, made) for source, made in records.items()}


def _moments(count: int, seconds: float) -> Iterator[tuple[int, datetime]]:
    return ((number, _BEGAN + timedelta(seconds=seconds * number / count)) for number in range(count))


def _scans(dice: random.Random, count: int, people: int, seconds: float) -> Iterator[dict[str, Any]]:
    """At places of which the one of rank r has weight 1/r (Zipf)."""
    weights = list(accumulate(1 / rank for rank in range(1, load.PLACES + 1)))
    places = dice.choices(range(load.PLACES), cum_weights=weights, k=count)
    for number, at in _moments(count, seconds):
        yield _scan(number, dice.randrange(people), f"MKT-530624-{places[number]}", at.isoformat(timespec="milliseconds"), dice.choice(("进", "出", "")))


def _name(person: int) -> str:
    """An invented name: of 32 family names and 1,024 given ones each is as frequent as any other."""
    return _FAMILY[person % 32] + _GIVEN[person // 32 % 32] + _GIVEN[person // 1024 % 32]


def _clockins(dice: random.Random, count: int, people: int, seconds: float) -> Iterator[dict[str, Any]]:
    """One after the other, and again for the day before when all have said how they are: a second of one day would correct the first."""
    for number, at in _moments(count, seconds):
        yield _clockin(number % people, at - timedelta(days=number // people), min(dice.gauss(36.5, 0.2), 37.2))


def _clockin(person: int, day: datetime, degrees: float) -> dict[str, Any]:
    return {"uid": f"u-{person}", "date": f"{day:%Y-%m-%d}", "created": str(int(day.timestamp())), "xm": _name(person), "sjh": f"139{person:08d}",
            "area_code": "530624", "tw": f"{degrees:.1f}", "zz": ""}  # fmt: skip


def _visits(dice: random.Random, count: int, people: int, seconds: float) -> Iterator[dict[str, Any]]:
    for number, at in _moments(count, seconds):
        yield _visit(f"V-{number}", dice.randrange(people), f"{at + timedelta(hours=8):%Y-%m-%d %H:%M}")


def _visit(number: str, person: int, when: str) -> dict[str, Any]:
    return {"facility": "CLIN-530624-03", "visit_no": number, "updated": when, "patient_no": f"P-{person}", "name": _name(person), "phone": f"139{person:08d}",
            "region": "530624103000", "seen_at": when, "onset": "", "symptoms": "咳嗽", "temperature": "36.8", "disposition": "观察", "referred_to": ""}  # fmt: skip


def _crossings(dice: random.Random, count: int, people: int, seconds: float) -> Iterator[dict[str, Any]]:
    """Of border residents, who come in and go out."""
    for number, at in _moments(count, seconds):
        yield _crossing(f"R-{number}", number // 2 % max(1, people // 50), f"{at + timedelta(hours=8):%Y-%m-%d %H:%M}", number % 2, dice.choice("MF"))


def _crossing(number: str, person: int, when: str, direction: int, sex: str) -> dict[str, Any]:
    return {"port": "PORT-RUILI", "crossing_no": number, "revision": "1", "name": f"Aung Sample {chr(65 + person % 26)}", "document_kind": "边民证",
            "document_no": f"MB {person:07d}", "nationality": "MM", "sex": sex, "birth_date": f"19{60 + person % 40}-07-14",
            "crossed_at": when, "region": "533102", "direction": ("入境", "出境")[direction], "from_country": "缅甸"}  # fmt: skip


def _times(took: Sequence[float]) -> str:
    return f"p50 {percentile(took, 0.5):.2f} s, p99 {percentile(took, 0.99):.2f} s, longest {took[-1]:.2f} s of {len(took)}"


def _backlog(one: Drained) -> Table:
    return Table("A backlog in the proportions of the peak on two cores, all stages in two workers", ("records", "a second", "workers' CPU s per million", "broker's"),
                 [(f"{one.records:,}", f"{one.rate:,.0f}", f"{one.workers:.0f}", f"{one.broker:.0f}")])  # fmt: skip


def _streams(tried: Sequence[Held]) -> Table:
    rows = [(f"{one.rate:,.0f}", f"{one.rate / ALL:.0%}", f"{one.published:,.0f}", f"{one.seconds:.0f}", *(f"{lag:,.0f}" for lag in one.thirds()),
             "yes" if one.flat else "no", f"{one.workers:.2f}", f"{one.broker:.2f}", f"{percentile(one.took, 0.5):.2f}", f"{percentile(one.took, 0.99):.2f}")
            for one in tried]  # fmt: skip
    columns = ("records a second", "of the peak", "published", "seconds", "to go, first third", "second", "last", "flat", "cores of workers", "of the broker",
               "result to task p50 s", "p99 s")  # fmt: skip
    return Table("Streams in the proportions of the peak; to go: messages of all stages together", columns, rows)
