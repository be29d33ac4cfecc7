"""`lianfang demo`."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from deploy.cli.cases import tell as tell_cases
from deploy.cli.cases import words
from deploy.cli.output import Problem, as_json, document, local, loud, progress, table
from deploy.cli.reconcile import tell as tell_rows
from deploy.demo.run import Shown, Unsettled, run
from schemas.models.control import LevelInForce
from schemas.models.raw import Reject
from schemas.models.release import Release, View
from schemas.models.task import Task
from schemas.settings import Settings

_MOST = 24
_FIRST = date(2020, 1, 18)


@click.command()
@click.option("--people", default=400, show_default=True, help="How many invented people.")
@click.option("--days", default=21, show_default=True, help="How many days of their life.")
@click.option("--seed", default=20, show_default=True, help="The same seed gives the same outbreak.")
@as_json
def demo(people: int, days: int, seed: int, json_: bool) -> None:
    """Carry an invented outbreak from the connectors to the agencies, on a real broker and registry of its own.

    Simulates records, starts Kafka and a schema registry, makes the topics, declares the level under which contacts may be traced, starts two workers and a
    webhook with its receiver, publishes through the real connectors, waits until all is read, and shows the linked cases and what each agency received and why.
    Stops all that it started. Safe to repeat.
    """
    from deploy.simulation.write import write  # the simulator is needed by this command and `simulate` alone

    home = Settings().home / "demo"
    with TemporaryDirectory() as folder:
        progress(f"inventing {people} people and {days} days of an outbreak (seed {seed})")
        try:
            outbreak = write(Path(folder), seed=seed, people=people, days=days, start=_FIRST)
        except ValueError as problem:
            raise Problem(str(problem)) from None
        try:
            shown = run(home, outbreak, _FIRST, days, progress)
        except Unsettled as problem:
            raise Problem(str(problem)) from None
    if json_:
        document(_document(shown))
    else:
        _tell(shown, home)
    if any(row.problems for row in shown.rows):
        raise click.exceptions.Exit(1)


def _tell(shown: Shown, home: Path) -> None:
    decided = ("region 地区", "level 级别", "from 起", "until 止", "legal basis 法律依据", "proposed by 提出", "approved by 批准")
    table("Declared, so that contacts may be traced 已宣布级别", decided, _levels(shown.levels))
    cases = sorted(shown.cases, key=lambda case: (case.status is None, -len(case.contacts), case.person))
    tell_cases(cases[:_MOST])
    if len(cases) > _MOST:
        click.echo(f"and {len(cases) - _MOST} more linked cases, mostly contacts")
    table("What is to be done 任务", ("task 事项", "state 状态", "owner 责任人", "tasks 件数"), _work(shown.tasks))
    columns = ("agency 机构", "role 身份", "why 原因", "purpose 目的", "people 人数")
    table("What each agency holds, and why 各机构收到的信息", columns, _received(shown.releases))
    columns = ("agency 机构", "purpose 目的", "legal basis 法律依据", "copies expire 到期", "fields that left 提供字段")
    table("On which basis, and what", columns, _basis(shown.releases))
    answers = ", ".join(f"{count} answered {status}" for status, count in sorted(shown.answers.items()))
    click.echo(f"The webhook of daguan-county-cdc: {answers}; it holds {shown.held} releases.")
    table("Refused records 拒收", ("source", "what is wrong and what is expected", "records"), _refused(shown.rejects))
    tell_rows(shown.rows)
    counts = f"{len(shown.cases)} linked cases, {len(shown.tasks)} tasks, {len(shown.releases)} releases"
    click.echo(f"\n{shown.records:,} records in {shown.seconds:.0f} s, {counts}.")
    loud()
    click.echo(f"Everything is stopped. To look around: LIANFANG_HOME={home} lianfang up, then cases, tasks, rejects, trace, reconcile.")


def _levels(levels: list[LevelInForce]) -> list[tuple[object, ...]]:
    return [(one.region, words(one.level), local(one.at), local(one.until), one.legal_basis, one.by, one.approved_by) for one in levels]


def _work(tasks: list[Task]) -> list[tuple[object, ...]]:
    """One row for each kind of task, state and sort of owner, with the number of tasks."""
    rows = Counter((words(one.work), words(one.state), words(one.owned_by)) for one in tasks)
    return [(*row, count) for row, count in sorted(rows.items())]


def _received(releases: list[Release]) -> list[tuple[object, ...]]:
    """One row for each agency, role and reason, with the number of people."""
    rows = Counter((one.agency, words(*one.roles), ", ".join(sorted({words(concern.why.value) for concern in one.why})), one.purpose) for one in releases)
    return [(*row, count) for row, count in sorted(rows.items())]


def _basis(releases: list[Release]) -> list[tuple[object, ...]]:
    """One row for each agency and purpose: the law, the span in which the copies expire, and every field that left."""
    found: dict[tuple[str, str, str], list[Release]] = {}
    for one in releases:
        found.setdefault((one.agency, one.purpose, one.legal_basis), []).append(one)
    return [
        (*row, f"{local(min(one.expires for one in mine))[:10]} to {local(max(one.expires for one in mine))[:10]}",
         ", ".join(name for name in View.model_fields if any(getattr(one.view, name) is not None for one in mine)))
        for row, mine in sorted(found.items())
    ]  # fmt: skip


def _refused(rejects: list[Reject]) -> list[tuple[object, ...]]:
    rows = Counter((one.source, f"{reason.field}: {reason.problem}") for one in rejects for reason in one.reasons)
    return [(*row, count) for row, count in sorted(rows.items())]


def _document(shown: Shown) -> dict[str, object]:
    return {
        "records": shown.records, "seconds": round(shown.seconds, 1), "answers": shown.answers, "held": shown.held,
        "levels": [one.model_dump(mode="json", exclude={"causes"}) for one in shown.levels],
        "cases": [case.model_dump(mode="json", exclude={"sealed", "causes"}) for case in shown.cases],
        "tasks": [one.model_dump(mode="json", exclude={"causes"}) for one in shown.tasks],
        "releases": [one.model_dump(mode="json", exclude={"view", "causes"}) for one in shown.releases],
        "rejects": [one.model_dump(mode="json") for one in shown.rejects],
        "adds_up": not any(row.problems for row in shown.rows),
    }  # fmt: skip
