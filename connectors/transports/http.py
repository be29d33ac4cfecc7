"""The HTTP intake: records by POST, 202 only after the broker has acknowledged them.

    POST /v1/sources/{source}/records    one JSON object, an array of them, or JSON Lines; gzip as Content-Encoding
    GET  /v1/sources                     what can be sent, with examples
    GET  /healthz, /readyz               whether the process lives, whether the broker answers

202 all are taken. 422 some are not: the answer names every bad field of every bad item, the good ones were taken, and the bad ones lie in `reject`. 400 no JSON at
all. 401 no or a wrong token. 404 no such source. 413 too large. 415 another content type. 429 too many requests at once and 503 broker away, both with Retry-After:
nothing is known to be taken then, and the same request again changes nothing but that.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Any

from aiohttp import web

from connectors.envelope import Item, envelopes
from connectors.publish import CannotPublish, Publisher
from connectors.transports.documents import array
from schemas.document import load
from schemas.models.raw import Raw, Reason
from schemas.source import Source
from schemas.tokens import Keys

Check = Callable[[Source, Mapping[str, Any]], Sequence[Reason]]
_TYPES = {"application/json", "application/x-ndjson", "application/jsonl"}


class Intake:
    """The handlers, and what they share."""

    def __init__(
        self, sources: Mapping[str, Source], keys: Keys, publisher: Callable[[], Publisher], check: Check, *, token: str | None, max_waiting: int
    ) -> None:
        """Take the sources, how to connect, how to check a record's meaning, the bearer token (None: open), and how many requests may wait."""
        self._sources, self._keys, self._check, self._token = sources, keys, check, token
        self._connect = publisher
        self._publisher: Publisher | None = None
        self._sending = asyncio.Lock()
        self._waiting = 0
        self._max_waiting = max_waiting

    def app(self, max_bytes: int) -> web.Application:
        """The application, refusing bodies over `max_bytes`."""
        app = web.Application(client_max_size=max_bytes)
        app.add_routes([
            web.post("/v1/sources/{source}/records", self.take), web.get("/v1/sources", self.list), web.get("/healthz", self.alive), web.get("/readyz", self.ready),
        ])  # fmt: skip
        return app

    async def take(self, request: web.Request) -> web.Response:
        """POST records."""
        refusal = self._refusal(request)
        if refusal:
            return refusal
        source = self._sources[request.match_info["source"]]
        self._waiting += 1
        try:
            body = await request.read()
            found = _bodies(body, request.content_type)
            if not found:
                return _problem(400, "the body holds no record: send a JSON object, an array of objects, or one object a line")
            raws = [list(envelopes(source, Item(one), self._keys)) for one in found]
            await self._publish([raw for group in raws for raw in group])
        except web.HTTPRequestEntityTooLarge:
            return _problem(413, "the body is too large: send fewer records at once")
        except CannotPublish:
            self._publisher = None
            return _problem(503, "the broker does not answer: send the same again later", {"Retry-After": "5"})
        finally:
            self._waiting -= 1
        items = [self._item(source, number, one, group) for number, (one, group) in enumerate(zip(found, raws, strict=True))]
        return web.json_response({"items": items}, status=202 if all(item["accepted"] for item in items) else 422)

    async def list(self, _: web.Request) -> web.Response:
        """GET the sources."""
        return web.json_response([
            {"source": one.name, "says": one.says, "says_zh": one.says_zh, "kind": one.kind, "id": one.id, "example": one.examples[0].given} for one in self._sources.values()
        ])  # fmt: skip

    async def alive(self, _: web.Request) -> web.Response:
        """GET whether the process lives."""
        return web.json_response({"alive": True})

    async def ready(self, _: web.Request) -> web.Response:
        """GET whether records can be taken."""
        try:
            await self._publish([])
        except CannotPublish:
            return _problem(503, "the broker does not answer", {"Retry-After": "5"})
        return web.json_response({"ready": True})

    def _refusal(self, request: web.Request) -> web.Response | None:
        sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if self._token is not None and not hmac.compare_digest(sent.encode(), self._token.encode()):
            return _problem(401, "send the header Authorization: Bearer with the token that you were given", {"WWW-Authenticate": "Bearer"})
        if request.match_info["source"] not in self._sources:
            return _problem(404, f"no such source; there are {', '.join(self._sources)}")
        if request.content_type not in _TYPES:
            return _problem(415, f"send {' or '.join(sorted(_TYPES))}")
        if self._waiting >= self._max_waiting:
            return _problem(429, "too many requests at once: send again after a while", {"Retry-After": "1"})
        return None

    async def _publish(self, raws: list[Raw]) -> None:
        """Publish and wait for the acknowledgements, one request after the other; the broker's client blocks, so it runs in a thread."""
        async with self._sending:
            await asyncio.to_thread(self._blocking, raws)

    def _blocking(self, raws: list[Raw]) -> None:
        self._publisher = self._publisher or self._connect()
        self._publisher.publish(raws)

    def _item(self, source: Source, number: int, body: bytes, raws: list[Raw]) -> dict[str, Any]:
        problems: list[dict[str, str]] = []
        for raw in raws:
            reasons = [Reason(field="", problem=raw.fault)] if raw.fault else [] if raw.retracts else self._check(source, load(raw.body))
            problems += [{"field": reason.field, "problem": reason.problem} for reason in reasons]
        return {"item": number, "accepted": not problems, "records": [raw.record for raw in raws], "problems": problems}


def _bodies(body: bytes, kind: str) -> list[bytes]:
    """The bytes of each record in a body; what is no JSON is one record, which its envelope will call faulty."""
    if kind != "application/json":
        return [line for line in body.splitlines() if line.strip()]
    if not body.strip().startswith(b"["):
        return [body.strip()] if body.strip() else []

    return [item.body for item in array(BytesIO(), body.strip()[1:])]


def _problem(status: int, problem: str, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.Response(status=status, text=json.dumps({"problem": problem}), content_type="application/json", headers=headers)
