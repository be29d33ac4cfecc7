"""`lianfang drill`."""

from __future__ import annotations

import signal
import threading
import time
from contextlib import ExitStack, closing
from typing import Any

import click

from deploy import own, work
from deploy.bus import Bus
from deploy.cli.cases import words
from deploy.cli.output import Problem, as_json, local, progress, show, table
from deploy.cli.scenario import story_of
from deploy.clock import HOUR
from deploy.drill.course import moments
from deploy.drill.end import end
from deploy.drill.report import Reaction, reactions
from deploy.drill.run import Exists, Playing, drilled, prepare
from deploy.drill.state import Drill
from schemas.settings import Settings


@click.group()
def drill() -> None:
    """Drills: a story is played at a pace, beside the real bus and without touching it, and people do their part with the usual commands.

    \b
    lianfang drill start autumn --story row_06_returnee --speed 600     ten minutes of the story in a second
    LIANFANG_DRILL=autumn lianfang tasks list                           elsewhere, whoever takes part
    LIANFANG_DRILL=autumn lianfang tasks done TASK --by GW-0031
    lianfang drill report autumn
    lianfang drill end autumn

    In a drill every command works on topics, keys and a folder of the drill's own, by the drill's clock, and says so.
    """  # noqa: D301 - the control character itself, click's mark for a paragraph to leave as it is


@drill.command("start")
@click.argument("name")
@click.option("--story", required=True, metavar="STORY", help="Name of a shipped story (`lianfang scenario list`), or a file of your own.")
@click.option("--speed", default=60.0, show_default=True, type=click.FloatRange(1, 86_400), help="Seconds of the story in a second.")
@click.option("--tail", default=24.0, show_default=True, type=click.FloatRange(0, 720), help="Hours of the story for which time goes on after its last step.")
@click.option("--worker/--no-worker", "worker_", default=True, help="Whether to run a worker of the drill here, or none, where others run.")
def start(name: str, story: str, speed: float, tail: float, worker_: bool) -> None:
    """Begin the drill NAME and play its story until it is over, or until interrupted. Then it stays to be reported, until `end`."""
    story_name, told = story_of(story)
    real = Settings()
    if real.drill:
        raise Problem("LIANFANG_DRILL is set: unset it where a drill is started")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        bus = prepare(real, name)
    except Exists as problem:
        raise Problem(str(problem)) from None
    when = moments(told, bus)
    with closing(bus), ExitStack() as running:
        if worker_:
            running.enter_context(own.command(real, f"drill-{name}", "worker", more={"LIANFANG_DRILL": name}))
        made = Drill(name=name, story=story_name, began=time.time_ns() // 1_000_000, starts=when[0] - HOUR, speed=speed)
        made.write(bus.settings.home)
        progress(f"drill {name} begins at {local(made.starts)} of the story; whoever takes part: export LIANFANG_DRILL={name}")
        Playing(bus, made, progress).play(told, when, int(tail * HOUR), stop.is_set)
    click.echo(f"The story is over: lianfang drill report {name}")


@drill.command("list")
@as_json
def list_(json_: bool) -> None:
    """The drills that there are, and how late it is in each."""
    found = [Drill.read(path.parent) for path in sorted((Settings().home / "drills").glob("*/drill.json"))]
    value = [one.model_dump() | {"now": one.now(time.time_ns() // 1_000_000)} for one in found]
    rows = [(one["name"], one["story"], one["speed"], local(one["began"]), local(one["now"])) for one in value]
    show(json_, value, lambda: table("Drills 演练", ("name", "story 情景", "speed 倍速", "began 开始", "in the story it is 情景时间"), rows))


@drill.command("report")
@click.argument("name")
@as_json
def report(name: str, json_: bool) -> None:
    """How people did in the drill NAME: tasks done in time, late and not at all, by owner, and how long they took. Says no person."""
    settings = drilled(Settings(), name)
    made = Drill.read(settings.home)
    with closing(Bus(settings)) as bus, closing(bus.reader()) as reader:
        found = reactions(work.tasks(reader))
    value = {"drill": made.model_dump(), "reactions": [_document(one, made) for one in found]}
    show(json_, value, lambda: _tell(found, made))


@drill.command("end")
@click.argument("name")
@as_json
def end_(name: str, json_: bool) -> None:
    """Take the drill NAME away: its topics, keys, states and its folder. Stop its workers first, and keep what `report --json` says if it is needed."""
    settings = drilled(Settings(), name)
    Drill.read(settings.home)
    with closing(Bus(settings)) as bus:
        topics = end(bus)
    show(json_, {"drill": name, "topics": topics}, lambda: click.echo(f"{topics} topics of the drill {name}, its keys and its folder are gone."))


def _document(one: Reaction, made: Drill) -> dict[str, Any]:
    return one._asdict() | {"took_seconds": None if one.took is None else round(made.seconds(one.took), 1)}


def _tell(found: list[Reaction], made: Drill) -> None:
    rows = [(one.owner or "nobody", words(one.owned_by), words(one.work), one.tasks, one.in_time, one.late, one.overdue, one.open, *_took(one, made))
            for one in found]  # fmt: skip
    columns = ("owner 责任人", "kind 类别", "task 任务", "tasks 件数", "in time 按时", "late 逾期完成", "overdue 逾期未完成", "open 未到期", "took 用时",
               "really 实际用时")  # fmt: skip
    table(f"Drill 演练 {made.name}, {made.story} (took: median, by the story's clock)", columns, rows)


def _took(one: Reaction, made: Drill) -> tuple[str, str]:
    """By the story's clock, and by a real one."""
    return ("", "") if one.took is None else (f"{one.took / HOUR:.1f} h", f"{made.seconds(one.took):,.0f} s")
