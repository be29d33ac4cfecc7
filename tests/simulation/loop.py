"""Virtual time, and processes that are killed and frozen in it: one event loop, and every callback belongs to a process or to the world outside."""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context, ContextVar, copy_context
from functools import partial
from itertools import count
from typing import Any, TypeVar

T = TypeVar("T")
OUTSIDE = Context()
"""The context of what belongs to no process: the broker, the network, the driver of a schedule."""


class Killed(BaseException):
    """The process was killed in the middle of a call; no `except` of the runtime is for it."""


class Call:
    """Something to be done in a context: what asyncio's handles are, and a fifth of their cost."""

    __slots__ = ("args", "callback", "context", "done")

    def __init__(self, callback: Callable[..., object], args: tuple[Any, ...], context: Context | None) -> None:
        """Take what is to be called, and in which context; unset, it is the present one."""
        self.callback, self.args = callback, args
        self.context = copy_context() if context is None else context
        self.done = False

    def cancel(self) -> None:
        """Do not do it."""
        self.done = True


class Process:
    """One worker from its start to its death. What a dead one has still to do is never done, what a frozen one has to do waits until it is woken."""

    def __init__(self, loop: Loop, name: str, slot: int) -> None:
        """Take its name, and the number of its folder, which the one that comes after it has too."""
        self._loop = loop
        self.name, self.slot = name, slot
        self.alive, self.frozen = True, False
        self.stop: Callable[[], object] = self.die
        self.parked: list[Call] = []
        self._context = Context()
        self._context.run(PROCESS.set, self)

    def start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run something as part of this process."""
        return self._loop.create_task(work, context=self._context)

    def call(self, callback: Callable[[], object]) -> None:
        """Run something of this process soon."""
        self._loop.call_soon(callback, context=self._context)

    def freeze(self) -> None:
        """As SIGSTOP does it."""
        self.frozen = True

    def wake(self) -> None:
        """As SIGCONT does it: it goes on where it was, and all its timers that are over come at once."""
        self.frozen = False
        parked, self.parked = self.parked, []
        self._loop.take(parked)

    def die(self) -> None:
        """As SIGKILL does it."""
        self.alive, self.frozen = False, False


PROCESS: ContextVar[Process] = ContextVar("process")


class Loop(asyncio.BaseEventLoop):
    """An event loop whose time goes on when there is nothing more to do at a moment; a thread is a call in the middle of its virtual duration."""

    _stopping: bool

    def __init__(self, busy: Callable[[], float], around: Callable[[str], None]) -> None:
        """`busy` says how many seconds the next call in a thread takes; `around` is called before and after each, and may raise Killed."""
        super().__init__()
        self._busy, self._around = busy, around
        self._now = 0.0
        self.ended = False
        self._calls: deque[Call] = deque()
        self._timers: list[tuple[float, int, Call]] = []
        self._count = count()
        self._parked: set[Process] = set()
        self.faults: list[BaseException] = []
        self.set_exception_handler(lambda _, context: self._note(context))

    def time(self) -> float:
        """Virtual seconds since the beginning."""
        return self._now

    def take(self, calls: list[Call]) -> None:
        """Do these soon."""
        self._calls.extend(calls)

    def end(self) -> None:
        """From now on everybody may run, so that everything can be cancelled."""
        self.ended = True
        for process in self._parked:
            process.wake()

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:  # type: ignore[override]  # without threads
        """Call directly, half the duration from now, and answer after the other half."""
        self._around("before")
        answer: asyncio.Future[Any] = self.create_future()
        seconds = self._busy() / 2
        self.call_later(seconds, self._compute, partial(func, *args), answer, seconds)
        return answer

    def _compute(self, work: Callable[[], Any], answer: asyncio.Future[Any], seconds: float) -> None:
        try:
            settle = partial(answer.set_result, work())
        except Exception as error:  # noqa: BLE001 - as a thread of an executor does: whoever awaits gets it
            settle = partial(answer.set_exception, error)
        self._around("after")
        self.call_later(seconds, lambda: None if answer.done() else settle())

    def call_at(self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None) -> Call:  # type: ignore[override]
        """As asyncio's, with timers of one moment in the order in which they were asked for."""
        call = Call(callback, args, context)
        heapq.heappush(self._timers, (when, next(self._count), call))
        return call

    def call_later(self, delay: float, callback: Callable[..., object], *args: Any, context: Context | None = None) -> Call:  # type: ignore[override]
        """As asyncio's."""
        return self.call_at(self._now + delay, callback, *args, context=context)

    def call_soon(self, callback: Callable[..., object], *args: Any, context: Context | None = None) -> Call:  # type: ignore[override]
        """As asyncio's."""
        call = Call(callback, args, context)
        self._calls.append(call)
        return call

    def _run_once(self) -> None:
        """Run until stopped: as asyncio's turns, but without waiting, and with the calls of dead and frozen processes parked."""
        calls, timers = self._calls, self._timers
        while not self._stopping:
            if not calls:
                self._pass()
            for _ in range(len(calls)):
                call = calls.popleft()
                if not call.done:
                    process = call.context.get(PROCESS)
                    if process is None or (process.alive and not process.frozen) or self.ended:
                        self._do(call)
                    else:
                        process.parked.append(call)
                        self._parked.add(process)
            while timers and timers[0][0] <= self._now:
                calls.append(heapq.heappop(timers)[2])

    def _do(self, call: Call) -> None:
        try:
            call.context.run(call.callback, *call.args)
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:  # noqa: BLE001 - kept, as asyncio's handles do it
            self._note({"exception": error})

    def _pass(self) -> None:
        """Let time go on to the next timer."""
        timers = self._timers
        while timers and timers[0][2].done:
            heapq.heappop(timers)
        if not timers:
            raise RuntimeError("nothing will ever happen again")
        self._now = max(self._now, timers[0][0])

    def _note(self, context: dict[str, Any]) -> None:
        """Keep what nobody waited for, unless it ended with its process."""
        error = context.get("exception")
        if error is not None and not self.ended and not isinstance(error, Killed):
            self.faults.append(error)

    def _process_events(self, event_list: Any) -> None:
        """There is no network."""

    def _write_to_self(self) -> None:
        """There are no other threads."""


def drain(loop: Loop) -> None:
    """End everything that still waits, of living and dead processes, so that nothing is left over for the garbage collector."""
    loop.end()
    for _ in range(100):
        waiting = [task for task in asyncio.all_tasks(loop) if not task.done()]
        if not waiting:
            break
        for task in waiting:
            task.cancel()
        loop.run_until_complete(asyncio.wait(waiting, timeout=1000))
    else:
        raise RuntimeError(f"these do not end when they are cancelled: {[task.get_coro() for task in waiting]}")
    loop.close()


def virtual(work: Coroutine[Any, Any, T]) -> T:
    """What comes out of some work in a loop whose time is virtual, and in which threads take none."""
    loop = Loop(lambda: 0.0, lambda _: None)
    try:
        return loop.run_until_complete(work)
    finally:
        drain(loop)
