"""The HTTP intake: records by POST, 202 only after the broker has acknowledged them.

    POST /v1/sources/{source}/records    one JSON object, an array of them, or JSON Lines; gzip as Content-Encoding
    GET  /v1/sources                     what can be sent, with examples
    GET  /healthz, /readyz               whether the process lives, whether the broker answers

202 all are taken. 422 some are not: the answer names every bad field of every bad item, the good ones were taken, and the bad ones lie in `reject`.
Of an item that may not be collected under the level in force nothing is on the bus: its answer has "refused": "not_collected" and what would
allow it, and it may be sent again when a level has been declared.
400 no record at all, or no gzip. 401 no or a wrong token. 404 no such source. 408 the body did not come in time. 413 too large, also once unpacked.
415 another content type. 429 too many requests at once, or too many records of the source wait for the stages: nothing is taken. 503 broker away, or
the levels in force cannot be read: nothing is known to be taken. Both with Retry-After. The same request again changes nothing.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from io import StringIO
from typing import Any

from aiohttp import web

from connectors.backlog import Backlog
from connectors.envelope import envelopes
from connectors.publish import CannotPublish
from connectors.reader import CannotRead
from connectors.transports.answers import AccessLog, Refused, body, problems
from connectors.transports.documents import split
from connectors.transports.gate import NOT_COLLECTED, Collects
from connectors.transports.measured import REFUSED, TAKEN, Condition
from connectors.transports.places import Places, Taken
from connectors.transports.sender import Publishes, Sender
from connectors.transports.text import Encoding
from schemas.document import load
from schemas.measures import Measures
from schemas.models.raw import Raw, Reason
from schemas.source import Source, Unidentified
from schemas.tokens import Keys

_LOG = logging.getLogger(__name__)
_LOOK = 1.0
"""Seconds between two looks at what waits for the stages."""
Check = Callable[[Source, Mapping[str, Any]], Sequence[Reason]]
_TYPES = {"application/json", "application/x-ndjson", "application/jsonl"}
_UTF8 = Encoding("utf-8")


class Intake:
    """The handlers, and what they share."""

    def __init__(
        self, sources: Mapping[str, Source], keys: Keys, publisher: Callable[[], Publishes], check: Check, *,
        token: str | Mapping[str, str] | None, max_waiting: int, patience: float = 20.0, backlog: Backlog | None = None, measures: Measures | None = None,
        gate: Collects | None = None,
    ) -> None:  # fmt: skip
        """Take the sources, how to connect, how to check a record's meaning, the bearer token, and how many requests may wait.

        A token is one for all, or one for each source; None is open.

        `patience` in seconds is how long a request waits for the broker before it is answered 503; without a `backlog` it does not matter what
        waits for the stages, without `measures` nobody asks how it is, and without a `gate` all may be collected.
        """
        self._sources, self._keys, self._check, self._token = sources, keys, check, token
        self._sender = Sender(publisher, patience)
        self._places, self._backlog, self._gate, self._patience = Places(max_waiting), backlog, gate, patience
        self.condition = Condition(self._sender, sources.keys(), measures or Measures())
        self._watched = measures is not None

    def app(self, max_bytes: int) -> web.Application:
        """The application, refusing bodies over `max_bytes`."""
        how = {"auto_decompress": False, "access_log_class": AccessLog}
        app = web.Application(client_max_size=max_bytes, middlewares=[self.condition.count, problems], handler_args=how)
        app.add_routes([
            web.post("/v1/sources/{source}/records", self.take), web.get("/v1/sources", self.catalogue),
            web.get("/healthz", self.alive), web.get("/readyz", self.ready),
        ])  # fmt: skip
        app.cleanup_ctx.extend([self._looking, self.condition.watched] if self._watched else [self._looking])
        app.on_cleanup.append(self._close)
        return app

    async def take(self, request: web.Request) -> web.Response:
        """POST records."""
        source = self._admit(request)
        try:
            with self._places.place(source.name):
                answers = await self._taken(source, await body(request))
        except Taken:
            raise Refused(429, "too many requests at once: send again after a while", {"Retry-After": "1"}) from None
        except (CannotPublish, TimeoutError):
            raise Refused(503, "the broker does not answer: send the same again later", {"Retry-After": "5"}) from None
        except CannotRead:
            raise Refused(503, "the levels in force cannot be read: send the same again later", {"Retry-After": "5"}) from None
        request[TAKEN] = Counter(answer["accepted"] for answer in answers if "refused" not in answer)
        request[REFUSED] = Counter(answer["refused"] for answer in answers if "refused" in answer)
        return web.json_response({"items": answers}, status=202 if all(answer["accepted"] for answer in answers) else 422)

    async def catalogue(self, _: web.Request) -> web.Response:
        """GET the sources."""
        return web.json_response([
            {"source": one.name, "says": one.says, "says_zh": one.says_zh, "kind": one.kind, "id": one.id, "example": one.examples[0].given}
            for one in self._sources.values()
        ])  # fmt: skip

    async def alive(self, _: web.Request) -> web.Response:
        """GET whether the process lives."""
        return web.json_response({"alive": True})

    async def ready(self, _: web.Request) -> web.Response:
        """GET whether records can be taken."""
        try:
            await self._sender.ask()
        except (CannotPublish, TimeoutError):
            raise Refused(503, "the broker does not answer", {"Retry-After": "5"}) from None
        return web.json_response({"ready": True})

    async def _close(self, _: web.Application) -> None:
        await self._sender.close()
        if self._backlog:
            await asyncio.to_thread(self._backlog.close)

    def _admit(self, request: web.Request) -> Source:
        """The source of a request that may come in."""
        name = request.match_info["source"]
        token = self._token.get(name) if isinstance(self._token, Mapping) else self._token
        if self._token is not None and (token is None or not carries(request, token)):
            raise Refused(401, "send the header Authorization: Bearer with the token that you were given for this source", {"WWW-Authenticate": "Bearer"})
        source = self._sources.get(name)
        if source is None:
            raise Refused(404, f"no such source; there are {', '.join(self._sources)}")
        if request.content_type not in _TYPES or (request.charset or "utf-8").lower() not in ("utf-8", "utf8"):
            raise Refused(415, f"send {' or '.join(sorted(_TYPES))}, in UTF-8")
        self._hold_back(source)
        return source

    def _hold_back(self, source: Source) -> None:
        """Raises Refused while too much of a source waits for the stages."""
        full = self._backlog.full(source.name) if self._backlog else None
        if full:
            raise Refused(429, f"{full.behind} messages wait for the stage {full.stage}: send the same again later", {"Retry-After": str(full.seconds)})

    async def _taken(self, source: Source, found: bytes) -> list[dict[str, Any]]:
        """Publish what a body holds; the answer about each item."""
        if self._gate and self._gate.concerns(source.name):
            async with asyncio.timeout(self._patience):
                await asyncio.shield(asyncio.wrap_future(self._gate.fresh()))
        async with self._places.turn(source.name):
            groups, answers = await asyncio.to_thread(self._understood, source, found)
        if not answers:
            raise Refused(400, "the body holds no record: send a JSON object, an array of objects, or one object a line")
        raws = [raw for group in groups for raw in group]
        if raws:
            self._hold_back(source)  # others may have been taken since this one came in
            await self.send(source.name, raws)
        return answers

    async def send(self, source: str, raws: list[Raw]) -> None:
        """Publish raw messages of a source; raises CannotPublish or TimeoutError when the broker does not have them in time."""
        if self._backlog:
            self._backlog.took(source, len(raws))
        try:
            await self._sender.publish(raws)
        finally:
            if self._backlog:
                self._backlog.arrived(source, len(raws))

    def full(self, source: str) -> int:
        """Seconds after which to come again with records of a source; 0 while there is room for more."""
        found = self._backlog.full(source) if self._backlog else None
        return found.seconds if found else 0

    async def _looking(self, _: web.Application) -> AsyncIterator[None]:
        """While the application runs, look at what waits for the stages."""
        task = asyncio.create_task(self._look())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    async def _look(self) -> None:
        while self._backlog:
            await asyncio.sleep(_LOOK)
            try:
                await asyncio.to_thread(self._backlog.look)
            except Exception as error:  # noqa: BLE001 - one look that fails for a reason that nobody foresaw must not end all later ones
                _LOG.error("what waits for the stages cannot be seen: %s", type(error).__name__)

    def _understood(self, source: Source, found: bytes) -> tuple[list[list[Raw]], list[dict[str, Any]]]:
        """The raw messages of each item, and what is answered about it."""
        text = found.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
        groups = [list(envelopes(source, item, self._keys)) for item in split(StringIO(text, newline=""), _UTF8)]
        answers = [self._answer(source, number, group) for number, group in enumerate(groups)]
        return [group for group, answer in zip(groups, answers, strict=True) if "refused" not in answer], answers

    def _answer(self, source: Source, number: int, raws: list[Raw]) -> dict[str, Any]:
        wrong = [{"field": reason.field, "problem": reason.problem} for raw in raws for reason in self._reasons(source, raw)]
        why = {} if wrong else self._not_collected(raws)
        return {"item": number, "accepted": not wrong, "records": [raw.record for raw in raws], "problems": wrong} | why

    def _not_collected(self, raws: list[Raw]) -> dict[str, Any]:
        """What is answered about an item of which a record may not be collected; nothing else of it is taken either."""
        found = {why: None for raw in raws if self._gate and (why := self._gate.refused(raw))}
        return {"accepted": False, "refused": NOT_COLLECTED, "problems": [{"field": "", "problem": why} for why in found]} if found else {}

    def _reasons(self, source: Source, raw: Raw) -> list[Reason]:
        """Everything that is wrong with a raw message, first its identity and then its meaning; one reason for each field."""
        if raw.retracts:
            return []
        fault = [Reason(field="", problem=raw.fault)] if raw.fault else []
        try:
            fields = load(raw.body)
        except ValueError:
            return fault
        reasons = [*(_identity(source, fields, self._keys) or fault), *self._check(source, fields)]
        return list({reason.field: reason for reason in reversed(reasons)}.values())[::-1]


def carries(request: web.Request, token: str) -> bool:
    """Whether a request shows a bearer token."""
    scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(sent.strip().encode("utf-8", "surrogateescape"), token.encode())


def _identity(source: Source, fields: Mapping[str, Any], keys: Keys) -> list[Reason]:
    try:
        source.identify(fields, keys)
    except Unidentified as error:
        return error.reasons
    return []
