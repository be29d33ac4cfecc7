"""`lianfang worker`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing

import click

from deploy import rules
from deploy.access import roles
from deploy.bus import Bus
from deploy.cli.approved import require
from deploy.cli.output import Problem
from deploy.operate import logs
from deploy.operate.endpoints import Offers, offered
from schemas.metrics import Part
from schemas.registry import RegistryAway, RegistryError
from schemas.signing import KINDS
from streams.path import STAGES
from streams.runtime.report import Report
from streams.runtime.worker import run
from streams.stage import Stage

_OPEN = "what people decide counts here unsigned, which is for trying only: LIANFANG_STAFF names a register of staff (`lianfang staff --help`)"


@click.command()
@click.option("--stages", default=",".join(STAGES), show_default=True, help="Which stages, with commas.")
def worker(stages: str) -> None:
    """Run stages of the path until interrupted.

    Each stage is a consumer group of its own: start as many workers as you like, with all stages or with some. Whatever happens to a worker, each batch
    counts once: it is one Kafka transaction.

    With LIANFANG_APPROVED_AGENCIES=true the stage routing starts only with agency files that a second person approved.

    With LIANFANG_STAFF what people decide counts only if it is signed with a key of that register.

    Standing releases follow the agency files: a worker that starts with others than the last one has what stands decided again.

    With LIANFANG_METRICS_PORT set it offers /metrics, /health and /ready.
    """
    bus, wanted = Bus(acts=roles.stage("routing")), [name.strip() for name in stages.split(",")]
    unknown = [name for name in wanted if name not in STAGES]
    if unknown:
        raise Problem(f"no stage {', '.join(unknown)}; stages are {', '.join(STAGES)}")
    mine = [stage for stage in bus.stages if stage.name in wanted]
    _prepare(bus, {topic for stage in mine for topic in (*stage.outputs, "ledger", "reject")})
    tell, report = logs.begin(bus.settings), Report()
    if bus.settings.staff is None and _reads_signed(mine):
        tell(_OPEN)
    if any(stage.name == "routing" for stage in mine):
        require(bus, bus.agencies.values(), tell)
        _follow(bus, tell)
    with offered(Offers(Part.WORKER, report.measures, report.pulse.dead, report.unready), bus.settings, tell):
        run(mine, bus.settings, lambda name: bus.brokers_as(roles.stage(name)), bus.codec, tell, report, _secret(bus))


def _reads_signed(stages: Iterable[Stage]) -> bool:
    """Whether one of these stages reads what people sign."""
    return any(topic in KINDS for stage in stages for topic in stage.inputs)


def _secret(bus: Bus) -> bytes:
    """What tells the secret and the vault of this bus from others, and says neither."""
    keys = bus.settings.keys
    return keys.token("secret", "of this bus", keys.vault.name).encode()


def _follow(bus: Bus, tell: Callable[[str], None]) -> None:
    """Say under which agency files is decided now, so that what stands follows them."""
    with closing(bus.reader()) as reader, closing(bus.publisher()) as publisher:
        if sent := rules.tell(bus, reader, publisher):
            tell(f"the agency files are others than before: what stands is decided again in {sent} pieces, and `lianfang reconcile` counts those that wait")


def _prepare(bus: Bus, topics: set[str]) -> None:
    """Ask for the schema of every topic that will be written, before a batch depends on it."""
    for topic in sorted(topics):
        model = bus.topics[topic].model
        try:
            if model:
                bus.codec.prepare(topic, model)
        except RegistryAway:
            raise
        except RegistryError as problem:
            raise Problem(f"the schema of {topic} is not registered as it is now: run `lianfang topics apply` ({problem})") from None
