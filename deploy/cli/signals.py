"""`lianfang signals`: what early warning says, and the scan for clusters."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime

import click

from deploy import scan as scanning
from deploy.bus import Bus
from deploy.cli.cases import read, words
from deploy.cli.output import Problem, as_json, show, table
from deploy.cli.statistics import exactly, may_see_all
from schemas.models.case import LinkedCase
from schemas.models.signal import Signal, Silence
from schemas.models.statistic import Measure
from streams.signals.days import number, text
from streams.standing import standing
from streams.statistics.cells import counted, matters

_TOPICS = ("signal", "signal.silence")


@click.group()
def signals() -> None:
    """Early warning: days with too many people, facilities that report no more, and clusters in space and time.

    \b
    lianfang signals list --region 5306
    lianfang signals list --region 530624 --exact --by OP-1 --reason tracing
    lianfang signals scan --region 53 --days 14 --until 2020-02-08 --by OP-1 --reason tracing
    """  # noqa: D301 - the control character itself, click's mark for a paragraph to leave as it is


@signals.command("list")
@click.option("--region", default="", metavar="CODE", help="Those within a division. Facilities that are silent are told for all.")
@exactly
@as_json
def list_(region: str, exact: bool, by_: str | None, reason: str | None, json_: bool) -> None:
    """The signals that stand, the latest day first. Without --exact small counts are left out, and with them the words that tell them."""
    bus = Bus()
    may_see_all(bus, region, by_, reason, exact=exact)
    with closing(bus.reader()) as reader:
        told = [one for topic in _TOPICS for one in standing(topic, ((one.key, one.value) for one in reader.read(topic) if one.value)).values()]
    found = [one for one in told if isinstance(one, Signal) and one.region.startswith(region)]
    found.sort(key=lambda one: (one.day, one.region), reverse=True)
    silent = sorted((one for one in told if isinstance(one, Silence)), key=lambda one: (one.last, one.place), reverse=True)
    least = 0 if exact else bus.policy.smallest_count
    value = {"signals": [_plain(one, least) for one in found], "silent": [one.model_dump(mode="json", exclude={"causes", "retracted"}) for one in silent]}
    show(json_, value, lambda: _tell(found, silent, least))


@signals.command("scan")
@click.option("--region", required=True, metavar="CODE", help="The division whose parts are looked through.")
@click.option("--days", default=14, show_default=True, type=click.IntRange(2, 366), help="How many days are looked at; a cluster has up to half of them.")
@click.option("--until", "until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The last day, Asia/Shanghai.")
@click.option("--measure", default="onset", show_default=True, type=click.Choice(["onset", "report"]), help="Which day of a case.")
@click.option("--draws", default=999, show_default=True, type=click.IntRange(99), help="How many random draws the p-values are from.")
@click.option("--seed", default=1, show_default=True, help="Seed of the draws: the same gives the same.")
@click.option("--by", "by_", required=True, metavar="STAFF", help="Staff code of who looks: clusters can be of few people.")
@click.option("--reason", required=True, metavar="WORD", help="Why, as `lianfang statistics show --help` tells.")
@as_json
def scan(region: str, days: int, until: datetime, measure: str, draws: int, seed: int, by_: str, reason: str, json_: bool) -> None:
    """Clusters of standing cases in space and time, by the space-time permutation scan. Counts the linked cases as they stand now."""
    bus = Bus()
    may_see_all(bus, region, by_, reason, exact=True)
    with closing(bus.reader()) as reader:
        cases = [one for case in read(reader) if (one := _dated(case, Measure(measure)))]
    if not cases:
        raise Problem(f"no standing case has a day of {measure}; `lianfang cases list` shows what there is")
    found = scanning.clusters(cases, region, number(until.date().isoformat()), days, draws, seed)
    value = [{**one._asdict(), "first": text(one.first)} for one in found]
    rows = [(one.region, text(one.first), one.observed, f"{one.expected:.1f}", f"{one.ratio:.1f}", f"{one.p:.3f}") for one in found]
    columns = ("division 地区", "since 起", "cases 病例", "expected 预期", "log likelihood ratio", "p")
    show(json_, value, lambda: table(f"{len(found)} clusters 时空聚集 until {until:%Y-%m-%d}", columns, rows))


def _dated(case: LinkedCase, measure: Measure) -> scanning.Case | None:
    if not matters(case):
        return None
    one = counted(case)
    return next((scanning.Case(one.region, number(cell.day)) for cell in one.cells if cell.measure is measure), None)


def _plain(one: Signal, least: int) -> dict[str, object]:
    whole: dict[str, object] = one.model_dump(mode="json", exclude={"causes", "retracted"})
    return whole if one.observed >= least else {name: None if name in ("observed", "why", "why_zh") else value for name, value in whole.items()}


def _tell(found: list[Signal], silent: list[Silence], least: int) -> None:
    rows = [
        (one.day, one.region, words(one.measure), words(one.value), one.observed if one.observed >= least else f"under {least}",
         words(*(each.method for each in one.exceeded)), one.why if one.observed >= least else "")
        for one in found
    ]  # fmt: skip
    table(f"{len(found)} signals 预警信号", ("day 日期", "region 地区", "what", "of what", "people 人数", "methods 方法", "why"), rows)
    table(f"{len(silent)} silent facilities 停报机构", ("last report 最后上报", "facility 机构", "why"), [(one.last, one.place, one.why) for one in silent])
