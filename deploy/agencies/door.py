"""Receipts over HTTP, at the intake's door: for agencies that read their topic and have no webhook.

    POST /v1/agencies/{agency}/receipts    [{"release": ID, "retracted": false}, ...]; at most 1,000

A token opens its own agency alone. 202: every receipt is on the bus; the same again does no harm. 401 no or a wrong token, whatever the agency is called.
413 too large. 422 the body is no such list; or some of it was not given to this agency, or is on its topic no more: the answer says which, and the others were
taken. 503 the broker does not answer.
"""

from __future__ import annotations

import asyncio
import hmac
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing

from aiohttp import web
from pydantic import TypeAdapter, ValidationError

from connectors.publish import CannotPublish
from connectors.reader import CannotRead
from connectors.transports.answers import Refused, body
from deploy.access import roles
from deploy.bus import Bus
from schemas.models.fact import Model
from schemas.models.release import Answer, Receipt, Release

PATH = "/v1/agencies/{agency}/receipts"
_MOST = 1_000


class Confirmed(Model):
    """One release, or the retraction of it, that the agency has."""

    release: str
    retracted: bool = False


_LIST: TypeAdapter[list[Confirmed]] = TypeAdapter(list[Confirmed])


class Door:
    """The handler of one bus."""

    def __init__(self, bus: Bus, tokens: Mapping[str, str], clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000) -> None:
        """Take the bus, by agency the token that it must send, and the time in UTC milliseconds."""
        self._tokens, self._clock = tokens, clock
        self._reads, self._writes = bus.acting(roles.STEWARD), bus.acting(roles.DELIVER)
        self._given: dict[str, set[tuple[str, bool]]] = {}
        self._lock = threading.Lock()

    def routes(self) -> list[web.RouteDef]:
        """What the intake offers besides."""
        return [web.post(PATH, self.confirm)]

    async def confirm(self, request: web.Request) -> web.Response:
        """POST receipts."""
        name = request.match_info["agency"]
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        token = self._tokens.get(name, "")
        if not token or scheme.lower() != "bearer" or not hmac.compare_digest(sent.strip().encode("utf-8", "surrogateescape"), token.encode()):
            raise Refused(401, "send the header Authorization: Bearer with the token that this agency was given", {"WWW-Authenticate": "Bearer"})
        try:
            taken = await asyncio.to_thread(self._taken, name, await body(request))
        except (CannotRead, CannotPublish):
            raise Refused(503, "the broker does not answer: send the same again later", {"Retry-After": "5"}) from None
        return web.json_response({"items": taken}, status=202 if all(one["accepted"] for one in taken) else 422)

    def _taken(self, agency: str, sent: bytes) -> list[dict[str, object]]:
        """Write the receipts of what was given to the agency; the answer about each."""
        told = _understood(sent)
        given = self._known(agency, {(one.release, one.retracted) for one in told})
        good, now = [one for one in told if (one.release, one.retracted) in given], self._clock()
        self._writes.write("receipt", [(one.release, Receipt(release=one.release, retracted=one.retracted, agency=agency, answer=Answer.DELIVERED, status=0,
                                                             attempts=0, answered_at=now)) for one in good])  # fmt: skip
        return [{"release": one.release, "retracted": one.retracted, "accepted": (one.release, one.retracted) in given} for one in told]

    def _known(self, agency: str, asked: set[tuple[str, bool]]) -> set[tuple[str, bool]]:
        """What of this was ever seen on the agency's topic; it is read again, once, only for what is not known yet."""
        with self._lock:
            given = self._given.setdefault(agency, set())
            if asked - given:
                with closing(self._reads.reader()) as reader:
                    given.update((entry.value.id, entry.value.retracted) for entry in reader.read(f"deliver.{agency}") if isinstance(entry.value, Release))
            return asked & given


def _understood(sent: bytes) -> list[Confirmed]:
    try:
        told = _LIST.validate_json(sent)
    except ValidationError:
        told = []
    if not 0 < len(told) <= _MOST:
        raise Refused(422, f'expected a JSON list of 1 to {_MOST:,} objects such as {{"release": "…", "retracted": false}}')
    return told
