"""`lianfang resident`: what is held about somebody, for them."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from typing import TextIO

import click

from deploy.access import roles
from deploy.bus import Bus
from deploy.cli.cases import words
from deploy.cli.linkage import reason_of
from deploy.cli.output import Problem, as_json, progress, show, table
from deploy.cli.staff import STAFF, allowed
from deploy.linkage.decide import reasons
from deploy.residents.asked import FIELDS, NotAsked, parsed
from deploy.residents.look import Asked, gathered, look
from deploy.residents.page import page
from deploy.residents.report import TITLES, Document
from deploy.staff.register import Role


@click.group()
def resident() -> None:
    """What is held about one person, for the person who asks (个人信息保护法, articles 44, 45, 50)."""


@resident.command("report")
@click.option("--file", "file", type=click.File("r", encoding="utf-8"), help="JSON with identifiers, - for standard input. Unset: they are asked for.")
@click.option("--page", "out", type=click.Path(dir_okay=False, path_type=Path), help="Also write a page to print; it opens offline.")
@click.option("--reason", required=True, metavar="WORD", help=f"Why: {', '.join(reasons('look'))}.")
@STAFF
@as_json
def report(file: TextIO | None, out: Path | None, reason: str, by_: str, json_: bool) -> None:
    """Everything that is held about the person of some identifiers: records, links, case, tasks, releases, looks, erasures.

    Identifiers are never arguments, which shells and process lists keep. See papers first: whoever has them gets everything. The look is recorded before
    anything is shown, and goes into the log. Reads every topic to its end: seconds for a million messages.
    """
    reason_of("look", reason)
    bus = Bus(acts=roles.STEWARD)
    allowed(bus.settings, by_, Role.OFFICER)
    said = _typed() if file is None else _parsed(file.read())
    progress("reading every topic")
    now = time.time_ns() // 1_000_000
    try:
        with closing(bus.acting(roles.OPERATOR).reader()) as reader:
            asked = Asked.of(bus, reader, said)
            allowed(bus.settings, by_, Role.OFFICER, asked.areas)
            look(bus, asked, by_, reason, now)
            found = gathered(bus, reader, asked, now)
    except NotAsked as error:
        raise Problem(str(error)) from error
    if out:
        out.write_text(page(found, words), "utf-8")
        out.chmod(0o600)
    show(json_, found, lambda: _tell(found, out))


def _parsed(text: str) -> dict[str, str]:
    try:
        return parsed(text)
    except NotAsked as error:
        raise Problem(str(error)) from error


def _typed() -> dict[str, str]:
    """What the person shows, field by field; nothing is kept of it."""
    said = {name: click.prompt(f"{zh} {english}", default="", show_default=False, err=True).strip() for name, (english, zh) in FIELDS.items()}
    return {name: value for name, value in said.items() if value}


def _tell(found: Document, out: Path | None) -> None:
    for name, documents in found["sections"].items():
        zh, en = TITLES[name]
        rows = [tuple("" if one.get(field) is None else str(one[field])[:80] for field in _COLUMNS) for one in documents]
        table(f"{zh} {en}: {len(documents)}", _COLUMNS, rows)
    click.echo(f"\n{found['rights']['zh']}\n{found['rights']['en']}")
    click.echo(f"The whole is in {out}." if out else "With --page FILE or --json the whole is told, not only these columns.")


_COLUMNS = ("topic", "at", "source", "agency", "purpose", "place", "by", "reason", "says")
