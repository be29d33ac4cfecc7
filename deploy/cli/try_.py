"""`lianfang try`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from connectors.envelope import envelopes
from connectors.transports.files import items
from deploy.bus import Bus
from deploy.cli.cases import tell
from deploy.cli.output import Problem, as_json, local, short, show, table
from schemas.models.case import LinkedCase
from schemas.models.control import Level
from schemas.models.fact import Fact
from schemas.models.raw import Reject
from schemas.models.release import Release
from schemas.tokens import Keys
from streams import memory, path
from streams.stage import Emit


@click.command("try")
@click.argument("source")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--level", default="emergency", show_default=True, type=click.Choice([one.value for one in Level]), help="The level in force, everywhere.")
@as_json
def try_(source: str, file: Path, level: str, json_: bool) -> None:
    """Run the whole path over the records of one FILE in memory, and print every hop. Needs no broker and keeps nothing. In peace nobody is traced."""
    bus = Bus()
    if source not in bus.sources:
        raise Problem(f"no source {source}; sources are {', '.join(bus.sources)}")
    keys = Keys(os.urandom(32))
    inside = memory.Bus(path.build(bus.sources, list(bus.agencies.values()), bus.policy.everywhere(Level(level)), keys))
    raws = [raw for item in items(file, bus.sources[source]) for raw in envelopes(bus.sources[source], item, keys)]
    for raw in raws:
        inside.publish([Emit(f"raw.{source}", raw.record, raw)])
        inside.run()
    cases = [case for case in inside.standing("case.linked").values() if isinstance(case, LinkedCase)]
    hops = [{"stage": hop.stage, "topic": hop.emit.topic, "key": hop.emit.key, "value": hop.emit.value.model_dump(mode="json")} for hop in inside.hops]
    show(json_, {"records": len(raws), "hops": hops}, lambda: _tell(inside, len(raws), cases))


def _tell(inside: memory.Bus, records: int, cases: list[LinkedCase]) -> None:
    rows = []
    for hop in inside.hops:
        value = hop.emit.value
        said = "; ".join(f"{reason.field}: {reason.problem}" for reason in value.reasons) if isinstance(value, Reject) else ""
        at = local(value.at) if isinstance(value, Fact) else ""
        rows.append((hop.stage, hop.emit.topic, short(hop.emit.key), "retracted" if isinstance(value, Fact) and value.retracted else "", at, said))
    table(f"{len(rows)} hops of {records} records", ("stage", "wrote to", "key", "", "event time", "why refused"), rows)
    tell(cases)
    releases = [value for topic in inside.topics if topic.startswith("deliver.") for value in inside.standing(topic).values()
                if isinstance(value, Release) and value.bulletin is None]  # fmt: skip
    told = [
        (one.agency, short(one.person), ", ".join(one.roles), one.purpose, "; ".join(f"{why.why.value} {why.region}" for why in one.why)) for one in releases
    ]
    table(f"{len(told)} releases", ("agency", "person", "roles", "purpose", "why"), told)
