"""`lianfang replay`."""

from __future__ import annotations

from contextlib import closing

import click

from deploy.access import roles
from deploy.bus import Bus
from deploy.cli.output import Problem, as_json, progress, show
from deploy.rejects import standing
from deploy.rejects.replay import replayed


@click.command()
@click.argument("source")
@click.option("--rejected", is_flag=True, help="Only records that are refused now; enough when the correction only lets more through.")
@as_json
def replay(source: str, rejected: bool, json_: bool) -> None:
    """Have all records of SOURCE that are still on its raw topic understood anew, after its file was corrected.

    Start the workers with the corrected file first. What a record said before is taken back where it says something else now, and so is its reject; the rest
    stays as it is. The replayed records are on the raw topic under the next number, and point to the bytes as they arrived.
    """
    bus = Bus(acts=roles.REPLAY)
    if source not in bus.sources:
        raise Problem(f"no source {source}; sources are {', '.join(bus.sources)}")
    with closing(bus.reader()) as reader, closing(bus.publisher()) as publisher:
        only = {one.reject.digest for one in standing.refused(reader) if one.reject.source == source} if rejected else None
        sent = number = 0
        for raw in replayed(lambda: reader.read(f"raw.{source}"), only):
            publisher.send(f"raw.{source}", raw.record, raw)
            sent, number = sent + 1, raw.replay
            if sent % 10_000 == 0:
                progress(f"{source}: {sent:,} records")
        publisher.settle()
    value = {"source": source, "records": sent, "replay": number}
    show(json_, value, lambda: click.echo(f"{sent:,} records of {source} are understood anew (replay {number})"))
