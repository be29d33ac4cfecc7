"""`lianfang serve`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
from aiohttp import web

from connectors.messages import form
from connectors.messages.held import Held
from connectors.messages.take import Check, Taker
from connectors.transports.http import Intake
from connectors.transports.messages import Messages
from deploy.access import roles
from deploy.agencies.door import Door as Receipts
from deploy.backlog import backlog
from deploy.bus import Bus
from deploy.cli.cases import words
from deploy.cli.output import Problem, loud
from deploy.collected import gate
from deploy.operate import door, logs
from deploy.operate.endpoints import Offers, offered
from deploy.outposts.outbox import Outbox
from deploy.residents.door import Door
from schemas.measures import Measures
from schemas.metrics import Part
from schemas.models.raw import Reason
from schemas.source import Source
from streams.normalise.interpret import Interpreter


def _app(bus: Bus, intake: Intake, meaning: Check) -> web.Application:
    """The intake, the gateway of text messages, and where they have tokens the residents' counter and the agencies that confirm releases."""
    app = intake.app(bus.settings.http_max_bytes)
    if bus.settings.outposts:
        taker = Taker(bus.sources, bus.settings.keys, form.shipped(), Held(bus.settings.home / "messages", bus.settings.keys), meaning)
        register, outbox = form.register(bus.settings.outposts), Outbox(bus.settings.home)
        messages = Messages(intake, register, taker, door.gateway(bus.settings), lambda clinic, upto: outbox.confirm(clinic.code, upto))
        app.add_routes(messages.routes())
    if tokens := door.agencies(bus.settings, bus.agencies):
        app.add_routes(Receipts(bus, tokens).routes())
    if counter := door.residents(bus.settings):
        app.add_routes(Door(bus, counter, words).routes())
    return app


@click.command()
@click.option("--host", help="Address; the setting http_host by default.")
@click.option("--port", type=int, help="Port; the setting http_port by default.")
def serve(host: str | None, port: int | None) -> None:
    """Take records over HTTP until interrupted. 202 means that the broker has them.

    \b
    curl -H 'Content-Type: application/json' -d '{"scan_no": "S-1", ...}' http://127.0.0.1:8420/v1/sources/scan-code/records

    With LIANFANG_OUTPOSTS village clinics report by text message: their gateway posts to /v1/messages, and sends back the texts of the answer.
    """  # noqa: D301 - the control character itself, click's mark for a paragraph to leave as it is
    bus = Bus(acts=roles.INTAKE)
    settings = bus.settings
    token, secured = door.tokens(settings, bus.sources), door.tls(settings)
    if token is None and not settings.http_clients:
        loud("WARNING: open to everybody who can reach this address; set LIANFANG_HTTP_TOKENS (or LIANFANG_HTTP_TOKEN_FILE) to require a token")
    if secured is None:
        loud("WARNING: records and tokens come in the clear; set LIANFANG_HTTP_CERTIFICATE, or let what stands in front of it speak TLS")

    interpreters = {name: Interpreter(source, settings.keys.unkept()) for name, source in bus.sources.items()}

    def meaning(source: Source, fields: Mapping[str, Any]) -> list[Reason]:
        return interpreters[source.name](fields, "", 0)[1]

    _ = bus.endpoints
    tell, measures, collects = logs.begin(settings), Measures(), gate(bus)
    intake = Intake(
        bus.sources, settings.keys, lambda: bus.publisher(settings.http_patience), meaning,
        token=token, max_waiting=settings.http_max_waiting, patience=settings.http_patience, backlog=backlog(bus),
        measures=measures, gate=collects,
    )  # fmt: skip
    host, port = host or settings.http_host, settings.http_port if port is None else port
    offers = Offers(Part.SERVE, measures, intake.condition.pulse.dead, intake.condition.unready)
    try:
        with offered(offers, settings, tell):
            web.run_app(_app(bus, intake, meaning), host=host, port=port, print=tell, ssl_context=secured)
    except OSError as error:
        raise Problem(f"cannot listen on {host}:{port} ({error.strerror}); --port or LIANFANG_HTTP_PORT names another, 0 takes a free one") from error
    finally:
        if collects:
            collects.close()
