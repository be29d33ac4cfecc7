"""`lianfang supplies`: what places have and for how long, what to send where, and how far it is."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from connectors.envelope import Item, envelopes
from deploy.access import roles
from deploy.bus import Bus
from deploy.cli.cases import words
from deploy.cli.output import Problem, as_json, local, millis, show, table
from deploy.cli.staff import STAFF, allowed
from deploy.moment import present
from deploy.staff.register import Role
from deploy.supplies import report, stand
from deploy.supplies.costs import BadCosts, apart, tabled
from deploy.supplies.even import Plan, Proposal, even
from schemas.models.fact import Millis
from schemas.models.record import DispatchStep, SupplyItem
from schemas.models.supply import Cover, Supply
from schemas.settings import Settings

_DAY = 86_400_000
_AT = click.option("--at", "moment", type=click.DateTime(["%Y-%m-%dT%H:%M"]), help="When, Asia/Shanghai. Unset: now.")
_ITEMS = click.Choice([one.value for one in SupplyItem])
_SAYS = {
    "accept": (DispatchStep.ACCEPTED, "Accept a dispatch that was proposed: the place that gives will send it."),
    "refuse": (DispatchStep.REFUSED, "Refuse a dispatch that was not sent: nobody counts on it any more."),
    "sent": (DispatchStep.SENT, "Say that a dispatch left: it is the giver's no more, and on its way."),
    "received": (DispatchStep.RECEIVED, "Say that a dispatch arrived, with --quantity as it was counted there."),
}


@click.group()
def supplies() -> None:
    """Masks, gowns, reagents, oxygen: what each place has, for how many days, and when it runs out; dispatches that even it out. No person is in it.

    \b
    What runs out first:        `supplies list`
    What to send where:         `supplies propose --item mask --region 530624`, then with --by STAFF --send
    What becomes of it:         `supplies dispatches`; then `supplies accept`, `sent`, `received` or `refuse`

    Places report through the source `stock-report`. All steps of a dispatch are records of the source `dispatch-report`, as a depot's own system sends them.
    """  # noqa: D301 - click's mark for a paragraph to leave as it is


@supplies.command("list")
@click.option("--item", type=_ITEMS, help="One item.")
@click.option("--region", metavar="CODE", default="", help="Those in a region, by division code.")
@click.option("--state", type=click.Choice([one.value for one in Cover]), help="low: runs out within the days that a delivery takes; empty: nothing is left.")
@as_json
def list_(item: str | None, region: str, state: str | None, json_: bool) -> None:
    """What places have, what runs out first before all else."""
    with closing(Bus().reader()) as reader:
        found = stand.chosen(stand.supplies(reader), region, item, state)
    show(json_, [one.model_dump(mode="json", exclude={"causes"}) for one in found], lambda: _list(found))


@supplies.command("dispatches")
@click.option("--all", "all_", is_flag=True, help="What was received or refused too.")
@as_json
def dispatches(all_: bool, json_: bool) -> None:
    """The dispatches that are proposed, accepted or on their way."""
    with closing(Bus().reader()) as reader:
        found = stand.going(stand.dispatches(reader), ended=all_)
    rows = [(one.number, words(one.item), one.quantity, one.place, one.to, words(one.step), local(one.at), one.by) for one in found]
    columns = ("number", "item 物资", "units 数量", "from 调出", "to 调入", "step 进度", "since 时间", "by 经办")
    title = f"{len(found)} dispatches 调拨 (times: Asia/Shanghai)"
    show(json_, [one.model_dump(mode="json", exclude={"causes"}) for one in found], lambda: table(title, columns, rows))


@supplies.command("propose")
@click.option("--item", type=_ITEMS, required=True, help="Which item.")
@click.option("--region", metavar="CODE", required=True, help="Among the places of a region, by division code.")
@click.option("--costs", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="CSV table from,to,cost: what the way of one unit costs. Unset: the distance in the tree of divisions.")  # fmt: skip
@click.option("--send", "send_", is_flag=True, help="Put them on the bus as proposed.")
@STAFF
@_AT
@as_json
def propose(item: str, region: str, costs: Path | None, send_: bool, by_: str, moment: datetime | None, json_: bool) -> None:
    """Dispatches that even out the days of cover at least cost.

    The places with the least cover are lifted together as far as there is something to give, at most to the target of the policy; who has less than that gives
    nothing. Units are whole. What is on its way or proposed already counts, so that nothing is proposed twice.
    """
    bus = Bus(acts=roles.source(report.SOURCE))
    allowed(bus.settings, by_, Role.OFFICER, [region])
    at = millis(moment) if moment else present(bus.settings) // 1000 * 1000
    with closing(Bus().reader()) as reader:
        found = stand.chosen(stand.supplies(reader), region, item)
    try:
        plan = even(stand.places(found, at), bus.policy.supplies.target / _DAY, tabled(costs.read_text("utf-8").splitlines()) if costs else apart)
    except BadCosts as error:
        raise Problem(str(error)) from error
    sent = [report.proposed(one, item, by_, at) for one in plan.proposals]
    if send_:
        _write(bus, sent)
    document = {"level": round(plan.level, 1), "cost": plan.cost, "sent": send_, "dispatches": sent}
    show(json_, document, lambda: _explain(plan, item, len(found), [one["number"] for one in sent] if send_ else []))


def _stepping(name: str, step: DispatchStep, says: str) -> None:
    @supplies.command(name, help=f"{says} NUMBER is its number or the beginning of it. Said twice with the same --at, it counts once.")
    @click.argument("number", metavar="NUMBER")
    @click.option("--quantity", type=click.IntRange(min=1), help="Units, where they are others than before.")
    @STAFF
    @_AT
    @as_json
    def command(number: str, quantity: int | None, by_: str, moment: datetime | None, json_: bool) -> None:
        _say(number, step, quantity, by_, moment, json_)


for _name, (_step, _text) in _SAYS.items():
    _stepping(_name, _step, _text)


def _say(number: str, step: DispatchStep, quantity: int | None, by_: str, moment: datetime | None, json_: bool) -> None:
    bus = Bus(acts=roles.source(report.SOURCE))
    allowed(bus.settings, by_, Role.WORKER)
    at: Millis = millis(moment) if moment else present(Settings()) // 1000 * 1000
    with closing(Bus().reader()) as reader:
        known = stand.dispatches(reader)
    try:
        fields = report.stepped(stand.one_dispatch(known, number), step, by_, at, quantity)
    except stand.NotOne as error:
        raise Problem(str(error)) from error
    (record,) = _write(bus, [fields])
    show(json_, {"record": record, **fields}, lambda: click.echo(f"Reported; what becomes of it: lianfang trace {record}"))


def _write(bus: Bus, reports: list[dict[str, str]]) -> list[str]:
    """Send reports as their source would; the tokens of their records."""
    source = bus.sources[report.SOURCE]
    raws = [raw for fields in reports for raw in envelopes(source, Item(json.dumps(fields, sort_keys=True).encode()), bus.settings.keys)]
    bus.write(f"raw.{report.SOURCE}", [(raw.record, raw) for raw in raws])
    return [raw.record for raw in raws]


def _list(found: list[Supply]) -> None:
    rows: list[tuple[Any, ...]] = [
        (one.place, words(one.item), one.region, one.on_hand, one.use_per_day, one.cover, local(one.short_on) if one.short_on is not None else None,
         words(one.state), one.coming or None, one.to_get or None, one.to_give or None, local(one.at))
        for one in found
    ]  # fmt: skip
    stock = ("place 地点", "item 物资", "region 地区", "on hand 库存", "a day 日用量", "days 可用天数", "short on 断供", "state 状态")
    columns = (*stock, "coming 在途", "to get 待调入", "to give 待调出", "reported 上报")
    table(f"{len(found)} supplies 物资 (times: Asia/Shanghai)", columns, rows)


def _explain(plan: Plan, item: str, known: int, numbers: list[str]) -> None:
    click.echo(f"{known} places of {words(item)}; with these dispatches none has less than {plan.level:.1f} days of cover.")
    for place, one in enumerate(plan.proposals):
        click.echo(f"{numbers[place] + ': ' if numbers else ''}{_line(one, sum(other.quantity for other in plan.proposals if other.to == one.to))}")
    if not plan.proposals:
        click.echo("Nothing to send: nobody is below the target, or nobody has more than it.")
    elif not numbers:
        click.echo("Nothing is on the bus yet: --send puts it there as proposed.")


def _line(one: Proposal, gets: int) -> str:
    cover = one.giver.cover()
    has = f"has {one.giver.have}" + (f", {cover:.1f} days" if cover is not None else ", and uses none")
    lifted = f"{one.to.cover() or 0:.1f} days, {one.to.cover(gets) or 0:.1f} with all it gets"
    return f"{one.quantity} from {one.giver.place} ({has}) to {one.to.place} ({lifted}), cost {one.cost:g} a unit"
