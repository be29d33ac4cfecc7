"""`lianfang deliver`."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing

import click

from connectors.deliver import BrokerAway, Deliverer
from connectors.delivery import Condition
from connectors.publish import CannotPublish
from deploy.access import roles
from deploy.bus import Bus
from deploy.cli.approved import require
from deploy.cli.output import Problem, expected
from deploy.drill.webhook import rehearsing
from deploy.operate import logs
from deploy.operate.delivering import State
from deploy.operate.endpoints import offered
from schemas.agency import Agency, Webhook
from schemas.measures import Measures

_PAUSE = 3.0
"""Seconds until a broker that was lost is asked again."""


@click.command()
@click.option("--agency", "names", multiple=True, help="Only this agency; may be given several times.")
def deliver(names: tuple[str, ...]) -> None:
    """Deliver releases to the agencies' webhooks until interrupted.

    Agencies without a webhook read their own topic and are left alone here. Addresses and secrets come from the environment, as each agency's file says.
    A broker that is lost is waited for. What stops the delivery to one agency is told at once and stops no other; the command then exits with 1 when it is
    interrupted, or when none is left.
    """
    bus = Bus(acts=roles.DELIVER)
    webhooks = {agency.name: agency for agency in bus.agencies.values() if isinstance(agency.deliver, Webhook)}
    unknown = set(names) - webhooks.keys()
    if unknown or not webhooks:
        raise Problem(f"no webhook for {', '.join(sorted(unknown)) or 'any agency'}; agencies with one: {', '.join(webhooks) or 'none'}")
    wanted = [webhooks[name] for name in dict.fromkeys(names or webhooks)]
    wanted = [rehearsing(one) for one in wanted] if bus.settings.drill else wanted
    stop, tell, measures = threading.Event(), logs.begin(bus.settings), Measures()
    require(bus, wanted, tell)
    conditions = {agency.name: Condition(agency.name, measures) for agency in wanted}
    state = State(conditions, measures)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with ThreadPoolExecutor(len(wanted)) as pool, offered(state.offers(), bus.settings, tell), state.asking(bus):
        running = {pool.submit(_run, bus, agency, stop, conditions[agency.name], tell): agency.name for agency in wanted}
        for done in as_completed(running):
            if failure := done.exception():
                conditions[running[done]].ends(type(failure).__name__)
                says = str(failure) if isinstance(failure, expected()) else type(failure).__name__  # another text may hold values
                click.echo(f"{running[done]}: no longer delivered to: {says}", err=True)
    failed = [name for done, name in running.items() if done.exception()]
    if failed:
        raise Problem(f"the delivery to {', '.join(failed)} had failed; see above")


def _run(bus: Bus, agency: Agency, stop: threading.Event, condition: Condition, tell: Callable[[str], None]) -> None:
    """Deliver until told to stop. A broker that was there once and is lost is waited for; one that never was is most likely named wrong."""
    brokers, namespace, met = bus.brokers, bus.settings.namespace, False
    while not stop.is_set():
        try:
            with (
                closing(bus.publisher()) as publisher,
                closing(Deliverer(agency, brokers, bus.codec, namespace, publisher, condition=condition)) as deliverer,
            ):
                met = True
                deliverer.run(stop.is_set, tell)
        except (BrokerAway, CannotPublish) as away:
            if not met:
                raise
            tell(f"{agency.name}: {away}; connecting again")
            condition.lost()
            stop.wait(_PAUSE)
