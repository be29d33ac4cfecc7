"""`lianfang staff`, and the check that every command asks for which decides or shows a case."""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TypeVar

import click

from deploy.cli.output import Problem, as_json, loud, show, table
from deploy.staff import proof
from deploy.staff.register import NotAllowed, Role, load
from schemas.models.fact import Signed
from schemas.settings import Settings
from schemas.signing import sign

S = TypeVar("S", bound=Signed)
STAFF = click.option("--by", "by_", required=True, metavar="STAFF", help="Staff code of who does it.")
"""The option of every command that decides."""
_SHOWN = "lianfang.staff"
"""Where a running command notes under which code somebody has shown who they are: nobody is asked twice for a passphrase."""
_OPENS = "lianfang.staff.key"
"""Where it keeps the passphrase of their key for what they sign."""
_OPEN = "OPEN: nobody checks who {} is, nor what they may do; LIANFANG_STAFF names a register of staff (`lianfang staff --help`)"


@click.group()
def staff() -> None:
    """People: who may decide and look at what, in which area.

    \b
    lianfang staff key --out my.key     a key of one's own; prints the public part for the register
    lianfang staff list                 who is in the register of the setting `staff`

    The register is a YAML file:

    \b
    staff:
      OP-1: {roles: [officer], area: "530624", key: ...}
      OP-2: {roles: [steward], area: everywhere, key: ..., since: 2020-01-01}
    former:
      OP-1: [{roles: [officer], area: "530629", key: ..., until: 2019-12-31}]

    What people decide is signed with the key that the setting `staff_key` names, and held against the register where it is used: each machine that
    runs a worker has it too. Who leaves is moved to `former` with the last day, and not deleted: what they signed in office goes on to count.
    """  # noqa: D301 - the control character itself, click's mark for a paragraph to leave as it is


@staff.command("key")
@click.option("--out", "out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="New file for the private key.")
@click.option("--passphrase", prompt=True, hide_input=True, confirmation_prompt=True, default="", show_default=False,
              help="Opens the key; asked for when it is not given, which is better. Empty: the file alone opens it.")  # fmt: skip
@as_json
def key(out: Path, passphrase: str, json_: bool) -> None:
    """Make a key, and print its public part for the register."""
    try:
        public = proof.make(out, passphrase)
    except FileExistsError as error:
        raise Problem(f"{error}: a key is never replaced, name another file") from error
    show(json_, {"file": str(out), "key": public}, lambda: click.echo(public))


@staff.command("list")
@as_json
def list_(json_: bool) -> None:
    """Who is in the register, with roles and area."""
    path = Settings().staff
    if path is None:
        raise Problem("there is no register: LIANFANG_STAFF names the file, `lianfang staff --help` shows how one reads")
    value = [{"code": code, "roles": sorted(one.roles), "area": one.area, "key": one.key} for code, one in load(path).staff.items()]
    rows = [(one["code"], ", ".join(one["roles"]), one["area"]) for one in value]
    show(json_, value, lambda: table("Staff", ("code", "roles", "area"), rows))


def allowed(settings: Settings, code: str, role: Role, areas: Iterable[str] = ()) -> None:
    """Return when who acts under a code may do this and has shown their key; without a register anybody may, which is said loudly. Raises Problem.

    A command asks for the role before it reads anything, and again with the divisions once it knows what it is about.
    """
    context = click.get_current_context(silent=True)
    shown: set[str] = context.meta.setdefault(_SHOWN, set()) if context else set()
    if settings.staff is None:
        if code not in shown:
            loud(_OPEN.format(code))
    else:
        _require(settings, settings.staff, code, role, areas, asked=code in shown)
    shown.add(code)


def _require(settings: Settings, register: Path, code: str, role: Role, areas: Iterable[str], *, asked: bool) -> None:
    try:
        member = load(register).require(code, role, areas, time.time_ns() // 1_000_000)
        if not asked:
            proof.prove(code, member, settings.staff_key, partial(_passphrase, settings))
    except NotAllowed as error:
        raise Problem(str(error)) from error


def signed(settings: Settings, topic: str, fact: S) -> S:
    """The fact with a signature for a topic, by the key that the setting `staff_key` names; as it is where there is no key. Raises Problem."""
    if settings.staff_key is None:
        return fact
    try:
        return sign(fact, topic, settings.namespace, proof.key(settings.staff_key, partial(_passphrase, settings)))
    except NotAllowed as error:
        raise Problem(str(error)) from error


def _passphrase(settings: Settings) -> str:
    """What opens the key; a command asks for it once."""
    context = click.get_current_context(silent=True)
    known: dict[str, str] = context.meta.setdefault(_OPENS, {}) if context else {}
    if "passphrase" not in known:
        known["passphrase"] = click.prompt(f"Passphrase of {settings.staff_key}", hide_input=True, err=True)
    return known["passphrase"]


def within(settings: Settings, code: str, areas: Iterable[str]) -> bool:
    """Whether the area of who acts under a code covers one of these divisions; without a register, and where none is named, it does."""
    about = list(areas)
    return settings.staff is None or not about or any(load(settings.staff).staff[code].covers(one) for one in about)
