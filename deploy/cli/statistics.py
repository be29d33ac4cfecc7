"""`lianfang statistics`: how many people stand where, and whether it adds up."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from typing import Any, TypeVar

import click

from deploy import ages, work
from deploy import statistics as told
from deploy.bus import Bus
from deploy.cli.cases import read, words
from deploy.cli.linkage import reason_of
from deploy.cli.output import Problem, as_json, local, millis, show, table
from deploy.cli.staff import allowed
from deploy.linkage.decide import reasons
from deploy.staff.register import Role
from deploy.suppress import Shown, suppressed
from schemas.models.statistic import Measure
from streams.statistics.cells import UNKNOWN

_SUPPRESSED = "*"
_NOT_TOLD = "unknown 不详"
"""What nobody told: the band of ages of a case, or a symptom without a word."""
F = TypeVar("F", bound=Callable[..., Any])


def exactly(decorated: F) -> F:
    """The options by which somebody asks for small counts."""
    decorated = click.option("--reason", metavar="WORD", help=f"Why: {', '.join(reasons('look'))}.")(decorated)
    decorated = click.option("--by", "by_", metavar="STAFF", help="Staff code of who looks; needed with --exact.")(decorated)
    return click.option("--exact", is_flag=True, help="Show small counts too; needs --by and --reason.")(decorated)


@click.group()
def statistics() -> None:
    """Counts of people, absences and tasks by region, always equal to the fold of what stands. Small counts are shown as `*`, and none from which they follow.

    \b
    lianfang statistics show --region 5306 --measure status
    lianfang statistics show --region 530624 --measure onset --exact --by OP-1 --reason tracing --as-of 2020-02-01T12:00
    lianfang statistics show --region 530624 --measure onset --exact --by OP-1 --reason quality --revisions
    lianfang statistics ages --region 5306 --every week
    lianfang statistics check
    """  # noqa: D301 - the control character itself, click's mark for a paragraph to leave as it is


@statistics.command("show")
@click.option("--region", required=True, metavar="CODE", help="Division code, of a province down to a community; or `unknown`.")
@click.option("--measure", required=True, type=click.Choice([one.value for one in Measure]), help="By what is counted.")
@exactly
@click.option("--as-of", "moment", type=click.DateTime(["%Y-%m-%dT%H:%M"]), help="As it was known then, Asia/Shanghai; needs --exact.")
@click.option("--revisions", is_flag=True, help="Every change of a count, and when it was made; needs --exact.")
@as_json
def show_(region: str, measure: str, exact: bool, by_: str | None, reason: str | None, moment: datetime | None, revisions: bool, json_: bool) -> None:
    """Counts of a region, and of the divisions one level below."""
    bus = Bus()
    if not exact and (revisions or moment):
        raise Problem("two moments side by side tell of one person: --as-of and --revisions need --exact, with --by and --reason")
    may_see_all(bus, region, by_, reason, exact=exact)
    with closing(bus.reader()) as reader:
        entries = list(reader.read("statistic"))
    if revisions:
        _revisions(told.of_region(told.revisions(entries), region, Measure(measure)), json_)
        return
    counts = told.chosen(told.stands(entries, millis(moment) if moment else None), region, Measure(measure))
    found: Shown = dict(counts) if exact else suppressed(counts, bus.policy.smallest_count, region)
    value = [{"region": row, "value": column, "count": count, "suppressed": count is None} for (row, column), count in sorted(found.items())]
    show(json_, value, lambda: _table(found, measure))


@statistics.command("ages")
@click.option("--region", required=True, metavar="CODE", help="Division code, of a province down to a community; or `unknown`.")
@click.option("--every", default="week", show_default=True, type=click.Choice(["day", "week"]), help="By the day of report, or its ISO week (by its Monday).")
@exactly
@as_json
def ages_(region: str, every: ages.Every, exact: bool, by_: str | None, reason: str | None, json_: bool) -> None:
    """Cases of a region by week or day of report and by band of ages, as they stand now; the row `all` is what `show --measure age` shows of the region.

    Where a small count would follow from the sums whatever is left out, none but these is shown: take weeks, or a larger region.
    """
    bus = Bus()
    may_see_all(bus, region, by_, reason, exact=exact)
    with closing(bus.reader()) as reader:
        cases = read(reader)
    found: Shown = dict(ages.by_report(cases, region, every)) if exact else ages.shown(cases, region, every, bus.policy.smallest_count)
    value = [{"from": row, "age_band": band, "count": count, "suppressed": count is None} for (row, band), count in sorted(found.items())]
    show(json_, value, lambda: _by_band(found, every))


@statistics.command("check")
@click.option("--patience", default=20, show_default=True, type=click.IntRange(0), help="Seconds in which what was just read may still be counted.")
@as_json
def check(patience: int, json_: bool) -> None:
    """Count all linked cases, tasks and reports of absence anew, and compare every cell; the exit code is 1 when one differs."""
    limit = time.monotonic() + patience
    with closing(Bus().reader()) as reader:
        while True:
            counts = told.stands(reader.read("statistic"))
            wrong = told.compared([*read(reader), *work.tasks(reader), *told.absences(reader.read("record.absence"))], counts)
            if not wrong or time.monotonic() > limit:
                break
            time.sleep(1)
    value = {"cells": len(counts), "wrong": [{**one.key._asdict(), "says": one.says, "counted": one.stands} for one in wrong]}
    show(json_, value, lambda: _checked(len(counts), wrong))
    if wrong:
        raise Problem(f"{len(wrong)} counts are not those of what stands; `lianfang reconcile` says whether a stage lost something or is behind")


def may_see_all(bus: Bus, region: str, by_: str | None, reason: str | None, *, exact: bool) -> None:
    """Return when whoever asks may see small counts of a region, or does not ask for them; raises Problem."""
    if exact:
        if not by_ or not reason:
            raise Problem("--exact needs --by and --reason: small counts can tell of one person")
        reason_of("look", reason)
        allowed(bus.settings, by_, Role.OFFICER, [region])


def _table(found: Shown, measure: str) -> None:
    rows = [(row, *_value(column), _SUPPRESSED if count is None else count) for (row, column), count in sorted(found.items())]
    note = "; * small, or what would give a small one away" if None in found.values() else ""
    table(f"People by {words(measure)}{note}", ("region 地区", "value", "day", "people 人数"), rows)


def _by_band(found: Shown, every: str) -> None:
    rows, bands = (sorted({place[axis] for place in found}) for axis in (0, 1))
    cells = [[found.get((row, band), 0) for band in bands] for row in rows]
    lines = [(row, *(_SUPPRESSED if count is None else count or "" for count in line)) for row, line in zip(rows, cells, strict=True)]
    note = "; * small, or what would give a small one away" if None in found.values() else ""
    table(f"Cases by {every} of report and band of ages 年龄段{note}", (every, *(_value(band)[0] for band in bands)), lines)


def _value(column: str) -> tuple[str, str]:
    value, _, day = column.partition(" ")
    return _NOT_TOLD if value == UNKNOWN else words(value), day


def _revisions(found: list[told.Revision], json_: bool) -> None:
    value = [{**one.key._asdict(), "written": one.written, "count": one.people} for one in found]
    rows = [(local(one.written), words(one.key.value), one.key.day, one.people) for one in found]
    show(json_, value, lambda: table("Revisions 修订 (times: Asia/Shanghai)", ("from", "value", "day", "people 人数"), rows))


def _checked(cells: int, wrong: list[told.Wrong]) -> None:
    if wrong:
        table("Counts that differ", ("region", "measure", "value", "day", "says", "counted"), [(*one.key, one.says, one.stands) for one in wrong])
    else:
        click.echo(f"All {cells} counts are those of the linked cases, tasks and reports of absence.")
