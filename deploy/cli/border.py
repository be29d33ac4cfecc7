"""`lianfang border`: who came in by which port and is not out again, and until when the papers allow it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from typing import NamedTuple

import click

from deploy.bus import Bus
from deploy.cli.cases import read, words
from deploy.cli.output import as_json, local, short, show, table
from schemas.models.case import LinkedCase, What
from schemas.models.fact import Millis
from schemas.models.record import Direction, Papers
from schemas.models.task import Progress, Task
from streams.policy import Policy
from streams.standing import standing


class Stay(NamedTuple):
    """Somebody who came in and is not known to be out again: moments are UTC milliseconds, and the task of whoever has to look is '' while there is none."""

    person: str
    port: str
    region: str
    since: Millis
    papers: str
    until: Millis | None
    task: str


@click.group()
def border() -> None:
    """The border as a county sees it: of those that the bus follows (who returns from a risk area, has had contact or is ill), who is in the country.

    \b
    Who came in and is not out again, by what is over first:  `border list --region 533102`
    How many crossed at each port and path, and which way:     `border ports --region 533102`

    How long who may stay by which papers stands in the policy under `stays`. When a stay is over and no exit is known, its task `overstay` is in `tasks list`;
    an exit that becomes known late takes it back. No names: who looks after a person knows who it is. Crossings come through the source `border-crossing`.
    """  # noqa: D301 - click's mark for a paragraph to leave as it is


@border.command("list")
@click.option("--region", metavar="CODE", default="", help="Only who came in within a region, by division code.")
@click.option("--over", is_flag=True, help="Only those whose stay is over, with the task that asks for them.")
@as_json
def list_(region: str, over: bool, json_: bool) -> None:
    """Stays that are not known to have ended, what is over first before all else."""
    bus = Bus()
    with closing(bus.reader()) as reader:
        tasks = standing("task", ((entry.key, entry.value) for entry in reader.read("task") if entry.value is not None)).values()
        found = stays(read(reader), (one for one in tasks if isinstance(one, Task)), bus.policy)
    found = [one for one in found if one.region.startswith(region) and (one.task or not over)]
    rows = [(short(one.person), one.port, one.region, local(one.since), words(one.papers), "" if one.until is None else local(one.until),
             words(one.task) if one.task else "") for one in found]  # fmt: skip
    columns = ("person", "port 口岸", "region 地区", "since 入境", "papers 证件", "until 允许停留至", "overstay 逾期核查")
    show(json_, [one._asdict() for one in found], lambda: table(f"{len(found)} stays 在境停留 (times: Asia/Shanghai)", columns, rows))


@border.command("ports")
@click.option("--region", metavar="CODE", default="", help="Only ports and paths in a region, by division code.")
@as_json
def ports(region: str, json_: bool) -> None:
    """Crossings at each port and path of those that the bus follows, by direction."""
    with closing(Bus().reader()) as reader:
        found = sorted(crossings(read(reader)).items())
    rows = [(port, where, count[Direction.IN], count[Direction.OUT]) for (port, where), count in found if where.startswith(region)]
    value = [{"port": port, "region": where, "in": came, "out": went} for port, where, came, went in rows]
    show(json_, value, lambda: table(f"{len(rows)} ports and paths 口岸与通道", ("port 口岸", "region 地区", "in 入境", "out 出境"), rows))


def stays(cases: Iterable[LinkedCase], tasks: Iterable[Task], policy: Policy) -> list[Stay]:
    """Who came in last by which papers and has not crossed outwards since; what is over first before all else."""
    asked = {one.person: one.state for one in tasks if one.work == "overstay" and one.state is not Progress.NOT_APPLICABLE}
    found = []
    for case in cases:
        for entry in [entry for entry in case.timeline if entry.what is What.ENTERED][-1:]:
            if not any(line.what is What.STAY and line.note == Direction.OUT and line.at >= entry.at for line in case.timeline):
                allowed = policy.stays.get(Papers(entry.note))
                until = None if allowed is None else entry.at + allowed
                found.append(Stay(case.person, entry.place or "", entry.region or "", entry.at, entry.note, until, asked.get(case.person, "")))
    return sorted(found, key=lambda one: (one.until is None, one.until or 0, one.person))


def crossings(cases: Iterable[LinkedCase]) -> dict[tuple[str, str], dict[str, int]]:
    """How many crossings there were at each port of a region, by direction."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for case in cases:
        for line in case.timeline:
            if line.what is What.STAY and line.note in (Direction.IN, Direction.OUT):
                count = found.setdefault((line.place or "", line.region or ""), {Direction.IN: 0, Direction.OUT: 0})
                count[line.note] += 1
    return found
