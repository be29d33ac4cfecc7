"""`lianfang needs`: what people need of others, to whom it is offered, and what nobody has."""

from __future__ import annotations

from contextlib import closing

import click

from deploy import needs as read
from deploy.bus import Bus
from deploy.cli.cases import words
from deploy.cli.output import Problem, as_json, local, short, show, table
from schemas.models.need import Need, NeedKind, NeedState

_STATES = click.Choice([one.value for one in NeedState])


@click.group()
def needs() -> None:
    """Medicine, food, dialysis, transport: what people need who are ill, isolate or live where all is closed, and which provider serves it.

    \b
    What nobody has, by urgency:   `needs list --state unmet`
    One need and its offer:        `needs show NAME`

    Needs come from the source `resident-need`, providers from `provider-report`, and what they say to an offer from `offer-answer`.
    A provider is told what is needed in which community, and the phone only of whom it accepted. Who does not answer in time is not asked again;
    what nobody has goes up the tree of divisions.
    """  # noqa: D301 - click's mark for a paragraph to leave as it is


@needs.command("list")
@click.option("--region", metavar="CODE", default="", help="Those in a region, by division code.")
@click.option("--need", "kind", type=click.Choice([one.value for one in NeedKind]), help="One kind of need.")
@click.option("--state", type=_STATES, help="unmet: nobody has it; offered: a provider was asked; accepted; done.")
@as_json
def list_(region: str, kind: str | None, state: str | None, json_: bool) -> None:
    """The needs that stand: by urgency, what nobody has before all else, then by time. Nobody is named."""
    found = read.chosen(_standing(), region, kind, state)
    rows = [
        (short(one.name), words(one.line.need), words(one.line.urgency), one.line.quantity, one.line.region, local(one.line.since), words(one.line.state),
         one.line.place, local(one.line.due) if one.line.due is not None else None, one.asked or None, one.line.escalated_to)
        for one in found
    ]  # fmt: skip
    asked = ("need", "what 求助", "urgency 缓急", "people 人数", "region 地区", "since 提出")
    columns = (*asked, "state 状态", "provider 提供方", "answer by 应答时限", "asked before 已询", "now with 上报至")
    show(json_, [_plain(one) for one in found], lambda: table(f"{len(found)} needs 求助 (times: Asia/Shanghai)", columns, rows))


@needs.command("show")
@click.argument("name", metavar="NAME")
@as_json
def show_(name: str, json_: bool) -> None:
    """One need by its NAME or the beginning of it, with the number by which the provider answers and the facts from which it follows."""
    try:
        one = read.one_need(_standing(), name)
    except read.NotOne as error:
        raise Problem(str(error)) from error
    show(json_, one.model_dump(mode="json"), lambda: _tell(one))


def _standing() -> list[Need]:
    with closing(Bus().reader()) as reader:
        return read.standing_needs(reader)


def _plain(one: Need) -> dict[str, object]:
    """Without the key of the person, whom a list of needs is not about."""
    return one.model_dump(mode="json", exclude={"causes", "person"})


def _tell(one: Need) -> None:
    line = one.line
    rows = [
        ("need", one.name), ("what 求助", f"{words(line.need)}, {words(line.urgency)}, for {line.quantity}"), ("region 地区", line.region),
        ("since 提出", local(line.since)), ("state 状态", words(line.state)), ("provider 提供方", line.place), ("offer 派单号", line.number),
        ("answer by 应答时限", local(line.due) if line.due is not None else None),
        ("asked before 已询", one.asked), ("now with 上报至", line.escalated_to), ("follows from 依据", ", ".join(short(cause) for cause in one.causes)),
    ]  # fmt: skip
    table("a need 求助 (times: Asia/Shanghai)", ("", ""), [row for row in rows if row[1] is not None])
