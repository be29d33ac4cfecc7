"""What every command that keeps running offers to those who operate it.

    GET /metrics    for Prometheus
    GET /health     200 while the process lives, else 503: then start it again
    GET /ready      200 while it does its work, else 503

The last two answer JSON that says why not. They run in a thread of their own, so that they answer also when the rest does not. Away from loopback they answer
401 to whoever has no token, or speak with nobody who shows no certificate (`deploy.operate.door.operators`).
"""

from __future__ import annotations

import hmac
import json
import shutil
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from deploy.cli.output import Problem
from deploy.operate.door import loopback, operators
from schemas import metrics
from schemas.measures import CONTENT_TYPE, Measures
from schemas.metrics import OfPart, Part
from schemas.settings import Settings

_PATIENCE = 10.0
"""Seconds after which a client that does not send its request is left."""
_UNKNOWN = 401, "application/json", json.dumps({"problem": "send the header Authorization: Bearer with the token of LIANFANG_METRICS_TOKEN_FILE"}).encode()


@dataclass(frozen=True)
class Offers:
    """What a command says of itself: measures, why it does not live, why it is not ready (nothing when it is), and what else belongs to that answer."""

    part: Part
    measures: Measures
    dead: Callable[[], list[str]]
    unready: Callable[[], list[str]]
    more: Callable[[], dict[str, Any]] = dict

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """Status, content type and body of a GET."""
        if path == "/metrics":
            return 200, CONTENT_TYPE, self.measures.text()
        if path == "/health":
            return _told("alive", self.dead(), {})
        if path == "/ready":
            return _told("ready", self.unready(), self.more())
        return 404, "application/json", json.dumps({"problem": "there are /metrics, /health and /ready"}).encode()


def _told(word: str, why: list[str], more: dict[str, Any]) -> tuple[int, str, bytes]:
    return 503 if why else 200, "application/json", json.dumps({word: not why, "why": why} | more, ensure_ascii=False).encode()


@contextmanager
def offered(offers: Offers, settings: Settings, tell: Callable[[str], None]) -> Iterator[None]:
    """Offer the endpoints while the block runs, if the settings name a port; raises Problem when it is taken."""
    offers.measures.look(lambda: _disk(offers, settings.home))
    if settings.metrics_port is None:
        yield
        return
    offers.measures.of_process()
    token, secured = operators(settings)
    if secured is None and not loopback(settings.metrics_host):
        tell("WARNING: metrics and the token for them go in the clear; set LIANFANG_METRICS_CERTIFICATE, or let what stands in front of it speak TLS")
    server = _server(offers, settings.metrics_host, settings.metrics_port, token, secured)
    thread = threading.Thread(target=server.serve_forever, name="endpoints", daemon=True)
    thread.start()
    scheme = "https" if secured else "http"
    tell(f"{offers.part} offers /metrics, /health and /ready on {scheme}://{settings.metrics_host}:{server.server_address[1]}")
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _disk(offers: Offers, home: Path) -> None:
    if home.exists():
        offers.measures.set(metrics.DISK_FREE, OfPart(offers.part), shutil.disk_usage(home).free)


def _server(offers: Offers, host: str, port: int, token: str | None, secured: ssl.SSLContext | None) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        """Answers one connection."""

        timeout = _PATIENCE

        def do_GET(self) -> None:
            """Answer, whatever comes after a question mark."""
            carried = self.headers.get("Authorization", "")
            admitted = token is None or hmac.compare_digest(carried.encode(), f"Bearer {token}".encode())
            status, kind, body = offers.answer(self.path.partition("?")[0]) if admitted else _UNKNOWN
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing: what a client asks for may be anything."""

    class Server(ThreadingHTTPServer):
        """Lets go of clients when it closes."""

        daemon_threads = True

        def finish_request(self, request: Any, client_address: Any) -> None:
            """Answer; the handshake is made here, in the thread of the client, so that one who makes none holds up nobody."""
            if secured is None:
                super().finish_request(request, client_address)
                return
            request.settimeout(_PATIENCE)
            with secured.wrap_socket(request, server_side=True) as wrapped:
                super().finish_request(wrapped, client_address)

        def handle_error(self, *_: Any) -> None:
            """Nothing: the client has left."""

    try:
        return Server((host, port), Handler)
    except OSError as error:
        raise Problem(f"cannot offer metrics on {host}:{port} ({error.strerror}); LIANFANG_METRICS_PORT names another, 0 takes a free one") from error
