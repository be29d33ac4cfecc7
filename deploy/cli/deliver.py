"""`lianfang deliver`."""

from __future__ import annotations

import signal
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing

import click

from connectors.deliver import Deliverer
from deploy.bus import Bus
from deploy.cli.output import Problem, expected
from schemas.agency import Agency, Webhook


@click.command()
@click.option("--agency", "names", multiple=True, help="Only this agency; may be given several times.")
def deliver(names: tuple[str, ...]) -> None:
    """Deliver releases to the agencies' webhooks until interrupted.

    Agencies without a webhook read their own topic and are left alone here. Addresses and secrets come from the environment, as each agency's file says.
    What stops the delivery to one agency is told at once and stops no other; the command then exits with 1 when it is interrupted, or when none is left.
    """
    bus = Bus()
    webhooks = {agency.name: agency for agency in bus.agencies.values() if isinstance(agency.deliver, Webhook)}
    unknown = set(names) - webhooks.keys()
    if unknown or not webhooks:
        raise Problem(f"no webhook for {', '.join(sorted(unknown)) or 'any agency'}; agencies with one: {', '.join(webhooks) or 'none'}")
    wanted = [webhooks[name] for name in dict.fromkeys(names or webhooks)]
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with ThreadPoolExecutor(len(wanted)) as pool:
        running = {pool.submit(_run, bus, agency, stop): agency.name for agency in wanted}
        for done in as_completed(running):
            if failure := done.exception():
                says = str(failure) if isinstance(failure, expected()) else type(failure).__name__  # another text may hold values
                click.echo(f"{running[done]}: no longer delivered to: {says}", err=True)
    failed = [name for done, name in running.items() if done.exception()]
    if failed:
        raise Problem(f"the delivery to {', '.join(failed)} had failed; see above")


def _run(bus: Bus, agency: Agency, stop: threading.Event) -> None:
    with closing(bus.publisher()) as publisher, closing(Deliverer(agency, bus.endpoints.brokers, bus.codec, bus.settings.namespace, publisher)) as deliverer:
        deliverer.run(stop.is_set, click.echo)
