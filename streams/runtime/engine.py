"""Faust with batch delivery: the one place where Faust is extended, and every workaround for it.

What Faust does for a stage: one app with one consumer group, its consumer thread (heartbeats go on while a batch is computed), assignment and
rebalance, and the stream from the consumer to the agent. What differs from stock Faust, and why:

- `getmany` yields per partition one Faust message whose value is the list of raw records. Faust's cost is per message; the lists make it per batch.
- Only partitions whose gate is open are fetched: the task of a partition opens it when its state is recovered and shuts it while it has enough to do,
  so that a busy partition neither fills memory nor holds up the others.
- Faust commits no offsets: how far a task has read is in the transaction of its batch, as a row of its state. So `ack`, the gap bookkeeping and the commit
  handlers do nothing (they are also where Faust loses records: faust-streaming issue 606). The group is told afterwards (`mark`), for those who look at it.
- Faust may seek back to committed offsets at any moment of a rebalance; the task drops what it has had (`Task.offer`). Faust's own memory of what was
  read (`_read_offset`) is switched off: a message of before the rebalance may set it after the task has sought back, and what lies between would be dropped.
- A fetch that began before a rebalance may come back after it. Faust marks it with the new generation; here it has the one it began in, and tasks take
  only records of the generation in which they were started. So that such a fetch does not carry the position away from where a new task has put it,
  `place` waits for the one under way, also when Faust has given up waiting for it.
- While tasks wait long for their turn the broker gathers what comes (`_gather`): a worker had made 150 fetches a second, a quarter of what its interpreter did.
- Committed records only, and an assignor of our own: without Faust tables Faust takes one that does not assign partition p of all topics together.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

import aiokafka
import faust
from aiokafka.errors import IllegalStateError, KafkaError
from aiokafka.structs import OffsetAndMetadata
from faust.serializers.codecs import Codec as FaustCodec
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage

from schemas.brokers import MECHANISM, Brokers
from schemas.settings import Settings
from streams.runtime.assignor import Copartitioned

_IDLE = 1.0
_MARKING = 5.0
_ANY, _WAIT = 1, 500
"""Bytes that a broker hands over at once, and the milliseconds for which it waits for them; both are aiokafka's own."""
_GATHERED = 256 * 1024
"""Bytes that it hands over at once while it gathers."""
_GATED = 0.05
"""Seconds after which a fetch looks for gates that were opened meanwhile."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """Records of one partition as they came in one fetch, and the generation of the group in which the fetch began."""

    generation: int
    records: list[Any]


class Gate:
    """The partitions that may be fetched now."""

    def __init__(self) -> None:
        """Nothing may."""
        self._open: set[tuple[str, int]] = set()
        self._opened = asyncio.Event()

    def open(self, tps: Iterable[tuple[str, int]]) -> None:
        """Let these be fetched."""
        self._open.update(tps)
        self._opened.set()

    async def opening(self, seconds: float) -> None:
        """Wait until some gate is opened, at most so long."""
        self._opened.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._opened.wait(), seconds)

    def shut(self, tps: Iterable[tuple[str, int]]) -> None:
        """Fetch these no more."""
        self._open.difference_update(tps)

    def among(self, tps: Iterable[TP]) -> set[TP]:
        """Those of some partitions that may be fetched."""
        return {tp for tp in tps if (tp.topic, tp.partition) in self._open}


class _Thread(driver.AIOKafkaConsumerThread):
    def _create_worker_consumer(self, transport: Any) -> aiokafka.AIOKafkaConsumer:  # noqa: ARG002 - the app knows where, and as whom
        conf = self.app.conf
        self._assignor = self.app.assignment
        return aiokafka.AIOKafkaConsumer(
            client_id=conf.broker_client_id,
            group_id=conf.id,
            **self.app.brokers.options(),
            partition_assignment_strategy=[self.app.assignment],
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            max_poll_records=conf.broker_max_poll_records,
            max_poll_interval_ms=int((conf.broker_max_poll_interval or 300) * 1000),
            session_timeout_ms=int(conf.broker_session_timeout * 1000),
            rebalance_timeout_ms=int(conf.broker_rebalance_timeout * 1000),
            heartbeat_interval_ms=int(conf.broker_heartbeat_interval * 1000),
            request_timeout_ms=int(conf.broker_request_timeout * 1000),
            fetch_max_wait_ms=_WAIT,
            metadata_max_age_ms=30_000,
        )

    async def on_thread_stop(self) -> None:
        """Stop the consumer, also when one of its fetches has failed and waits: cancelling that one ends aiokafka's `close` in the middle (deploy/engine.md).

        The thread would then end without saying so, and who waits for it would wait for half a minute.
        """
        try:
            await super().on_thread_stop()
        except asyncio.CancelledError:
            if (me := asyncio.current_task()) and me.cancelling():
                raise
            await self._consumer._client.close()


class _Nothing(dict[TP, Any]):
    """A mapping that remembers nothing, in the place of Faust's read offsets."""

    def __missing__(self, key: TP) -> None:
        return None

    def __setitem__(self, key: TP, value: Any) -> None:
        pass

    def update(self, *_: Any, **__: Any) -> None:
        """Nothing."""


class _Consumer(driver.Consumer):
    gate: Gate

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._read_offset = _Nothing()
        self._began = 0
        self._came = 0.0
        self._fetch: asyncio.Task[Any] | None = None
        self._turn = asyncio.Lock()
        self.turned = time.monotonic()
        """When Faust asked for records last: it does so every second, so long as its loop turns."""

    def behind(self, tp: Any) -> int:
        """How many offsets of a partition are committed by their writers and not fetched, as of the last fetch; markers of transactions count too."""
        consumer = self._thread._consumer
        assignment = consumer._subscription.subscription and consumer._subscription.subscription.assignment
        if not assignment or tp not in assignment.tps:
            return 0
        state = assignment.state_value(tp)
        end = state.highwater if state.lso is None else state.lso
        return max(0, end - state.position) if state.has_valid_position and end is not None else 0

    def _new_consumer_thread(self) -> _Thread:
        return _Thread(self, loop=self.loop, beacon=self.beacon)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, ConsumerMessage]]:
        records, _ = await self._wait_next_records(timeout)
        generation = self._began
        for tp, batch in (records or {}).items():
            if not self.flow_active or self.app.consumer_generation_id != generation:
                return
            if batch:
                yield tp, _message(tp, batch, generation)

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> Any:  # noqa: ARG002 - ours is shorter while gates are shut
        self.turned = time.monotonic()
        self._gather()
        allowed = self.gate.among(active_partitions or ())
        if not allowed:
            await self.gate.opening(_GATED)
            return {}
        gated = active_partitions is not None and len(allowed) < len(active_partitions)
        async with self._turn:
            if self._fetch is None:
                self._began = self.app.consumer_generation_id
                self._fetch = asyncio.ensure_future(super()._getmany(allowed, _GATED if gated else _IDLE))
            await asyncio.shield(asyncio.wait({self._fetch}))
            fetch, self._fetch = self._fetch, None
            if found := fetch.result():
                self._came = time.monotonic()
            return found

    def _gather(self) -> None:
        """Let the broker gather what comes, or hand it over at once: that where there is patience, unless nothing came for a second.

        A fetch costs a millisecond on each side. aiokafka says how long a broker shall wait with each fetch, and has no way to change it.
        """
        seconds = self.app.patience() if time.monotonic() < self._came + _IDLE else 0.0
        fetcher = self._thread._consumer._fetcher
        fetcher._fetch_min_bytes, fetcher._fetch_max_wait_ms = (_GATHERED, int(1000 * seconds)) if seconds > _GATED else (_ANY, _WAIT)

    async def place(self, offsets: Mapping[Any, int]) -> None:
        """Read these partitions on from these offsets, and let them be fetched.

        A fetch that Faust has given up waiting for is handed over with the next; what it holds of these partitions is of before and is read again.
        """
        async with self._turn:
            if self._fetch:
                await asyncio.wait({self._fetch})
            for tp, offset in offsets.items():
                await self.seek(tp, offset)
            self.gate.open(offsets)

    async def mark(self, offsets: Mapping[Any, int]) -> bool:
        """Tell the group how far inputs are read, for whoever watches it; False when it could not be told now, as in a rebalance or of a broker that is away.

        Not by way of Faust's queue of calls: aiokafka asks a broker that is away again and again, and everything behind it in the queue would wait.
        """
        commit = self._thread._consumer.commit({tp: OffsetAndMetadata(offset, "") for tp, offset in offsets.items()})
        try:
            marking = asyncio.run_coroutine_threadsafe(commit, self._thread.thread_loop)
        except RuntimeError:  # Faust has just given up by itself and closed its thread's loop, which the runner will notice
            commit.close()
            return False
        try:
            await asyncio.wait_for(asyncio.wrap_future(marking), _MARKING)
        except (KafkaError, IllegalStateError, TimeoutError):
            return False
        return True

    def ack(self, message: Any) -> bool:
        """Nothing: the task commits offsets."""
        self._unacked_messages.discard(message)
        return True

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Nothing: transaction markers leave gaps everywhere, and nothing counts on consecutive offsets."""

    async def commit(self, *_: Any, **__: Any) -> bool:
        """Nothing: the task commits offsets."""
        return False

    async def force_commit(self, *_: Any, **__: Any) -> bool:
        """Nothing: the task commits offsets."""
        return False

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Nothing: the check takes a partition without Faust's own commits for a dead one."""


def _message(tp: TP, batch: list[Any], generation: int) -> ConsumerMessage:
    last = batch[-1]
    seconds = last.timestamp / 1000.0
    value = Fetched(generation, batch)
    return ConsumerMessage(last.topic, last.partition, last.offset, seconds, last.timestamp_type, [], b"", value, None, 0, 0, tp, generation_id=generation)


def _credentials(brokers: Brokers) -> Any:
    """The login as Faust's own connections want it, of which there are none but that of a producer that sends nothing."""
    if brokers.login is None:
        return None
    if brokers.login.certificate:
        return faust.SSLCredentials(brokers.login.context())
    return faust.SASLCredentials(username=brokers.login.principal, password=brokers.login.secret, ssl_context=brokers.login.context(), mechanism=MECHANISM)


class _Transport(driver.Transport):
    Consumer = _Consumer


class _AsItIs(FaustCodec):
    """The list of records goes through Faust untouched."""

    def _loads(self, s: Any) -> Any:
        return s

    def _dumps(self, s: Any) -> Any:
        return s


class App(faust.App):
    """The Faust app of one stage, whose agent hands each batch to `deliver`."""

    def __init__(
        self, name: str, brokers: Brokers, topics: Mapping[str, str], settings: Settings, deliver: Callable[[Fetched], Any],
        patience: Callable[[], float] = lambda: 0.0,
    ) -> None:  # fmt: skip
        """Make the app `name` (also the consumer group) reading the physical names of `topics`; `patience` are seconds for which a broker may gather."""
        self.patience = patience
        self.gate = Gate()
        self.brokers = brokers
        self.assignment = Copartitioned.of_its_own()
        super().__init__(
            name,
            broker=[f"kafka://{broker}" for broker in brokers.servers.split(",")],
            broker_credentials=_credentials(brokers),
            store="memory://",
            datadir=settings.home / "faust",
            topic_allow_declare=False,
            topic_disable_leader=True,
            web_enabled=False,
            autodiscover=False,
            broker_max_poll_records=2 * settings.batch_size,
            broker_session_timeout=settings.session_timeout,
            broker_heartbeat_interval=settings.session_timeout / 4,
            broker_rebalance_timeout=settings.session_timeout * 3,
            broker_request_timeout=max(30.0, settings.session_timeout * 2),
            broker_max_poll_interval=300.0,
            stream_wait_empty=False,
            stream_buffer_maxsize=64,
        )
        channel = self.topic(*topics.values(), key_type=None, value_type=None, key_serializer=_AsItIs(), value_serializer=_AsItIs(), internal=False)

        async def hand_over(stream: Any) -> None:
            async for batch in stream:
                await deliver(cast("Fetched", batch))

        self.agent(channel, name="tasks")(hand_over)

    def _new_transport(self) -> Any:
        return _Transport(self.conf.broker_consumer, self)

    def _new_consumer(self) -> Any:
        consumer = super()._new_consumer()
        consumer.gate = self.gate
        return consumer
