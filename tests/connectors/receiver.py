"""A webhook on this machine that answers as a test tells it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Plan = Callable[["Asked"], "int | tuple[int, dict[str, str]] | None"]
"""What to answer: a status, a status with headers, or None to hang up in the middle."""


class Asked:
    """One request."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        self.headers = {name.lower(): value for name, value in handler.headers.items()}
        self.body = handler.rfile.read(int(self.headers["content-length"]))
        self.value: dict[str, Any] = json.loads(self.body)
        self.key = self.headers["idempotency-key"]


class Hook:
    """The webhook, and what it was asked in order."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.asked: list[Asked] = []
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()
        self.url = ""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        asked = Asked(handler)
        with self.lock:
            self.asked.append(asked)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        plan = self.plan(asked)
        with self.lock:
            self.at_once -= 1
        status, headers = plan if isinstance(plan, tuple) else (plan or 200, {})
        handler.send_response(status)
        for name, value in ({"Content-Length": "2"} | headers).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(b"o" if plan is None else b"ok")

    @property
    def people(self) -> list[tuple[str, str]]:
        """Person and release of each request."""
        return [(one.value["person"], one.value["id"]) for one in self.asked]


@contextmanager
def listening(plan: Plan) -> Iterator[Hook]:
    """A webhook on a free port."""
    hook = Hook(plan)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            hook.answer(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the library calls it
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    hook.url = f"http://127.0.0.1:{server.server_port}/lianfang"
    try:
        yield hook
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def after(first: int, then: int = 200) -> Plan:
    """`first` at the first attempt of each message, `then` afterwards."""
    seen: set[str] = set()

    def plan(asked: Asked) -> int:
        new = asked.key not in seen
        seen.add(asked.key)
        return first if new else then

    return plan


def slowly(seconds: float) -> Plan:
    """200, after a while."""

    def plan(_: Asked) -> int:
        time.sleep(seconds)
        return 200

    return plan
