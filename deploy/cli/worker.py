"""`lianfang worker`."""

from __future__ import annotations

import logging

import click

from deploy.bus import Bus
from deploy.cli.output import Problem
from streams.path import STAGES
from streams.runtime.worker import run


@click.command()
@click.option("--stages", default=",".join(STAGES), show_default=True, help="Which stages, with commas.")
def worker(stages: str) -> None:
    """Run stages of the path until interrupted.

    Each stage is a consumer group of its own: start as many workers as you like, with all stages or with some. Whatever happens to a worker, each batch
    counts once: it is one Kafka transaction.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("aiokafka").setLevel(logging.ERROR)
    logging.getLogger("faust").setLevel(logging.ERROR)
    bus, wanted = Bus(), [name.strip() for name in stages.split(",")]
    unknown = [name for name in wanted if name not in STAGES]
    if unknown:
        raise Problem(f"no stage {', '.join(unknown)}; stages are {', '.join(STAGES)}")
    run([stage for stage in bus.stages if stage.name in wanted], bus.settings, bus.endpoints.brokers, bus.codec, lambda line: click.echo(line))
