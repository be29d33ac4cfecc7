"""Text messages of village clinics, as the gateway of a phone network delivers them.

    POST /v1/messages    {"from": PHONE, "text": TEXT, "at": MOMENT}, as JSON or as a form; a list of names for each is understood (see below)

202 the message is done with, and the broker has what comes of it: `texts` are what the gateway is to send back, each of one short message. Also for what was
mistyped, since sending the same again mends nothing: `reports` says so. Nobody is answered who writes from a phone that is not in the register.
400 no message. 401 no or a wrong token. 413, 415 as at the intake. 429 too much waits for the stages. 503 broker away. Both with Retry-After: gateways then
deliver it again for hours, and the same message again changes nothing.

The moment is when the gateway had the message: ISO 8601, Asia/Shanghai where it names no zone, or seconds or milliseconds since 1970.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from urllib.parse import parse_qsl

from aiohttp import web

from connectors.messages import reply
from connectors.messages.dates import SHANGHAI
from connectors.messages.form import Clinic, Register
from connectors.messages.read import Problem
from connectors.messages.take import Answer, Fate, Outcome, Taker
from connectors.publish import CannotPublish
from connectors.transports.answers import Refused, body
from connectors.transports.http import carries
from connectors.transports.measured import TAKEN
from schemas.models.raw import Raw

PATH = "/v1/messages"
_NAMES = {
    "from": ("from", "sender", "phone", "msisdn", "phoneNumber"), "text": ("text", "message", "body", "content"),
    "at": ("at", "receivedAt", "sentStamp", "created", "message-timestamp", "timestamp"),
}  # fmt: skip
"""How gateways call the three: ours first, then those of Vonage, 46elks, Android gateways and Kannel's usual settings."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Sends(Protocol):
    """What is asked of the intake; connectors.transports.http.Intake does it."""

    async def send(self, source: str, raws: list[Raw]) -> None:
        """Return when the broker has all."""

    def full(self, source: str) -> int:
        """Seconds after which to come again; 0 while there is room."""


class Messages:
    """The handler."""

    def __init__(self, intake: Sends, register: Register, taker: Taker, token: str | None, has: Callable[[Clinic, int], object] = lambda *_: None) -> None:
        """Take the intake, who may write, what takes messages, the gateway's bearer token (None is open), and who is told how many answers a clinic has."""
        self._intake, self._register, self._taker, self._token, self._has = intake, register, taker, token, has

    def routes(self) -> list[web.RouteDef]:
        """Where it listens."""
        return [web.post(PATH, self.take)]

    async def take(self, request: web.Request) -> web.Response:
        """POST a message."""
        if self._token is not None and not carries(request, self._token):
            raise Refused(401, "send the header Authorization: Bearer with the token of the gateway", {"WWW-Authenticate": "Bearer"})
        sender, text, sent = delivered(request.content_type, await body(request))
        clinic = self._register.of(sender)
        if clinic is None:
            return web.json_response({"reports": [], "texts": [], "refused": "unknown_sender"}, status=202)
        outcome = await asyncio.to_thread(self._taker.take, clinic, text, sent)
        await self._publish(outcome)
        request[TAKEN] = Counter(one.fate is not Fate.REFUSED for one in outcome.answers)
        if outcome.has is not None:
            await asyncio.to_thread(self._has, clinic, outcome.has)
        return web.json_response({"reports": [_told(one) for one in outcome.answers], "texts": reply.texts(outcome.answers, clinic)}, status=202)

    async def _publish(self, outcome: Outcome) -> None:
        by_source: defaultdict[str, list[Raw]] = defaultdict(list)
        for raw in outcome.raws:
            by_source[raw.source].append(raw)
        if wait := max(map(self._intake.full, by_source), default=0):
            raise Refused(429, "too much waits for the stages: deliver the same again later", {"Retry-After": str(wait)})
        try:
            await asyncio.gather(*(self._intake.send(source, raws) for source, raws in by_source.items()))
        except (CannotPublish, TimeoutError):
            raise Refused(503, "the broker does not answer: deliver the same again later", {"Retry-After": "5"}) from None


def delivered(kind: str, data: bytes) -> tuple[str, str, datetime]:
    """Sender, text and moment of a message as a gateway delivers it; raises Refused."""
    try:
        if kind == "application/x-www-form-urlencoded":
            found: Mapping[str, Any] = dict(parse_qsl(data.decode("utf-8"), strict_parsing=True))
        elif kind == "application/json":
            found = json.loads(data)
        else:
            raise Refused(415, "send application/json or application/x-www-form-urlencoded, in UTF-8")
    except (ValueError, RecursionError):
        raise Refused(400, "the body is neither a JSON object nor a form in UTF-8") from None
    said = {name: _first(found, names) for name, names in _NAMES.items()} if isinstance(found, dict) else {}
    if missing := [name for name in _NAMES if not said.get(name)]:
        raise Refused(400, f"no {', '.join(missing)}: send the sender's phone, the text, and when the gateway had it")
    return said["from"], said["text"], _moment(said["at"])


def _first(found: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((str(found[name]) for name in names if isinstance(found.get(name), str | int) and str(found[name]).strip()), "")


def _moment(text: str) -> datetime:
    try:
        if text.isdecimal() and text.isascii():
            return _EPOCH + timedelta(milliseconds=int(text) * (1000 if len(text) <= 10 else 1))
        found = datetime.fromisoformat(text)
        return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)
    except (ValueError, OverflowError):
        raise Refused(400, "at is no moment: send ISO 8601, or seconds or milliseconds since 1970") from None


def _told(answer: Answer) -> dict[str, Any]:
    return {"number": answer.number, "fate": answer.fate, "missing": answer.missing, "problems": [_problem(one) for one in answer.problems]}


def _problem(one: Problem) -> dict[str, str]:
    return {"key": one.key, "problem": one.says, "problem_zh": one.says_zh}
