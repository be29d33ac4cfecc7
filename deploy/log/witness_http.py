"""The door of a witness: POST /add-checkpoint, GET /<SHA-256 of the origin>/checkpoint as C2SP tlog-witness says, and GET /forks for the evidence."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from aiohttp import web

from deploy.log.witness import Refusal, Witness

_LONGEST = 64 * 1024
"""Bytes of a request: 63 hashes, and a checkpoint with room for many signatures."""


def app(witness: Witness, tell: Callable[[str], None], now: Callable[[], float] = time.time) -> web.Application:
    """The application; `tell` gets a line for each refusal that has evidence."""

    async def add(asked: web.Request) -> web.Response:
        try:
            body = (await asked.read()).decode("utf-8")
            return web.Response(text=await asyncio.to_thread(witness.add, body, int(now())))
        except UnicodeDecodeError:
            return web.Response(status=400, text="not UTF-8\n")
        except Refusal as refusal:
            if refusal.status == 422:
                tell(f"refused: {refusal.says}")
            return web.Response(status=refusal.status, body=refusal.says.encode(), headers={"Content-Type": refusal.kind})

    async def last(asked: web.Request) -> web.Response:
        found = await asyncio.to_thread(witness.checkpoint, asked.match_info["origin"])
        return web.Response(status=404 if found is None else 200, text=found or "no checkpoint of such a log\n")

    async def forks(_: web.Request) -> web.Response:
        return web.json_response(await asyncio.to_thread(witness.forks))

    made = web.Application(client_max_size=_LONGEST)
    made.add_routes([web.post("/add-checkpoint", add), web.get("/forks", forks), web.get("/{origin}/checkpoint", last)])
    return made
