"""The report over HTTP, at the intake's door: for a counter at which residents ask, with a token of its own.

    POST /v1/residents/report    {"by": STAFF, "reason": WORD, "at": UTC milliseconds, "identifiers": {...}}; Accept: text/html gives the page

There is no GET, since an address would hold identifiers, and addresses are kept. With a register of staff the body is signed: the header X-Staff-Signature
holds the Ed25519 signature of its bytes by the key of `by`, in base64, and `at` is within five minutes, so that no request can be kept and sent again later.
401 no or a wrong token, or a signature that is not of the member. 403 the role or area is missing. 422 nobody or several people are meant, or the request
says too little. 503 the broker does not answer.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Any

from aiohttp import web

from connectors.publish import CannotPublish
from connectors.reader import CannotRead
from connectors.transports.answers import Refused, body
from deploy.access import roles
from deploy.bus import Bus
from deploy.linkage.decide import reasons
from deploy.residents.asked import NotAsked, parsed
from deploy.residents.look import Asked, gathered, look
from deploy.residents.page import page
from deploy.residents.report import Document
from deploy.staff import proof
from deploy.staff.register import NotAllowed, Role, load

PATH = "/v1/residents/report"
FRESH = 300_000
"""How old a signed request may be, milliseconds: clocks of two machines differ less, and a request that somebody kept is worth nothing soon."""
SIGNATURE = "X-Staff-Signature"


class Door:
    """The handler of one bus."""

    def __init__(self, bus: Bus, token: str, words: Callable[[str], str] = str, clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000) -> None:
        """Take the bus, the token that a counter must send, and the time in UTC milliseconds."""
        self._bus, self._token, self._words, self._clock = bus, token, words, clock
        self._reads, self._writes = bus.acting(roles.OPERATOR), bus.acting(roles.STEWARD)

    def routes(self) -> list[web.RouteDef]:
        """What the intake offers besides."""
        return [web.post(PATH, self.report)]

    async def report(self, request: web.Request) -> web.Response:
        """POST a request for everything that is held about a person."""
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(sent.strip().encode("utf-8", "surrogateescape"), self._token.encode()):
            raise Refused(401, "send the header Authorization: Bearer with the token of the residents' counter", {"WWW-Authenticate": "Bearer"})
        found = await asyncio.to_thread(self._found, await body(request), request.headers.get(SIGNATURE, ""))
        if "text/html" in request.headers.get("Accept", ""):
            return web.Response(text=page(found, self._words), content_type="text/html", headers=_UNKEPT)
        return web.json_response(found, headers=_UNKEPT)

    def _found(self, sent: bytes, signature: str) -> Document:
        """The report that a body asks for, after the look is on the bus; raises Refused."""
        by_, reason, identifiers = self._understood(sent)
        self._require(by_, sent, signature)
        now = self._clock()
        try:
            with closing(self._reads.reader()) as reader:
                asked = Asked.of(self._bus, reader, identifiers)
                self._require(by_, sent, signature, asked)
                look(self._writes, asked, by_, reason, now)
                return gathered(self._bus, reader, asked, now)
        except NotAsked as error:
            raise Refused(422, str(error)) from error
        except (CannotRead, CannotPublish):
            raise Refused(503, "the broker does not answer", {"Retry-After": "5"}) from None

    def _understood(self, sent: bytes) -> tuple[str, str, dict[str, str]]:
        try:
            said = json.loads(sent)
            identifiers = parsed(json.dumps(said["identifiers"]))
            by_, reason, at = said["by"], said["reason"], said["at"]
        except NotAsked as error:
            raise Refused(422, str(error)) from error
        except (ValueError, KeyError, TypeError):
            raise Refused(422, "expected one JSON object with by, reason, at and identifiers") from None
        if not isinstance(at, int) or abs(self._clock() - at) > FRESH:
            raise Refused(422, f"`at` is the present moment in UTC milliseconds, at most {FRESH // 60_000} minutes off")
        if not isinstance(by_, str) or not by_ or reason not in reasons("look"):
            raise Refused(422, f"`by` is a staff code, and `reason` one of {', '.join(reasons('look'))}")
        return by_, reason, identifiers

    def _require(self, by_: str, sent: bytes, signature: str, asked: Asked | None = None) -> None:
        """Return when the member may look, and signed this body; without a register whoever has the token may."""
        register = self._bus.settings.staff
        if register is None:
            return
        try:
            member = load(register).require(by_, Role.OFFICER, asked.areas if asked else [])
        except NotAllowed as error:
            raise Refused(403, str(error)) from error
        if not proof.verified(member, sent, signature):
            raise Refused(401, f"the header {SIGNATURE} holds no signature of these bytes by the key of this member of staff")


_UNKEPT: Mapping[str, Any] = {"Cache-Control": "no-store"}
