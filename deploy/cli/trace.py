"""`lianfang trace`."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict

import click

from deploy.bus import Bus
from deploy.cli.output import Problem, as_json, local, short, show, table
from deploy.trace import Step
from deploy.trace import trace as compute
from schemas.models.identity import TIMELESS


@click.command()
@click.argument("record", nargs=-1, required=True)
@as_json
def trace(record: tuple[str, ...], json_: bool) -> None:
    """Show every hop of one record: raw, record, link, contact, case, releases, with times.

    RECORD is a record token (as `publish --json`, the HTTP intake and `rejects` give it), or SOURCE and the values that identify the record there:
    `lianfang trace scan-code S-1`.
    """
    bus = Bus()
    token = record[0] if len(record) == 1 else bus.settings.keys.token("record", *record)
    if len(record) > 1 and record[0] not in bus.sources:
        raise Problem(f"no source {record[0]}; sources are {', '.join(bus.sources)}")
    with closing(bus.reader()) as reader:
        steps = compute(bus, reader, token)
    if not steps:
        raise Problem(f"no record {' '.join(record)} on any raw topic")
    show(json_, [asdict(step) for step in steps], lambda: tell(steps, token))


def tell(steps: list[Step], token: str) -> None:
    """The table for people."""
    rows = [(step.topic, short(step.fact), "retracted" if step.retracted else "asserted", _moment(step.at), f"+{step.after} ms", step.where) for step in steps]
    table(f"{len(steps)} hops of record {token}", ("topic", "fact", "", "event time", "after arrival", "topic/partition/offset"), rows)


def _moment(at: int) -> str:
    """The event time; nothing for what has none (links, and what else is said of people)."""
    return "" if at == TIMELESS else local(at)
