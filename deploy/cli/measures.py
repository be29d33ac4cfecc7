"""`lianfang measures`: what is put on people and by whom, what was refused, and who was refused too often."""

from __future__ import annotations

from collections import Counter

import click

from deploy.bus import Bus
from deploy.cli.cases import words
from deploy.cli.output import as_json, local, short, show, table
from schemas.models.measure import MeasureAlert, MeasureInForce, MeasureRefused
from streams.measures.supervision import hour_of

_OFFICIAL = click.option("--official", metavar="STAFF", help="Those that one official asked for, by staff code.")
_REGION = click.option("--region", metavar="CODE", help="Those asked for in a region, by division code.")


@click.group()
def measures() -> None:
    """Measures on people: a colour of the health code, isolation, travel. One is in force only while evidence on the bus supports it.

    \b
    Which ones are in force, and until when:  `measures list`
    Who asked for what without evidence:      `measures refused`
    Who was refused too often in an hour:     `measures alerts`

    They are asked for through the source `measure-request`. What supports which measure and for how long is in the policy, under `measures`. Each measure,
    refusal and alert is in the log that can be proved; no refusal says on whom the measure was to be put.
    """  # noqa: D301 - click's mark for a paragraph to leave as it is


@measures.command("list")
@_OFFICIAL
@_REGION
@as_json
def list_(official: str | None, region: str | None, json_: bool) -> None:
    """The measures in force, what ends first before all else. A person is a key; who may know more looks at the linked case."""
    found = sorted(Bus().stands("measure.standing", MeasureInForce), key=lambda one: (one.until, one.id))
    found = [one for one in found if (official is None or one.official == official) and (region is None or (one.region or "").startswith(region))]
    rows = [(words(one.kind), words(one.reason), short(one.person), local(one.at), local(one.until), one.official, one.region) for one in found]
    columns = ("measure 措施", "reason 理由", "person", "from 起", "until 止", "official 提出人", "region 地区")
    show(json_, [one.model_dump(mode="json") for one in found], lambda: table(f"{len(found)} measures 在施措施 (times: Asia/Shanghai)", columns, rows))


@measures.command("refused")
@_OFFICIAL
@_REGION
@as_json
def refused(official: str | None, region: str | None, json_: bool) -> None:
    """Refused measures, counted by official and hour; with --json each by itself, with the id under which the log has it."""
    found = sorted(Bus().stands("measure.refused", MeasureRefused), key=lambda one: (one.official, one.at, one.id))
    found = [one for one in found if (official is None or one.official == official) and (region is None or (one.region or "").startswith(region))]
    counted = Counter((one.official, hour_of(one.at), one.region, one.kind, one.why) for one in found)
    rows = [(by, local(hour), count, words(kind), words(why), where) for (by, hour, where, kind, why), count in counted.items()]
    columns = ("official 提出人", "hour 时段", "how many 件数", "measure 措施", "why 拒绝原因", "region 地区")
    show(json_, [one.model_dump(mode="json") for one in found], lambda: table(f"{len(found)} refused 被拒措施 (times: Asia/Shanghai)", columns, rows))


@measures.command("alerts")
@as_json
def alerts(json_: bool) -> None:
    """Officials who were refused more often within an hour than the policy allows, the newest first."""
    found = sorted(Bus().stands("measure.alert", MeasureAlert), key=lambda one: (-one.at, one.official))
    counted = Counter((one.official, hour_of(one.at)) for one in Bus().stands("measure.refused", MeasureRefused)) if found else Counter()
    rows = [(one.official, local(one.at), counted[one.official, one.at], one.allowed) for one in found]
    documents = [one.model_dump(mode="json") | {"refused": counted[one.official, one.at]} for one in found]
    columns = ("official 提出人", "hour 时段", "refused 被拒", "allowed 允许")
    show(json_, documents, lambda: table(f"{len(found)} alerts 越权告警 (times: Asia/Shanghai)", columns, rows))
