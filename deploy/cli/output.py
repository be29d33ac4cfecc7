"""What commands print: tables for people, one JSON document for programs, and problems on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

as_json = click.option("--json", "json_", is_flag=True, help="One JSON document instead of a table.")
SHANGHAI = ZoneInfo("Asia/Shanghai")


class Problem(Exception):
    """Something that the person at the keyboard can mend; the message says how."""

    def __init__(self, message: str, code: int = 1) -> None:
        """Take the message and the exit code."""
        super().__init__(message)
        self.code = code


def expected() -> tuple[type[Exception], ...]:
    """Exceptions of the parts whose message is meant for a person."""
    from connectors.deliver import NotDeliverable
    from connectors.publish import CannotPublish
    from connectors.reader import CannotRead
    from connectors.registry import BadFile
    from deploy.admin import Refused
    from deploy.clock import TooFar
    from deploy.drill.state import NoDrill
    from deploy.local.artifacts import BadArtifact
    from deploy.local.process import StartFailed
    from deploy.local.stack import NotRunning
    from deploy.log.bus import CannotLog
    from deploy.log.keys import BadKey
    from deploy.log.note import BadNote
    from deploy.log.policy import BadPolicy
    from deploy.log.tiles import BadTree
    from deploy.log.writer import Tampered
    from deploy.plan import Misfit
    from deploy.rotation import NotRenewed
    from deploy.staff.register import BadRegister
    from schemas.registry import RegistryError
    from schemas.vault import VaultProblem
    from streams.normalise.renewal import UnknownSource
    from streams.runtime.runner import WorkerFailed

    return (
        BadFile,
        BadArtifact,
        StartFailed,
        NotRunning,
        Refused,
        TooFar,
        NoDrill,
        Misfit,
        NotRenewed,
        UnknownSource,
        RegistryError,
        VaultProblem,
        WorkerFailed,
        NotDeliverable,
        CannotPublish,
        CannotRead,
        CannotLog,
        BadKey,
        BadNote,
        BadPolicy,
        BadRegister,
        BadTree,
        Tampered,
        FileNotFoundError,
        PermissionError,
    )


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table; without a terminal it is as wide as it needs to be."""
    console = Console(width=None if sys.stdout.isatty() else 200)
    console.print(f"\n{title}", style="bold", markup=False, highlight=False)
    out = Table(*columns, header_style="bold", show_edge=False, pad_edge=False)
    for row in rows:
        out.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    if rows:
        console.print(out)


def document(value: Any) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, default=str))


def show(json_: bool, value: Any, people: Callable[[], None]) -> None:
    """The value as JSON, or what is meant for people."""
    if json_:
        document(value)
    else:
        people()


def progress(text: str) -> None:
    """One line of progress, on stderr."""
    click.echo(f"… {text}", err=True)


OPEN = "OPEN TO EVERYBODY on this machine: any program may read and write everything, as anyone. To secure it: `lianfang down`, `lianfang up --secured`"


def loud(text: str = OPEN) -> None:
    """One line in bold, on stderr."""
    click.secho(text, err=True, bold=True, fg="red")


def millis(moment: datetime) -> int:
    """UTC milliseconds of a moment that a person gave, in China Standard Time."""
    return int(moment.replace(tzinfo=SHANGHAI).timestamp() * 1000)


def local(millis: int | None) -> str:
    """A moment in China Standard Time, for people; one that no calendar shows is told in milliseconds."""
    if millis is None:
        return ""
    try:
        return datetime.fromtimestamp(millis / 1000, SHANGHAI).strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError, OSError):
        return f"{millis} ms after 1970"


def short(key: str) -> str:
    """The first eight digits of a key, which is enough to name it."""
    return key[:8]
