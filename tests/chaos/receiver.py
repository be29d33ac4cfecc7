"""An agency's webhook that can be away, slow, broken, or break off in the middle of an answer; holds what stands as an honest receiver does."""

from __future__ import annotations

import hmac
import json
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from connectors.webhook import signature

MODES = ("away", "error", "slow", "half")
"""Ends every connection without an answer; answers 500, now and then although it took the release; answers after a time; answers by half although it took it."""
_SLOW = 3.0


class Receiver:
    """A server on a free loopback port. A repeat, known by its idempotency key, is counted and changes nothing."""

    def __init__(self, secret: bytes) -> None:
        """Take the secret that signs deliveries, and listen."""
        self.held: dict[tuple[str, str], dict[str, Any]] = {}
        self.reached: dict[int, int] = {}
        """By partition the last offset whose release was taken."""
        self.answers: Counter[str] = Counter()
        self.mode = ""
        self.accepted = self.repeats = 0
        self.last_taken = 0.0
        """When the last one was taken that was no repeat, by our clock."""
        self._seen: set[str] = set()
        self._secret, self._lock = secret, threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True, name="receiver").start()

    @property
    def url(self) -> str:
        """Where to deliver."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/releases"

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def take(self, body: bytes, key: str, moment: str, signed: str) -> int:
        """Take a delivery; the status to answer."""
        if not hmac.compare_digest(signed, signature(self._secret, moment, body)):
            return 401
        with self._lock:
            if key in self._seen:
                self.repeats += 1
                return 204
            self._seen.add(key)
            self.accepted += 1
            self.last_taken = time.monotonic()
            _, partition, offset = key.rsplit("-", 2)
            self.reached[int(partition)] = max(int(offset), self.reached.get(int(partition), -1))
            release = json.loads(body)
            if release["retracted"]:
                self.held.pop((release["person"], release["purpose"]), None)
            else:
                self.held[release["person"], release["purpose"]] = release
        return 204


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body, mode = self.rfile.read(int(self.headers.get("Content-Length", "0"))), receiver.mode
            receiver.answers[mode or "taken"] += 1
            key = self.headers.get("Idempotency-Key", "")
            if mode == "away" or (mode == "error" and hash(key) % 2):
                self._answer(500 if mode == "error" else 0)
                return
            if mode == "slow":
                time.sleep(_SLOW)
            status = receiver.take(body, key, self.headers.get("Lianfang-Time", ""), self.headers.get("Lianfang-Signature", ""))
            self._answer(500 if mode == "error" else status, broken=mode == "half")

        def _answer(self, status: int, *, broken: bool = False) -> None:
            self.close_connection = broken or not status
            if status:
                self.send_response(200 if broken else status)
                self.send_header("Content-Length", "64" if broken else "0")
                self.end_headers()
                self.wfile.write(b"half of it" if broken else b"")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
            """Nothing: what arrives is about persons."""

    return Handler
