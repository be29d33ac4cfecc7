"""`lianfang tasks`: who has to do what, and saying what became of it."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import datetime

import click

from connectors.envelope import Item, envelopes
from deploy import work
from deploy.access import roles
from deploy.bus import Bus
from deploy.cli.cases import words
from deploy.cli.output import Problem, as_json, local, millis, short, show, table
from deploy.cli.staff import allowed
from deploy.moment import present
from deploy.staff.register import Role
from schemas.models.record import Handling, Remark
from schemas.models.task import Owner, Task
from schemas.settings import Settings

_SAYS = {
    "accept": (Handling.ACCEPTED, "Say that you take a task on: from then on you answer for it."),
    "done": (Handling.DONE, "Say that a task is done."),
    "skip": (Handling.NOT_APPLICABLE, "Say that there is nothing to do, such as for who moved away."),
    "refuse": (Handling.REFUSED, "Say that you cannot do it: a referral goes back to the referrer at once, a grid worker's task to the community."),
}


@click.group()
def tasks() -> None:
    """What somebody has to do about people: visits, checks, referrals, specimens. No names: who has a task knows the person from the agency's release.

    A report on a task goes through the connector of the source `task-report`, as one that a community's own system sends.
    """


@tasks.command("list")
@click.option("--worker", metavar="CODE", help="Those of a grid worker, by staff code.")
@click.option("--region", metavar="CODE", help="Those in a region, by division code.")
@click.option("--clinic", metavar="PLACE", help="Those that a facility has to do, or answers for.")
@click.option("--overdue", is_flag=True, help="Only what is overdue.")
@click.option("--all", "all_", is_flag=True, help="What has ended too.")
@as_json
def list_(worker: str | None, region: str | None, clinic: str | None, overdue: bool, all_: bool, json_: bool) -> None:
    """The open tasks, what is due first before all else."""
    found = work.chosen(_standing(), worker, region, clinic, late=overdue, ended=all_)
    show(json_, [one.model_dump(mode="json", exclude={"causes"}) for one in found], lambda: _list(found))


@tasks.command("show")
@click.argument("task", metavar="TASK")
@as_json
def show_(task: str, json_: bool) -> None:
    """One TASK, by its name or the beginning of it, with the evidence that asks for it."""
    found = _one(task)
    show(json_, found.model_dump(mode="json"), lambda: _whole(found))


@tasks.command("late")
@click.option("--digits", default=9, show_default=True, type=click.IntRange(2, 15), help="How fine: 6 by county, 9 township, 12 community, 15 grid cell.")
@as_json
def late(digits: int, json_: bool) -> None:
    """What is overdue, by region and kind: for supervisors."""
    found = work.late_by_region(_standing(), digits)
    rows = [(one.region or "unknown", words(one.work), one.tasks, local(one.oldest)) for one in found]
    show(json_, [one._asdict() for one in found], lambda: table("Overdue 逾期任务", ("region 地区", "task 任务", "how many 件数", "oldest due 最早期限"), rows))


@tasks.command("record")
@click.option("--region", metavar="CODE", default="", help="Only tasks in a region, by division code.")
@as_json
def record(region: str, json_: bool) -> None:
    """What each owner did in time, late, or has not done: for fair rewards, and to see who needs help. The least in time comes first.

    What was not applicable, or is not due yet, counts for nobody; a daily check counts once, by its latest day.
    """
    found = work.record(_standing(), region)
    rows = [(one.owner or "nobody", words(one.owned_by), one.in_time, one.late, one.overdue) for one in found]
    columns = ("owner 责任人", "kind 类别", "in time 按时", "late 逾期完成", "overdue 逾期未完成")
    show(json_, [one._asdict() for one in found], lambda: table("Record of work 履职记录", columns, rows))


def _saying(name: str, handling: Handling, says: str) -> None:
    @tasks.command(name, help=f"{says} TASK is its name or the beginning of it. Said twice with the same --at, it counts once.")
    @click.argument("task", metavar="TASK")
    @click.option("--by", "by_", required=True, metavar="STAFF", help="Staff code of who reports.")
    @click.option("--reason", type=click.Choice([one.value for one in Remark]), help="How, or why.")
    @click.option("--at", "moment", type=click.DateTime(["%Y-%m-%dT%H:%M"]), help="When, Asia/Shanghai. Unset: now.")
    @as_json
    def command(task: str, by_: str, reason: str | None, moment: datetime | None, json_: bool) -> None:
        _report(task, handling, by_, reason, moment, json_)


for _name, (_handling, _text) in _SAYS.items():
    _saying(_name, _handling, _text)


@tasks.command("hand-over")
@click.argument("task", metavar="TASK")
@click.option("--to", required=True, metavar="CODE", help="Staff code, or of a facility's task the place code, of who has it from now on.")
@click.option("--by", "by_", required=True, metavar="STAFF", help="Staff code of who hands it over.")
@click.option("--at", "moment", type=click.DateTime(["%Y-%m-%dT%H:%M"]), help="When, Asia/Shanghai. Unset: now.")
@as_json
def hand_over(task: str, to: str, by_: str, moment: datetime | None, json_: bool) -> None:
    """Give a TASK (its name or the beginning of it) to somebody else."""
    _report(task, Handling.HANDED_OVER, by_, None, moment, json_, to)


def _report(name: str, handling: Handling, by_: str, reason: str | None, moment: datetime | None, json_: bool, to: str | None = None) -> None:
    at = millis(moment) if moment else present(Settings()) // 1000 * 1000
    bus = Bus(acts=roles.source(work.SOURCE))
    allowed(bus.settings, by_, Role.WORKER)
    try:
        task = _one(name)
        allowed(bus.settings, by_, Role.WORKER, [task.region] if task.region else [])
        fields = work.report(task, handling, by_, at, Remark(reason) if reason else None, to)
    except work.NotOne as error:
        raise Problem(str(error)) from error
    raws = list(envelopes(bus.sources[work.SOURCE], Item(json.dumps(fields, sort_keys=True).encode()), bus.settings.keys))
    bus.write(f"raw.{work.SOURCE}", [(raw.record, raw) for raw in raws])
    show(json_, {"record": raws[0].record, **fields}, lambda: click.echo(f"Reported; what becomes of it: lianfang trace {raws[0].record}"))


def _standing() -> list[Task]:
    with closing(Bus().reader()) as reader:
        return work.tasks(reader)


def _one(name: str) -> Task:
    try:
        return work.one_task(_standing(), name)
    except work.NotOne as error:
        raise Problem(str(error)) from error


def _list(found: list[Task]) -> None:
    rows = [
        (short(one.task), words(one.work), words(one.state), local(one.due), _whose(one), one.region, words(one.reason), one.escalated_to, short(one.person))
        for one in found
    ]
    columns = ("task", "what 事项", "state 状态", "due 期限", "owner 责任人", "region 地区", "because 缘由", "now with 上报至", "person")
    table(f"{len(found)} tasks 任务 (times: Asia/Shanghai)", columns, rows)


def _whose(one: Task) -> str:
    return f"{words(one.owned_by)} {one.owner}" if one.owned_by is not Owner.FACILITY else one.owner


def _whole(one: Task) -> None:
    facts = [
        ("task", one.task), ("what", words(one.work)), ("person", one.person), ("state", words(one.state)), ("since", local(one.at)),
        ("because", words(one.reason)), ("owner", _whose(one)), ("answers for it", one.responsible), ("concerns", one.other), ("region", one.region),
        ("opened", local(one.opened)), ("due", local(one.due)), ("now with", one.escalated_to), ("ended by", one.by), ("remark", words(one.remark)),
        ("evidence", ", ".join(map(short, one.causes))),
    ]  # fmt: skip
    table("Task 任务 (times: Asia/Shanghai)", ("", ""), facts)
