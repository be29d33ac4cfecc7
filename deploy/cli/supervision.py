"""`lianfang supervision`: complaints with their due answers, and communities that are closed without a decision."""

from __future__ import annotations

import click

from deploy.bus import Bus
from deploy.cli.cases import words
from deploy.cli.output import Problem, as_json, local, show, table
from schemas.models.rights import ClosureAlert, Complaint, ComplaintState

_ENDED = (ComplaintState.UPHELD, ComplaintState.NOT_UPHELD)
_REGION = click.option("--region", metavar="CODE", help="Those in a region, by division code.")
_COLUMNS = ("number 编号", "about 事由", "region 地区", "made 投诉时间", "due 期限", "answered by 承办", "state 状态", "now with 上报")


@click.group()
def supervision() -> None:
    """Rights of residents: what is complained about and whether it is answered in time, and who is closed in without a decision.

    \b
    What waits for an answer, the oldest first:      `supervision complaints`
    What became of one, by the number of its receipt: `supervision complaint C-2020-17`
    Communities closed without a decision:            `supervision closures`

    Complaints and answers come through the sources `complaint` and `complaint-answer`, closures through `closure-report`; nobody is named in them. Measures
    without evidence are under `lianfang measures refused`, isolations beyond their days under `lianfang isolation beyond`, overdue work and how each owner
    keeps what is due under `lianfang tasks late` and `lianfang tasks record`.
    """  # noqa: D301 - click's mark for a paragraph to leave as it is


@supervision.command("complaints")
@_REGION
@click.option("--all", "all_", is_flag=True, help="Concluded ones too.")
@as_json
def complaints(region: str | None, all_: bool, json_: bool) -> None:
    """Complaints that wait for an answer, what is due first before all else."""
    found = sorted(Bus().stands("complaint", Complaint), key=lambda one: (one.due, one.number))
    found = [one for one in found if (all_ or one.state not in _ENDED) and (region is None or one.answered_by.startswith(region))]
    title = f"{len(found)} complaints 投诉 (times: Asia/Shanghai)"
    show(json_, [one.model_dump(mode="json") for one in found], lambda: table(title, _COLUMNS, [_row(one) for one in found]))


@supervision.command("complaint")
@click.argument("number")
@as_json
def complaint(number: str, json_: bool) -> None:
    """What became of a complaint, for whoever has the number of its receipt."""
    found = [one for one in Bus().stands("complaint", Complaint) if one.number == number.upper()]
    if not found:
        raise Problem(f"no complaint {number.upper()} stands: look at the number on the receipt, or it was withdrawn")
    show(json_, [one.model_dump(mode="json") for one in found], lambda: table("Complaint 投诉 (times: Asia/Shanghai)", _COLUMNS, [_row(one) for one in found]))


@supervision.command("closures")
@_REGION
@as_json
def closures(region: str | None, json_: bool) -> None:
    """Communities that are closed though no level and no risk area that stands allows it, the newest first."""
    found = sorted(Bus().stands("closure.alert", ClosureAlert), key=lambda one: (-one.at, one.area))
    found = [one for one in found if region is None or one.area.startswith(region)]
    rows = [(one.area, local(one.at), "" if one.until is None else local(one.until), words(one.why), one.by) for one in found]
    columns = ("area 地区", "without decision from 起", "until 止", "why 原因", "reported by 上报人")
    show(json_, [one.model_dump(mode="json") for one in found], lambda: table(f"{len(found)} closures 无决定封闭 (times: Asia/Shanghai)", columns, rows))


def _row(one: Complaint) -> tuple[str, ...]:
    return (one.number, words(one.about), one.region or "", local(one.since), local(one.due), one.answered_by, words(one.state), one.escalated_to or "")
