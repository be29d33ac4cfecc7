"""Virtual time, and processes that are killed and frozen in it: one event loop, and every callback belongs to a process or to the world outside."""

from __future__ import annotations

import asyncio
import heapq
from asyncio import events
from collections.abc import Callable, Coroutine
from contextvars import Context, ContextVar
from functools import partial
from typing import Any

OUTSIDE = Context()
"""The context of what belongs to no process: the broker, the network, the driver of a schedule."""


class Killed(BaseException):
    """The process was killed in the middle of a call; no `except` of the runtime is for it."""


class Process:
    """One worker from its start to its death. What a dead one has still to do is dropped, what a frozen one has to do waits until it is woken."""

    def __init__(self, loop: Loop, name: str, slot: int) -> None:
        """Take its name, and the number of its folder, which the one that comes after it has too."""
        self._loop = loop
        self.name, self.slot = name, slot
        self.alive, self.frozen = True, False
        self.parked: list[events.Handle] = []
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
        self.parked.clear()


PROCESS: ContextVar[Process] = ContextVar("process")


class Loop(asyncio.BaseEventLoop):
    """An event loop whose time goes on when there is nothing more to do at a moment; a thread is a call in the middle of its virtual duration."""

    def __init__(self, busy: Callable[[], float]) -> None:
        """`busy` says how many seconds the next call in a thread takes."""
        super().__init__()  # type: ignore[no-untyped-call] - untyped in typeshed
        self._busy = busy
        self._now = 0.0
        self.ended = False
        self.faults: list[BaseException] = []
        self.set_exception_handler(lambda _, context: self._note(context))

    def time(self) -> float:
        """Virtual seconds since the beginning."""
        return self._now

    def take(self, handles: list[events.Handle]) -> None:
        """Run these soon."""
        self._ready.extend(handles)

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:  # type: ignore[override] - without threads
        """Call directly, half the duration from now, and answer after the other half."""
        answer: asyncio.Future[Any] = self.create_future()
        seconds = self._busy() / 2
        self.call_later(seconds, self._compute, partial(func, *args), answer, seconds)
        return answer

    def _compute(self, work: Callable[[], Any], answer: asyncio.Future[Any], seconds: float) -> None:
        try:
            settle = partial(answer.set_result, work())
        except Exception as error:  # noqa: BLE001 - as a thread of an executor does: whoever awaits gets it
            settle = partial(answer.set_exception, error)
        self.call_later(seconds, lambda: None if answer.done() else settle())

    def _run_once(self) -> None:
        """One turn of the loop, as asyncio's, but without waiting, and with handles of dead processes dropped and of frozen ones parked."""
        ready, scheduled = self._ready, self._scheduled
        while scheduled and scheduled[0]._cancelled:
            self._timer_cancelled_count -= 1
            heapq.heappop(scheduled)._scheduled = False
        if not ready and scheduled:
            self._now = max(self._now, scheduled[0]._when)
        elif not ready and not self._stopping:
            raise RuntimeError("nothing will ever happen again")
        while scheduled and scheduled[0]._when <= self._now:
            handle = heapq.heappop(scheduled)
            handle._scheduled = False
            ready.append(handle)
        for _ in range(len(ready)):
            handle = ready.popleft()
            if not handle._cancelled:
                self._run(handle)

    def _run(self, handle: events.Handle) -> None:
        process = handle._context.get(PROCESS)  # type: ignore[attr-defined] - private in typeshed
        if process is None or self.ended or (process.alive and not process.frozen):
            handle._run()
        elif process.alive:
            process.parked.append(handle)

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
    loop.ended = True
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
