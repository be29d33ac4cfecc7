"""`lianfang handover`: a case goes from one county to another, by offer and acceptance."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from typing import Any

import click

from connectors.envelope import Item, envelopes
from deploy import work
from deploy.access import roles
from deploy.bus import Bus
from deploy.cli.cases import one_case, read
from deploy.cli.output import Problem, as_json, local, millis, short, show, table
from deploy.cli.staff import STAFF, allowed
from deploy.handover import NotHandedOver, answered, of, offered
from deploy.moment import present
from deploy.staff.register import Role
from schemas.models.case import LinkedCase
from schemas.models.record import Handling, Remark
from schemas.settings import Settings

_AT = click.option("--at", "moment", type=click.DateTime(["%Y-%m-%dT%H:%M"]), help="When, Asia/Shanghai. Unset: now.")
_CASE = click.argument("person", metavar="PERSON")


@click.group()
def handover() -> None:
    """Give a case to another county: offered, accepted or refused with a reason, in the time of the policy.

    Until the other county accepts, the first answers for the case. All of it are records of the source `task-report`, as a county's own system sends them,
    so a later correction of who is who takes it along.
    """


@handover.command("offer")
@_CASE
@click.option("--to", required=True, metavar="CODE", help="Division code of the county that is to have it.")
@STAFF
@_AT
@as_json
def offer(person: str, to: str, by_: str, moment: datetime | None, json_: bool) -> None:
    """Offer the case of PERSON (its key or the beginning of it) to another county. Only an officer of the county that answers for it can."""
    _say(person, by_, moment, json_, lambda case: of(case).region, lambda case, at: offered(case, to, by_, at))


@handover.command("accept")
@_CASE
@STAFF
@_AT
@as_json
def accept(person: str, by_: str, moment: datetime | None, json_: bool) -> None:
    """Accept the case of PERSON that was offered to your county: from then on it answers for it."""
    _say(person, by_, moment, json_, lambda case: of(case).to, lambda case, at: answered(case, Handling.ACCEPTED, by_, at))


@handover.command("refuse")
@_CASE
@click.option("--reason", required=True, type=click.Choice([one.value for one in Remark]), help="Why.")
@STAFF
@_AT
@as_json
def refuse(person: str, reason: str, by_: str, moment: datetime | None, json_: bool) -> None:
    """Refuse the case of PERSON that was offered to your county; the one that offered it goes on to answer for it."""
    _say(person, by_, moment, json_, lambda case: of(case).to, lambda case, at: answered(case, Handling.REFUSED, by_, at, Remark(reason)))


@handover.command("list")
@as_json
def list_(json_: bool) -> None:
    """The cases that were offered, to whom, and what was answered. Those that are late are tasks: `lianfang tasks list --overdue`."""
    with closing(Bus().reader()) as reader:
        found = [_document(case) for case in read(reader) if of(case).offer]
    rows = [(short(one["person"]), one["from"], one["to"], local(one["offered"]), one["answer"], local(one["answered"]), one["responsible"]) for one in found]
    columns = ("person", "from 移出", "to 移入", "offered 提出", "answer 答复", "answered", "answers now 负责")
    show(json_, found, lambda: table(f"{len(found)} hand-overs 移交", columns, rows))


def _document(case: LinkedCase) -> dict[str, Any]:
    found = of(case)
    assert found.offer
    answer = found.answer
    return {"person": case.person, "from": found.by, "to": found.to, "offered": found.offer.at, "answer": answer.what.value if answer else "waits",
            "answered": answer.at if answer else None, "responsible": case.responsible}  # fmt: skip


def _say(person: str, by_: str, moment: datetime | None, json_: bool, whose: Callable[[LinkedCase], str | None],
         made: Callable[[LinkedCase, int], dict[str, str]]) -> None:  # fmt: skip
    """Report it, when the member is an officer of the county that has the say."""
    bus = Bus(acts=roles.source(work.SOURCE))
    allowed(bus.settings, by_, Role.OFFICER)
    with closing(bus.acting(roles.OPERATOR).reader()) as reader:
        case = one_case(reader, person)
    at = millis(moment) if moment else present(Settings()) // 1000 * 1000
    try:
        fields = made(case, at)
    except NotHandedOver as error:
        raise Problem(str(error)) from error
    allowed(bus.settings, by_, Role.OFFICER, [whose(case) or ""])
    raws = list(envelopes(bus.sources[work.SOURCE], Item(json.dumps(fields, sort_keys=True).encode()), bus.settings.keys))
    bus.write(f"raw.{work.SOURCE}", [(raw.record, raw) for raw in raws])
    show(json_, {"record": raws[0].record, **fields}, lambda: click.echo(f"Reported; what becomes of it: lianfang trace {raws[0].record}"))
