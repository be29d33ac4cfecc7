"""What stands for Faust and the broker's group coordinator: members of a stage's group, rebalances, and fetching."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from aiokafka import TopicPartition
from aiokafka.coordinator.protocol import ConsumerProtocolMemberMetadata
from aiokafka.errors import CommitFailedError, KafkaError

from streams.runtime.assignor import Copartitioned
from streams.runtime.engine import Fetched, Gate
from tests.simulation.loop import OUTSIDE, PROCESS, Loop, Process
from tests.simulation.network import Waking

if TYPE_CHECKING:
    from tests.simulation.world import World

_LONG_POLL = 0.5
_SELDOM, _LONG = 0.05, 2.0
"""How often something in Faust takes long, and how many seconds."""


class Signal:
    """Calls whoever is connected, one after another."""

    def __init__(self) -> None:
        """Nobody is."""
        self._receivers: list[Callable[..., Awaitable[None]]] = []

    def connect(self, receiver: Callable[..., Awaitable[None]]) -> None:
        """Call this too."""
        self._receivers.append(receiver)

    async def send(self, *arguments: Any) -> None:
        """Call them."""
        for receiver in self._receivers:
            await receiver(*arguments)


class Group:
    """The coordinator of one consumer group: a rebalance takes all members that join in time, and assigns as `Copartitioned` does."""

    def __init__(self, loop: Loop, topics: Mapping[str, int], patience: float) -> None:
        """Take the inputs with their numbers of partitions, and how many seconds a member may take to join."""
        self._loop, self._topics, self._patience = loop, topics, patience
        self.members: dict[str, App] = {}
        self._joined: set[str] | None = None
        self._round = 0
        self.generation = 0

    def join(self, app: App) -> None:
        """A member joins, for the first time or in a rebalance."""
        new = app.member not in self.members
        self.members[app.member] = app
        if new or self._joined is None:
            self._begin(app.member)
        assert self._joined is not None
        self._joined.add(app.member)
        self._complete(late=False)

    def has(self, member: str, generation: int) -> bool:
        """Whether somebody is a member in this generation, and it is not over; who is a member and believes in another is told to join again."""
        if member in self.members and generation != self.generation and self._joined is None:
            self.members[member].tell(("rejoin",))
        return member in self.members and generation == self.generation and self._joined is None

    def leave(self, member: str) -> None:
        """A member leaves, or its session has ended."""
        if self.members.pop(member, None) is not None and self.members:
            self._begin()
            self._complete(late=False)

    def expel(self, process: Process) -> None:
        """The sessions of a process have ended; it learns of it when it asks next."""
        for member, app in list(self.members.items()):
            if app.process is process:
                self.leave(member)
                app.tell(("rejoin",))

    def _begin(self, but: str = "") -> None:
        if self._joined is None:
            self._joined = set()
            self._round += 1
            now = self._round
            self._loop.call_later(self._patience, lambda: self._complete(late=True) if now == self._round else None, context=OUTSIDE)
            for member, app in self.members.items():
                if member != but:
                    app.tell(("rejoin",))

    def _complete(self, late: bool) -> None:
        if self._joined is None or (not late and self._joined < set(self.members)):
            return
        for member in [member for member in self.members if member not in self._joined]:
            self.members.pop(member).tell(("rejoin",))
        self._joined = None
        self._round += 1
        self.generation += 1
        self._assign()

    def _assign(self) -> None:
        metadata = {member: ConsumerProtocolMemberMetadata(0, list(self._topics), b"") for member in self.members}
        cluster = SimpleNamespace(partitions_for_topic=lambda topic: set(range(self._topics[topic])))
        for member, assignment in (Copartitioned.assign(cluster, metadata) if metadata else {}).items():
            self.members[member].tell(("assigned", self.generation, assignment))


class App:
    """A member as the runner sees it: `engine.App` with its consumer in one."""

    def __init__(self, name: str, world: World, deliver: Callable[[Fetched], Awaitable[None]]) -> None:
        """Take the group's name, the world it is in, and where fetched records go."""
        self.process = PROCESS.get()
        self.member = f"{self.process.name}.{next(world.numbers)}"
        self._group = world.groups[name]
        self._name, self._broker, self._deliver = name, world.broker, deliver
        self._network = world.network
        self._rng = world.rng
        self.gate = Gate()
        self.assignment = Copartitioned.of_its_own()
        self.consumer = self
        self.consumer_generation_id = 0
        self.on_partitions_revoked, self.on_partitions_assigned = Signal(), Signal()
        self.should_stop = False
        self.crash_reason: BaseException | None = None
        self._at: dict[TopicPartition, int] = {}
        self._news: asyncio.Queue[tuple[Any, ...]] = asyncio.Queue()
        self._fetched: asyncio.Queue[Fetched] = asyncio.Queue()
        self._turn = asyncio.Lock()
        self._work: list[asyncio.Task[None]] = []

    @property
    def gate(self) -> Gate:
        """The gate, which the runner may put in the place of another."""
        return self._gate

    @gate.setter
    def gate(self, gate: Gate) -> None:
        self._gate = gate
        self._waking = Waking(gate)

    def tell(self, news: tuple[Any, ...]) -> None:
        """The coordinator says something, which the member hears at its next heartbeat."""
        self._network.later(lambda: self._news.put_nowait(news))

    async def start(self) -> None:
        """Join the group, and fetch."""
        self._work = [asyncio.create_task(work) for work in (self._belong(), self._fetch(), self._hand_over())]

    async def stop(self) -> None:
        """Leave the group."""
        self.should_stop = True
        for work in self._work:
            work.cancel()
        if self._work:
            await asyncio.wait(self._work)
        await asyncio.shield(self._ask(lambda: self._group.leave(self.member)))

    async def place(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Read these partitions on from these offsets, and let them be fetched; waits for the fetch under way."""
        async with self._turn:
            self._at.update({tp: offset for tp, offset in offsets.items() if tp in self._at})
            self.gate.open(offsets)

    async def mark(self, offsets: Mapping[TopicPartition, int]) -> bool:
        """Tell the coordinator how far inputs are read, when they are this member's and the network lets it."""
        generation = self.consumer_generation_id
        if not self._at.keys() >= offsets.keys():
            return False

        def mark() -> None:
            if not self._group.has(self.member, generation):
                raise CommitFailedError
            self._broker.mark(self._name, offsets)

        try:
            await self._network.ask("offsets", mark)
        except KafkaError:
            return False
        return True

    async def highwaters(self, *parts: TopicPartition) -> dict[TopicPartition, int]:
        """The ends of what is committed, told at once."""
        return {tp: self._broker.logs[tp].stable for tp in parts}

    def _ask(self, action: Callable[[], None]) -> asyncio.Future[None]:
        """Ask the coordinator, over one connection: who joins and then leaves is not joined for ever because the two pass each other."""
        return self._network.send("group", action, order=self.member)

    async def _belong(self) -> None:
        """Be a member: the callbacks of a rebalance come one after another."""
        await self._ask(lambda: self._group.join(self))
        while True:
            news = await self._news.get()
            if news[0] == "rejoin":
                await self.on_partitions_revoked.send(self, set(self._at))
                self._at = {}
                await self._ask(lambda: self._group.join(self))
            else:
                await self._assigned(*news[1:])

    async def _assigned(self, generation: int, assignment: Any) -> None:
        self.consumer_generation_id = generation
        self.assignment.on_assignment(assignment)
        mine = [TopicPartition(topic, partition) for topic, partitions in assignment.assignment for partition in partitions]
        self._at = dict.fromkeys(mine, 0)
        await self.on_partitions_assigned.send(self, set(mine))
        await self._seek_back(mine)

    async def _seek_back(self, mine: list[TopicPartition]) -> None:
        """Go back to what is committed, as Faust does at the end of a rebalance, whether or not tasks have begun."""
        offsets = await self._network.send("fetch", lambda: {tp: self._broker.committed(self._name, tp) or 0 for tp in mine})
        await self._dawdle()
        self._at.update(offsets)

    async def _fetch(self) -> None:
        """Fetch what the gates let through, for ever; what came is of the generation in which its fetch began."""
        while True:
            allowed = sorted(self.gate.among(self._at))
            if not allowed:
                await self._network.change((), _LONG_POLL, self._waking)
                continue
            async with self._turn:
                generation, begun = self.consumer_generation_id, {tp: self._at[tp] for tp in allowed}
                found = await self._read(begun)
                for tp, (records, end) in found.items():
                    if self._at.get(tp) == begun[tp]:
                        self._at[tp] = end
                        if records:
                            self._fetched.put_nowait(Fetched(generation, records))
            if all(end == begun[tp] for tp, (_, end) in found.items()):
                await self._network.change([self._broker.logs[tp] for tp in allowed], _LONG_POLL, self._waking)

    async def _read(self, begun: Mapping[TopicPartition, int]) -> dict[TopicPartition, tuple[list[Any], int]]:
        most = self._rng.choice((1, 5, 100))
        fault = await self._network.faults.before("fetch")
        try:
            return await self._network.send("fetch", lambda: {tp: self._broker.logs[tp].read(at, most) for tp, at in begun.items()}, fault)
        except KafkaError:
            return {}  # aiokafka fetches again by itself

    async def _hand_over(self) -> None:
        """Bring what was fetched to the task, after a while in Faust's stream."""
        while True:
            fetched = await self._fetched.get()
            await self._dawdle()
            await self._deliver(fetched)

    async def _dawdle(self) -> None:
        """Wait a moment, and now and then as long as a rebalance takes."""
        await asyncio.sleep(self._network.delay() if self._rng.random() > _SELDOM else self._rng.random() * _LONG)
