"""`lianfang isolation`: who is to stay apart, until when and why; who was let go; and orders for more days than the plan."""

from __future__ import annotations

import click

from deploy.bus import Bus
from deploy.cli.cases import words
from deploy.cli.output import Problem, as_json, local, short, show, table
from schemas.models.case import Entry, LinkedCase, What
from schemas.models.isolation import Hold, Isolation, MeasureBeyond
from schemas.models.record import Service
from schemas.models.task import Task

_REGION = click.option("--region", metavar="CODE", default="", help="Only those in a region, by division code.")


@click.group()
def isolation() -> None:
    """Isolation: who is to stay apart by the plan in force, from when until when, and because of what; lifted by itself when it is due.

    \b
    Who isolates, what is due first before all else:  `isolation list`
    One person, with the evidence:                    `isolation show PERSON`
    Orders for more days than the plan:               `isolation beyond`

    The days stand in the policy under `isolation`, by edition, with sources; a new edition counts for those who isolate. Whoever is to be told that it is over
    is in `tasks list`, as `lift`; a person who is kept longer is in `tasks late`. Who was elsewhere is asked why, by the task
    `breach`; nothing else follows. No names: who looks after a person knows who it is.
    """  # noqa: D301 - click's mark for a paragraph to leave as it is


@isolation.command("list")
@_REGION
@click.option("--lifted", is_flag=True, help="Those who were let go, instead of those who isolate.")
@as_json
def list_(region: str, lifted: bool, json_: bool) -> None:
    """Those who isolate, what is due first before all else."""
    state = Hold.LIFTED if lifted else Hold.ISOLATING
    found = sorted((one for one in Bus().stands("isolation", Isolation) if one.state is state and (one.region or "").startswith(region)),
                   key=lambda one: (one.until, one.person))  # fmt: skip
    rows = [(short(one.person), words(one.reason), local(one.at), _site(one), local(one.until), one.edition or one.official, one.region,
             _told(one), local(one.breached) if one.breached else "") for one in found]  # fmt: skip
    columns = ("person", "reason 理由", "from 起", "at a site until 集中至", "until 止", "by 依据", "region 地区", "told 告知时间", "seen elsewhere 外出")
    show(json_, [one.model_dump(mode="json") for one in found], lambda: table(f"{len(found)} {words(state)} (times: Asia/Shanghai)", columns, rows))


@isolation.command("show")
@click.argument("person", metavar="PERSON")
@as_json
def show_(person: str, json_: bool) -> None:
    """The last isolation of PERSON, by key or the beginning of it, with what it follows from, the care visits in it, and the services that were asked for."""
    found = [one for one in Bus().stands("isolation", Isolation) if one.person.startswith(person)]
    if len(found) != 1:
        raise Problem(f"{len(found)} people with an isolation have a key that begins so: give more of it, or look with `lianfang isolation list`")
    (one,) = found
    visits, services = _visits(one), _services(one)
    lists = {"visits": [line.model_dump(mode="json") for line in visits], "services": [task.model_dump(mode="json") for task in services]}
    show(json_, one.model_dump(mode="json") | lists, lambda: _whole(one, visits, services))


@isolation.command("beyond")
@_REGION
@as_json
def beyond(region: str, json_: bool) -> None:
    """Orders for more days than the plan asks for, by official; on whom is not said. The official withdraws or shortens the order, by its number."""
    found = sorted((one for one in Bus().stands("measure.beyond", MeasureBeyond) if (one.region or "").startswith(region)),
                   key=lambda one: (one.official, one.at, one.id))  # fmt: skip
    rows = [(one.official, words(one.kind), words(one.reason), local(one.at), local(one.until), one.region) for one in found]
    columns = ("official 提出人", "measure 措施", "reason 理由", "beyond from 超期起", "to 止", "region 地区")
    show(json_, [one.model_dump(mode="json") for one in found], lambda: table(f"{len(found)} orders beyond the plan 超期隔离令", columns, rows))


def _visits(one: Isolation) -> list[Entry]:
    """The care visits of the isolation, those too that found nobody."""
    lines = [line for case in Bus().stands("case.linked", LinkedCase) if case.person == one.person for line in case.timeline]
    return [line for line in lines if line.what in (What.CARED, What.ABSENT) and one.at <= line.at < one.until]


def _services(one: Isolation) -> list[Task]:
    """What is asked for, by when it was."""
    mine = [task for task in Bus().stands("task", Task) if task.person == one.person and task.work.value in {service.value for service in Service}]
    return sorted(mine, key=lambda task: (task.opened, task.work))


def _whole(one: Isolation, visits: list[Entry], services: list[Task]) -> None:
    lines = {
        "state 状态": words(one.state), "reason 理由": words(one.reason), "since 起因": words(one.ground), "from 起": local(one.at),
        "at a site until 集中至": _site(one), "until 止": local(one.until), "edition 方案": one.edition, "ordered by 提出人": one.official,
        "told 告知时间": _told(one), "seen elsewhere 外出": local(one.breached) if one.breached else "",
        "region 地区": one.region, "follows from 依据": ", ".join(one.causes),
    }  # fmt: skip
    table(f"Isolation 隔离 {one.person}", ("", ""), [(name, value) for name, value in lines.items() if value])
    if visits:
        rows = [(local(line.at), words(line.what), words(line.note) if line.note else "", line.other) for line in visits]
        table(f"{len(visits)} care visits 随访", ("at 时间", "what", "how 方式", "by 随访人"), rows)
    if services:
        asked = [(words(task.work), local(task.opened), local(task.due), words(task.state), task.owner, task.by) for task in services]
        table(f"{len(services)} services 服务", ("service 服务", "asked for 提出", "due 期限", "state 状态", "owner 承办", "done by 办理人"), asked)


def _site(one: Isolation) -> str:
    return local(one.site_until) if one.site_until else ""


def _told(one: Isolation) -> str:
    return local(one.told) if one.told else "nobody yet"
