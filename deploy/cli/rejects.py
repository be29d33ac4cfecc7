"""`lianfang rejects`: list and show; repair and approve are in a module of their own."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from typing import Any

import click

from connectors.reader import Reader
from deploy.access import roles
from deploy.bus import Bus
from deploy.cli.linkage import by, unmasked
from deploy.cli.output import Problem, as_json, local, short, show, table
from deploy.cli.repair import approve, repair
from deploy.cli.staff import allowed
from deploy.rejects import standing
from deploy.rejects.shown import as_text, changed, covered, fields_of, wrong_in
from deploy.rejects.standing import Refused, Stand
from deploy.staff.register import Role
from schemas.models.raw import Raw, RejectLook


@click.group()
def rejects() -> None:
    """Records that could not be understood, with every reason and the place of the original.

    \b
    One record is wrong:    `rejects repair`, then `rejects approve` by a second person
    A mapping was wrong:    correct the source's file, start the workers again, then `lianfang replay`
    """  # noqa: D301 - click's mark for a paragraph to leave as it is


for command in (repair, approve):
    rejects.add_command(command)


@rejects.command("list")
@click.option("--source", help="Only those of one source.")
@click.option("--state", type=click.Choice([one.value for one in Stand]), help="Only those that are so far.")
@as_json
def list_(source: str | None, state: str | None, json_: bool) -> None:
    """All refused records, each with how far its repair is: open, proposed, or repaired."""
    with closing(Bus(acts=roles.STEWARD).reader()) as reader:
        found = [one for one in standing.refused(reader) if source in (None, one.reject.source) and state in (None, one.stand.value)]
    rows = [(short(one.reject.record), one.reject.source, local(one.reject.at), one.stand.value, _reasons(one)) for one in found]
    show(
        json_,
        [one.reject.model_dump(mode="json") | {"state": one.stand.value} for one in found],
        lambda: table(f"{len(rows)} refused records", ("record", "source", "received", "state", "reasons"), rows),
    )


@rejects.command("show")
@click.argument("record")
@click.option("--original", is_flag=True, help="Also the bytes as they arrived; needs --reason and --by.")
@by
@as_json
def show_(record: str, original: bool, reason: str | None, by_: str | None, json_: bool) -> None:
    """One refused record, by its token or the beginning of it: reasons, fields, and what was proposed.

    Fields are masked (王*, 138****0001) unless --reason and --by are given, which is recorded.
    """
    plain = unmasked(reason, by_)
    if original and not plain:
        raise Problem("the original may name a person: give --reason and --by")
    bus = Bus(acts=roles.STEWARD)
    if plain:
        allowed(bus.settings, str(by_), Role.STEWARD)
    with closing(bus.reader()) as reader:
        found = [one for one in standing.refused(reader) if one.reject.record.startswith(record) or one.reject.id.startswith(record)]
        if not found:
            raise Problem(f"no refused record begins with {record}; `lianfang rejects list` shows them")
        if plain:
            _look(bus, found, str(by_), str(reason))
        value = [_value(bus, reader, one, plain, original) for one in found]
    show(json_, value, lambda: _tell(value))


def _look(bus: Bus, found: Sequence[Refused], by_: str, reason: str) -> None:
    """Record the looks before anything is shown."""
    now = time.time_ns() // 1_000_000
    looks = [RejectLook.of(causes=[one.reject.id], at=now, reject=one.reject.id, by=by_, reason=reason) for one in found]
    bus.write("reject.look", [(look.reject, look) for look in looks])


def _value(bus: Bus, reader: Reader, one: Refused, plain: bool, original: bool) -> dict[str, Any]:
    """The document of a refused record."""
    pointer = one.reject.pointer
    raw = reader.raw_bytes(pointer.topic, pointer.partition, pointer.offset)
    if not isinstance(raw, Raw) or raw.source not in bus.sources:
        return one.reject.model_dump(mode="json") | {"state": one.stand.value, "fields": None, "repairs": []}
    fields, source = fields_of(raw), bus.sources[raw.source]
    repairs = []
    for proposal in one.repairs:
        after = bus.settings.keys.decrypt(proposal.record, proposal.sealed) or {}  # of an erased person nothing can be read
        approvals = [approval.by for approval in one.approvals if approval.repair == proposal.id]
        names = changed(fields, after)
        shown = after if plain else covered(source, after, names)
        repairs.append({"repair": proposal.id, "by": proposal.by, "reason": proposal.reason, "approved_by": approvals,
                        "changes": {name: shown.get(name) for name in names}})  # fmt: skip
    told = None if fields is None else fields if plain else covered(source, fields, wrong_in(one.reject))
    found = one.reject.model_dump(mode="json") | {"state": one.stand.value, "fields": told, "repairs": repairs}
    return found | ({"original": as_text(raw)} if original else {})


def _reasons(one: Refused) -> str:
    return "; ".join(f"{reason.field}: {reason.problem}" for reason in one.reject.reasons)


def _tell(value: Sequence[dict[str, Any]]) -> None:
    for one in value:
        names = ("record", "id", "source", "version", "state", "pointer")
        table("Refused record", ("", ""), [("original at" if name == "pointer" else name, one[name]) for name in names])
        table("Reasons", ("field", "what is wrong and what is expected"), [(reason["field"], reason["problem"]) for reason in one["reasons"]])
        if one["fields"] is not None:
            table("Fields", ("field", "value"), list(one["fields"].items()))
        for repair_ in one["repairs"]:
            state = f"approved by {', '.join(repair_['approved_by'])}" if repair_["approved_by"] else "waits for a second person"
            title = f"Repair {short(repair_['repair'])} by {repair_['by']} ({repair_['reason']}), {state}"
            table(title, ("field", "new value"), list(repair_["changes"].items()))
        if "original" in one:
            click.echo(f"Original (personal data; do not pass on):\n{one['original']}")
