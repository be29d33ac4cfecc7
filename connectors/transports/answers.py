"""What HTTP handlers share: problems as answers, bodies unpacked within a limit, and a log that names nobody."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import zlib
from collections.abc import Awaitable, Callable, Mapping
from io import BytesIO
from types import TracebackType

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger

_BODY_SECONDS = 60.0
_LOG = logging.getLogger(__name__)


class Refused(Exception):
    """A request that is answered with a problem."""

    def __init__(self, status: int, problem: str, headers: Mapping[str, str] | None = None) -> None:
        """Take the answer."""
        super().__init__(problem)
        self.response = web.Response(status=status, text=json.dumps({"problem": problem}), content_type="application/json", headers=headers)


class AccessLog(AbstractAccessLogger):
    """One line for each request: method, route, status, time. Never what a client wrote into the address, which may name a person."""

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        """Write the line; `time` is how long it took, in seconds."""
        resource = request.match_info.route.resource if isinstance(request, web.Request) else None
        self.logger.info("%s %s %d %.3fs", request.method, resource.canonical if resource else "-", response.status, time)


@web.middleware
async def problems(request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> web.StreamResponse:
    """Problems as JSON. Of an error that nobody foresaw only the kind and place are logged: its text may hold a record's values."""
    try:
        return await handler(request)
    except Refused as refused:
        return refused.response
    except web.HTTPException as error:
        allow = error.headers.get("Allow")
        return Refused(error.status, error.reason, {"Allow": allow} if allow else None).response
    except Exception as error:  # noqa: BLE001 - the last resort of the server
        _LOG.error("%s at %s", type(error).__name__, _place(error.__traceback__))
        return Refused(500, "a fault of this server; send the same again later").response


async def body(request: web.Request) -> bytes:
    """The body of a request, unpacked; raises Refused."""
    packing = request.headers.get("Content-Encoding", "identity").lower()
    if packing not in ("identity", "gzip", "x-gzip"):
        raise Refused(415, "of content encodings only gzip is understood")
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            found = await request.read()
    except TimeoutError:
        raise Refused(408, f"the body did not come within {_BODY_SECONDS:.0f} seconds") from None
    except web.HTTPRequestEntityTooLarge:
        raise Refused(413, "the body is too large: send fewer records at once") from None
    return found if packing == "identity" else await asyncio.to_thread(_unpacked, found, request.client_max_size)


def _unpacked(packed: bytes, limit: int) -> bytes:
    """The content of some gzip bytes, read no further than the limit."""
    try:
        with gzip.open(BytesIO(packed)) as file:
            found = file.read(limit + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise Refused(400, "the body is not gzip, or ends early") from None
    if len(found) > limit:
        raise Refused(413, "the body is too large once it is unpacked: send fewer records at once")
    return found


def _place(trace: TracebackType | None) -> str:
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "an unknown place"
