"""The receiving end of a webhook, as an agency would write it: checks the signature, and holds what stands."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receiver:
    """A server on a free loopback port. `held` is what stands, by person and purpose; `answers` counts answers by status."""

    def __init__(self, secret: bytes) -> None:
        """Take the secret that signs deliveries, and listen."""
        self.held: dict[tuple[str, str], dict[str, Any]] = {}
        self.answers: dict[int, int] = {}
        self._secret = secret
        self._lock = threading.Lock()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                self.send_response(receiver._take(body, self.headers.get("Lianfang-Time", ""), self.headers.get("Lianfang-Signature", "")))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
                """Nothing: what arrives is about persons."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Where to deliver."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/releases"

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def _take(self, body: bytes, moment: str, signature: str) -> int:
        status = 204 if hmac.compare_digest(signature, hmac.new(self._secret, moment.encode() + b"." + body, hashlib.sha256).hexdigest()) else 401
        with self._lock:
            self.answers[status] = self.answers.get(status, 0) + 1
            if status == 204:
                release = json.loads(body)
                key = (release["person"], release["purpose"])
                if release["retracted"]:
                    self.held.pop(key, None)
                else:
                    self.held[key] = release
        return status
