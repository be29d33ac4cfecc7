"""`lianfang clusters`: cases who hang together by their likeliest sources."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import click

from deploy.access import roles
from deploy.bus import Bus
from deploy.cli.cases import areas, looked, read, words
from deploy.cli.linkage import reason_of
from deploy.cli.output import Problem, as_json, local, short, show, table
from deploy.cli.staff import allowed, within
from deploy.linkage.decide import reasons
from deploy.staff.register import Role
from schemas.models.case import LinkedCase
from streams.transmission.tree import Cluster, Placed
from streams.transmission.tree import clusters as in_clusters


@click.group()
def clusters() -> None:
    """Clusters of cases: each hangs on its likeliest source, as the linked cases stand now. A corrected onset or a withdrawn test changes them.

    \b
    lianfang clusters list
    lianfang clusters show PERSON --by CDC-1 --reason tracing
    lianfang cases sources PERSON --by CDC-1 --reason tracing
    """  # noqa: D301 - the control character itself, click's mark for a paragraph to leave as it is


@clusters.command("list")
@click.option("--smallest", default=2, show_default=True, type=click.IntRange(1), help="Leave out clusters of fewer cases.")
@as_json
def list_(smallest: int, json_: bool) -> None:
    """All clusters, the largest first: how many cases in how many generations, without saying who infected whom."""
    bus = Bus()
    with closing(bus.reader()) as reader:
        found = [one for one in in_clusters(read(reader), bus.policy.transmission) if len(one.members) >= smallest]
    show(json_, [_line(one) for one in found], lambda: _list(found))


@clusters.command("show")
@click.argument("key")
@click.option("--by", "by_", required=True, metavar="STAFF", help="Staff code of who looks; it is recorded before anything is shown.")
@click.option("--reason", required=True, metavar="WORD", help=f"Why: {', '.join(reasons('look'))}.")
@as_json
def show_(key: str, by_: str, reason: str, json_: bool) -> None:
    """The cluster of a person, by key or the beginning of it: who is the likeliest source of whom. Only cases of the area of who looks are shown.

    A look at each of these cases is recorded.
    """
    reason_of("look", reason)
    bus = Bus(acts=roles.STEWARD)
    allowed(bus.settings, by_, Role.OFFICER)
    with closing(bus.reader()) as reader:
        cases = {case.person: case for case in read(reader)}
    cluster, meant = _one(in_clusters(cases.values(), bus.policy.transmission), key)
    allowed(bus.settings, by_, Role.OFFICER, areas(cases[meant]))
    shown = [one for one in cluster.members if within(bus.settings, by_, areas(cases[one.person]))]
    looked(bus, [cases[one.person] for one in shown], by_, reason)
    value = _line(cluster) | {"members": [one.model_dump(mode="json") for one in shown], "elsewhere": len(cluster.members) - len(shown)}
    show(json_, value, lambda: _tree(shown, cases, len(cluster.members) - len(shown)))


def _one(found: list[Cluster], key: str) -> tuple[Cluster, str]:
    """The cluster of the one case whose key begins so, and that key; raises Problem."""
    meant = [(cluster, one.person) for cluster in found for one in cluster.members if one.person.startswith(key)]
    if len(meant) != 1:
        raise Problem(f"{len(meant) or 'no'} cases begin with {key}; `lianfang cases list` shows them, and only who is a case is in a cluster")
    return meant[0]


def _line(one: Cluster) -> dict[str, Any]:
    return {"first": one.first, "cases": len(one.members), "generations": _generations(one), "began": one.members[0].began,
            "latest": max(member.began for member in one.members)}  # fmt: skip


def _generations(one: Cluster) -> list[int]:
    """How many cases there are in each generation, the first first."""
    numbers = [member.generation for member in one.members]
    return [numbers.count(number) for number in range(max(numbers) + 1)]


def _list(found: list[Cluster]) -> None:
    rows = [(short(one.first), len(one.members), " + ".join(map(str, _generations(one))), local(one.members[0].began),
             local(max(member.began for member in one.members))) for one in found]  # fmt: skip
    columns = ("first case 首例", "cases 病例数", "by generation 各代", "began 首例发病", "latest 末例发病")
    table(f"{len(found)} clusters 聚集性疫情 (times: Asia/Shanghai)", columns, rows)


def _tree(shown: list[Placed], cases: dict[str, LinkedCase], elsewhere: int) -> None:
    rows = [(one.generation, short(one.person), short(one.infector or ""), one.infected, local(one.began), words(cases[one.person].classification))
            for one in shown]  # fmt: skip
    columns = ("generation 代", "person", "likeliest source 可能传染源", "infected 续发", "fell ill 发病", "classification 分类")
    table(f"Cluster 聚集性疫情, {elsewhere} of its cases elsewhere (times: Asia/Shanghai)", columns, rows)
