"""`lianfang deliver`."""

from __future__ import annotations

import signal
import threading

import click

from connectors.deliver import Deliverer
from deploy.bus import Bus
from deploy.cli.output import Problem
from schemas.agency import Webhook


@click.command()
@click.option("--agency", "names", multiple=True, help="Only this agency; may be given several times.")
def deliver(names: tuple[str, ...]) -> None:
    """Deliver releases to the agencies' webhooks until interrupted.

    Agencies without a webhook read their own topic and are left alone here. Addresses and secrets come from the environment, as each agency's file says.
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
    failures: list[BaseException] = []

    def run(deliverer: Deliverer) -> None:
        try:
            deliverer.run(stop.is_set, click.echo)
        except BaseException as failure:
            failures.append(failure)
            stop.set()
            raise
        finally:
            deliverer.close()

    deliverers = [Deliverer(agency, bus.endpoints.brokers, bus.codec, bus.settings.namespace, bus.publisher()) for agency in wanted]
    threads = [threading.Thread(target=run, args=(one,)) for one in deliverers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
