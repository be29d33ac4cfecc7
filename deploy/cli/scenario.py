"""`lianfang scenario`: stories of what the bus does, played on a real broker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import yaml
from pydantic import ValidationError

from deploy import own
from deploy.cli.output import Problem, as_json, document, local, progress, show, table
from deploy.scenarios.expect import NotAsTold
from deploy.scenarios.story import Step, Story, read
from deploy.scenarios.timeline import KINDS, Change, together
from schemas.settings import Settings

SHIPPED = Path(__file__).parent.parent / "scenarios"
_MOST = 6
"""Of how many people one line names all."""


@click.group()
def scenario() -> None:
    """Stories: readable files that say who sends what, and what must stand at the agencies afterwards.

    \b
    lianfang scenario list
    lianfang scenario show row_06_returnee
    lianfang scenario run row_06_returnee
    lianfang scenario run mine.yaml         a story of your own, in the same form
    """  # noqa: D301 - the control character itself, click's mark for a paragraph to leave as it is


@scenario.command("list")
@as_json
def list_(json_: bool) -> None:
    """The stories that are shipped."""
    found = {path.stem: _read(path) for path in sorted(SHIPPED.glob("*.yaml"))}
    value = [{"name": name, "title": story.title, "title_zh": story.title_zh, "steps": len(story.steps)} for name, story in found.items()]
    rows = [(one["name"], one["title"], one["title_zh"], one["steps"]) for one in value]
    show(json_, value, lambda: table(f"{len(rows)} stories 情景", ("name", "what happens", "情景", "steps 步"), rows))


@scenario.command("show")
@click.argument("name")
@as_json
def show_(name: str, json_: bool) -> None:
    """What happens in a story (NAME of a shipped one, or a file), step by step; nothing is started."""
    _, story = story_of(name)
    show(json_, story.model_dump(mode="json", exclude_unset=True), lambda: _tell_story(story))


@scenario.command("run")
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@as_json
def run_(names: tuple[str, ...], json_: bool) -> None:
    """Play stories (each a NAME of a shipped one, or a file) on a real broker, and print each as a timeline.

    Starts Kafka and a schema registry of its own, a worker for each story, publishes through the connectors, and compares what stands after each step with what
    the story says. Stops all that it started. Exits with 1 when one comes out otherwise, and says how.
    """
    from deploy.scenarios.run import Unsettled, run

    stories = [story_of(name) for name in names]
    played: list[dict[str, Any]] = []
    with own.bus(Settings().home / "scenario", progress) as host:
        for name, story in stories:
            steps: list[dict[str, Any]] = []
            played.append({"name": name, "title": story.title, "steps": steps})
            if not json_:
                click.secho(f"\n{name}: {story.title}\n{story.title_zh}", bold=True)

            def told(number: int, step: Step, changed: list[Change], seconds: float, steps: list[dict[str, Any]] = steps) -> None:
                steps.append(_document(step, changed, seconds))
                if not json_:
                    _tell_step(number, step, changed, seconds)

            progress(f"a worker for {name}")
            try:
                run(host, name.replace("_", "-"), story, told)
            except (NotAsTold, Unsettled) as problem:
                raise Problem(f"{name}: {problem}") from None
    if json_:
        document(played)
    else:
        click.echo(f"\n{len(played)} stories came out as told; everything is stopped.")


def story_of(name: str) -> tuple[str, Story]:
    """The name and the story of a shipped one or of a file; raises Problem."""
    shipped = SHIPPED / f"{name}.yaml"
    path = shipped if shipped.exists() else Path(name)
    if not path.is_file():
        raise Problem(f"there is no story {name}: `lianfang scenario list` shows those that are shipped, and a file is named with its ending")
    return path.stem, _read(path)


def _read(path: Path) -> Story:
    try:
        return read(path)
    except (ValidationError, yaml.YAMLError, UnicodeDecodeError) as problem:
        raise Problem(f"{path.name} is no story: {problem}") from None


def _tell_story(story: Story) -> None:
    click.secho(f"{story.title}\n{story.title_zh}", bold=True)
    click.echo(f"\n{story.story.strip()}\n")
    click.echo("".join(f"In force: {one}\n" for one in story.levels))
    for number, step in enumerate(story.steps, 1):
        click.echo(f"{number}. {step.says}{_sent(step)}")


def _tell_step(number: int, step: Step, changed: list[Change], seconds: float) -> None:
    rows = [(local(one.line.at), f"{one.line.kind} {KINDS[one.line.kind]}", "taken back 撤回" if one.taken_back else "", _who(names), one.line.says)
            for one, names in together(changed)]  # fmt: skip
    table(f"{number}. {step.says}{_sent(step)} ({seconds:.1f} s)", ("when", "what", "", "who", "times: Asia/Shanghai"), rows)
    if not rows:
        click.echo("nothing changes")


def _who(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= _MOST else f"{len(names):,} people"


def _sent(step: Step) -> str:
    sent = [f"{len(one.sent()):,} {one.source}" for one in step.publish] + [f"area {one}" for one in step.areas or []]
    sent += [f"{len(step.messages)} text messages"] if step.messages else []
    sent += [f"level {one}" for one in step.levels or (["peace"] if step.levels == [] else [])]
    sent += [f"it is {step.clock}"] if step.clock else []
    return f" [{', '.join(sent)}]" if sent else ""


def _document(step: Step, changed: list[Change], seconds: float) -> dict[str, Any]:
    return {"says": step.says, "seconds": round(seconds, 2), "changes": [{"taken_back": one.taken_back, **one.line._asdict()} for one in changed]}
