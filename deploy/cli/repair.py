"""`lianfang rejects repair` and `approve`: two people mend a refused record."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from connectors.reader import Reader
from deploy.access import roles
from deploy.bus import Bus
from deploy.cli.linkage import EXISTING, reason_of
from deploy.cli.output import Problem, as_json, show
from deploy.cli.staff import STAFF, allowed
from deploy.linkage.decide import reasons
from deploy.rejects import standing
from deploy.rejects.repair import NotRepaired, approved, proposed, resubmitted, whole, with_changes
from deploy.staff.register import Role
from schemas.models.raw import Pointer, Raw
from schemas.source import Source


@click.command("repair")
@click.argument("record")
@click.option("--set", "sets", multiple=True, metavar="FIELD=VALUE", help="A field and its right value; once for each. The shell keeps what is typed.")
@click.option("--file", "file", type=EXISTING, help="The whole record as it should read, one JSON object; instead of --set.")
@click.option("--reason", required=True, metavar="WORD", help=f"Why: {', '.join(reasons('repair'))}.")
@STAFF
@as_json
def repair(record: str, sets: tuple[str, ...], file: Path | None, reason: str, by_: str, json_: bool) -> None:
    """Propose how a refused RECORD (its token, the id of its reject, or the beginning of one) should read. It waits for a second person.

    A repair that would be refused again, or that changes what identifies the record, is not taken.
    """
    if bool(sets) == bool(file):
        raise Problem("say what is right: --set for each field, or --file for the whole record")
    reason_of("repair", reason)
    bus, pairs = Bus(acts=roles.STEWARD), [_pair(one) for one in sets]
    allowed(bus.settings, by_, Role.STEWARD)
    try:
        with closing(bus.reader()) as reader:
            found = standing.one_reject(standing.refused(reader), record)
            raw, source = _original(bus, reader, found.reject.pointer)
        fields = whole(file.read_bytes()) if file else with_changes(raw, pairs)
        proposal = proposed(found.reject, raw, source, fields, bus.settings.keys, by_, reason, time.time_ns() // 1_000_000)
    except (standing.NotOne, NotRepaired) as error:
        raise Problem(str(error)) from error
    bus.write("repair.proposal", [(proposal.record, proposal)])
    show(json_, {"repair": proposal.id, "record": proposal.record, "by": by_},
         lambda: click.echo(f"Proposed. A second person approves it: lianfang rejects approve {proposal.id[:12]} --by STAFF"))  # fmt: skip


@click.command("approve")
@click.argument("proposal", metavar="REPAIR")
@STAFF
@as_json
def approve(proposal: str, by_: str, json_: bool) -> None:
    """Approve a REPAIR (the beginning of its id) that another person proposed, and publish the repaired record.

    The record points to the bytes as they arrived. Approved again, also after a crash, it is published again, which changes nothing.
    """
    bus = Bus(acts=roles.STEWARD)
    allowed(bus.settings, by_, Role.STEWARD)
    try:
        with closing(bus.reader()) as reader:
            found, before = standing.one_repair(reader, proposal)
            raw, source = _original(bus, reader, found.pointer)
        approval = approved(found, before, by_, time.time_ns() // 1_000_000)
        mended = resubmitted(found, raw, source, bus.settings.keys)
    except (standing.NotOne, NotRepaired) as error:
        raise Problem(str(error)) from error
    with closing(bus.publisher()) as publisher:
        publisher.send("repair.approval", approval.repair, approval)
        publisher.settle()  # nobody may see a repaired record that nobody is known to have approved
    with closing(bus.acting(roles.REPLAY).publisher()) as publisher:
        publisher.publish([mended])
    value: dict[str, Any] = {"repair": found.id, "record": mended.record, "source": mended.source, "approved_by": by_}
    show(json_, value, lambda: click.echo(f"Published as a record of {mended.source}; `lianfang trace {mended.record}` shows what becomes of it"))


def _original(bus: Bus, reader: Reader, pointer: Pointer) -> tuple[Raw, Source]:
    """The raw message that was refused, and its source; raises Problem when there is none."""
    raw = reader.raw_bytes(pointer.topic, pointer.partition, pointer.offset)
    if not isinstance(raw, Raw) or raw.source not in bus.sources:
        where = f"{pointer.topic}, partition {pointer.partition}, offset {pointer.offset}"
        raise Problem(f"what was refused at {where} is no record of a source, and cannot be repaired here")
    return raw, bus.sources[raw.source]


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise Problem("--set takes FIELD=VALUE")
    return name, value
