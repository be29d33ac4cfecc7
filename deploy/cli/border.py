"""`lianfang border`: who came in by which port and when out again, which crossings are missing, and how those who cross are known."""

from __future__ import annotations

from collections import Counter
from contextlib import closing

import click

from deploy.border import Missing, Sign, Stay, by_place, crossers, stays, unknown
from deploy.bus import Bus
from deploy.cli.cases import read, words
from deploy.cli.output import as_json, local, short, show, table
from deploy.stands import stands
from schemas import ports as registered
from schemas.models.record import Crossing, Direction
from schemas.models.task import Task


@click.group()
def border() -> None:
    """The border as a county sees it: those who cross, of whom the bus follows (who returns from a risk area, has had contact or is ill).

    \b
    Stays as pairs of entry and exit, what is over first:      `border list --region 533102`
    Of these, where one of the two crossings is missing:       `border list --region 533102 --missing`
    Who crosses often and has no name, phones without anybody,
    and people without a phone:                                `border people --region 533102`
    How many crossed at each port and path, and which way:     `border ports --region 533102`
    Phones without anybody and people without a phone at each,
    also of those whom the bus does not follow, as counts:     `border phones --region 533102`
    Ports, and the counties that number paths and checkpoints: `border register`

    How long who may stay by which papers stands in the policy under `stays`, and how often is often under `crossings`. When a stay is over and no exit is
    known, the community has the task `overstay`, and the border agency of the county of the entry the task `inspect`; it has `identify` for who crosses often
    and has no name; and for who came in without a phone the community has `reach`: all are in `tasks list`. A crossing that becomes known late takes them back.
    No names: who looks after a person knows who it is. Crossings come through the source `border-crossing`.
    """  # noqa: D301 - click's mark for a paragraph to leave as it is


@border.command("list")
@click.option("--region", metavar="CODE", default="", help="Only stays that began within a region, or ended there when the entry is missing, by division code.")
@click.option("--inside", is_flag=True, help="Only those who are in the country, as far as crossings tell.")
@click.option("--over", is_flag=True, help="Only those whose stay is over, with the task that asks for them.")
@click.option("--missing", is_flag=True, help="Only stays of which an entry or exit is missing: out without in, in twice with no exit between, or over.")
@as_json
def list_(region: str, inside: bool, over: bool, missing: bool, json_: bool) -> None:
    """Stays as pairs of entry and exit, those that are not known to have ended first, and of these what is over first."""
    bus = Bus()
    with closing(bus.reader()) as reader:
        found = stays(read(reader), stands(reader, "task", Task), bus.policy)
    found = [one for one in found if one.region.startswith(region) and (one.inside or not inside) and (one.task or not over) and (one.missing or not missing)]
    show(json_, [one._asdict() | {"inside": one.inside} for one in found], lambda: _tell(found))


@border.command("people")
@click.option("--region", metavar="CODE", default="", help="Only who crossed last within a region, by division code.")
@click.option("--sign", type=click.Choice([one.value for one in Sign]), help="Only who shows it: often without a name, a phone and nothing else, or no phone.")
@as_json
def people(region: str, sign: str | None, json_: bool) -> None:
    """How those who cross are known: how often within the days of the policy, by document, name or phone, and what a county should see to.

    One person with several crossings is one line. A phone alone is a phone without a person; somebody without a phone can only be reached in person.
    """
    bus = Bus()
    with closing(bus.reader()) as reader:
        found = [one for one in crossers(read(reader), bus.policy) if one.region.startswith(region) and (sign is None or sign in one.signs)]
    count = Counter(one for person in found for one in person.signs)
    title = f"{len(found)} people who cross 出入境人员: " + ", ".join(f"{count[one]} {_SIGNS[one]}" for one in Sign)
    rows = [(short(one.person), one.lately, one.crossings, local(one.last), _named(one.place), one.region, " ".join(words(kind) for kind in one.known_by),
             ", ".join(_SIGNS[each] for each in one.signs)) for one in found]  # fmt: skip
    columns = ("person", "lately 近期次数", "in all 总次数", "last 最近一次", "port 口岸", "region 地区", "known by 登记项", "sign 提示")
    show(json_, [one._asdict() for one in found], lambda: table(f"{title} (times: Asia/Shanghai)", columns, rows))


@border.command("ports")
@click.option("--region", metavar="CODE", default="", help="Only ports and paths in a region, by division code.")
@as_json
def ports(region: str, json_: bool) -> None:
    """Crossings at each port and path of those that the bus follows, by direction."""
    with closing(Bus().reader()) as reader:
        found = sorted(by_place(read(reader)).items())
    value = [{"port": port, "name": _named(port), "region": where, "in": count[Direction.IN], "out": count[Direction.OUT]} for (port, where), count in found
             if where.startswith(region)]  # fmt: skip
    rows = [(one["port"], one["name"], one["region"], one["in"], one["out"]) for one in value]
    columns = ("port 口岸", "name 名称", "region 地区", "in 入境", "out 出境")
    show(json_, value, lambda: table(f"{len(rows)} ports and paths 口岸与通道", columns, rows))


@border.command("phones")
@click.option("--region", metavar="CODE", default="", help="Only places in a region, by division code.")
@as_json
def phones(region: str, json_: bool) -> None:
    """At each place phones of which nobody knows whose they are, and people without a phone: counts of everybody whose crossing the bus still holds.

    `followed` are those who have a linked case, and so a task; the others are counted and nothing else. Who crossed at several places counts at the last.
    """
    bus = Bus()
    with closing(bus.reader()) as reader:
        found = unknown(read(reader), stands(reader, "record.crossing", Crossing), bus.policy)
    found = [one for one in found if one.region.startswith(region)]
    title = f"{sum(one.phones for one in found)} phones alone 有号无人, {sum(one.without for one in found)} people without a phone 有人无号"
    rows = [(_named(one.place), one.region, one.phones, one.phones_followed, one.without, one.without_followed) for one in found]
    columns = ("port 口岸", "region 地区", "phones 有号无人", "followed 在管", "no phone 有人无号", "followed 在管")
    show(json_, [one._asdict() for one in found], lambda: table(title, columns, rows))


@border.command("register")
@click.option("--region", metavar="CODE", default="", help="Only ports and counties in a region, by division code.")
@as_json
def register(region: str, json_: bool) -> None:
    """Places at which people cross: ports, and the counties in which paths (PATH-) and checkpoints (CHECK-) are numbered. A crossing elsewhere is refused.

    A new port is a line in schemas/vocabulary/ports.yaml with a new edition; `lianfang replay` then takes the records that were refused.
    """
    known = registered.register()
    found = [place for code in known.ports if (place := registered.place(code)) and place.county.startswith(region)]
    rows = [(one.code, f"{one.zh} {one.en}", one.county, f"{known.counties[one.county].zh} {known.counties[one.county].en}", one.customs) for one in found]
    rows += [(f"PATH-{code}-n, CHECK-{code}-n", "", code, f"{one.zh} {one.en}", None) for code, one in known.counties.items() if code.startswith(region)]
    columns = ("code 代码", "name 名称", "county 县", "", "customs 关区代码")
    value = {"edition": known.edition, "source": known.source, "ports": [one._asdict() for one in found],
             "counties": {code: one.model_dump() for code, one in known.counties.items() if code.startswith(region)}}  # fmt: skip
    show(json_, value, lambda: table(f"Register of ports 口岸名录, edition of {known.edition}", columns, rows))


_MISSING = {Missing.ENTRY: "entry 缺入境记录", Missing.EXIT: "exit 缺出境记录"}
_SIGNS = {Sign.OFTEN: "often without a name 无名频繁出入", Sign.PHONE_ALONE: "phone alone 有号无人", Sign.NO_PHONE: "no phone 有人无号"}


_STAYS = ("person", "port 口岸", "region 地区", "since 入境", "papers 证件", "until 允许停留至", "out by 出境口岸", "left 出境", "missing 缺失",
          "overstay 逾期核查")  # fmt: skip


def _tell(found: list[Stay]) -> None:
    rows = [(short(one.person), _named(one.port), one.region, _moment(one.since), words(one.papers), _moment(one.until), _named(one.exit), _moment(one.left),
             _MISSING[one.missing] if one.missing else "", words(one.task)) for one in found]  # fmt: skip
    table(_counted(found), _STAYS, rows)


def _named(code: str) -> str:
    """A place with its names, or its code alone where the register does not know it."""
    known = registered.place(code)
    return f"{known.zh} {known.en}" if known else code


def _moment(at: int | None) -> str:
    return "" if at is None else local(at)


def _counted(found: list[Stay]) -> str:
    missing = Counter(one.missing for one in found)
    return (f"{len(found)} stays 停留, {sum(one.inside for one in found)} in the country 在境, {missing[Missing.ENTRY]} without an entry 缺入境, "
            f"{missing[Missing.EXIT]} without an exit 缺出境 (times: Asia/Shanghai)")  # fmt: skip
