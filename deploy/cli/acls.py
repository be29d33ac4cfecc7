"""`lianfang acls`."""

from __future__ import annotations

from collections import Counter
from typing import Any

import click

from deploy.access import acls as contract
from deploy.access import credentials, roles
from deploy.access.plan import Change
from deploy.admin import admin
from deploy.bus import Bus
from deploy.cli.output import Problem, as_json, show, table


@click.group()
def acls() -> None:
    """Compare what the broker allows with what the contract and the agency files grant, and make it so.

    \b
    lianfang up --secured && lianfang topics apply
    lianfang acls plan         what is missing, and what is too much
    lianfang acls apply        principals with their secrets, grants; whatever is not in the contract is revoked
    lianfang acls rotate NAME  a new secret for a principal

    Each stage, source and agency is a principal, and so is each command that runs for itself; `acls apply` writes their secrets into the folder of the
    setting `principals`, from where each is taken to the machine that needs it, and to no other.
    """  # noqa: D301 - the control character itself, click's mark for a paragraph to leave as it is


@acls.command()
@as_json
def plan(json_: bool) -> None:
    """Say what `apply` would do, and what the broker allows beside the contract to others (unknown; it is left alone). Exits with 1 when there is something."""
    found = contract.plan(_bus())
    _tell(found, "Would be done", json_)
    if any(one.what != "unknown" for one in found):
        raise click.exceptions.Exit(1)


@acls.command()
@as_json
def apply(json_: bool) -> None:
    """Make the secrets that are missing, grant, and revoke. The second time it does nothing."""
    _tell(contract.apply(_bus()), "Done", json_)


@acls.command()
@click.argument("principal")
def rotate(principal: str) -> None:
    """Give PRINCIPAL a new secret. What is connected stays so; take the file to its machine, and start the process that uses it again."""
    bus = _bus()
    if principal not in (*contract.parts(bus).principals(), roles.ADMIN):
        raise Problem(f"no principal {principal} follows from the contract; `lianfang acls plan --json` on an empty broker lists them all")
    with admin(bus) as client:
        credentials.renew(client, principal, contract.folder(bus))
    click.echo(f"the new secret is in {contract.folder(bus) / principal}.secret; the old one opens no new connection")


def _bus() -> Bus:
    bus = Bus(acts=roles.ADMIN)
    _ = bus.endpoints
    if bus.settings.protocol in (None, "PLAINTEXT"):
        raise Problem("the brokers are open to everybody, and grants would stop nobody: `lianfang up --secured`, or set LIANFANG_PROTOCOL")
    return bus


def _tell(found: list[Change], title: str, json_: bool) -> None:
    counts = Counter(one.what for one in found if one.what != "unknown")
    value: list[dict[str, Any]] = [{"principal": one.principal, "what": one.what, "detail": one.detail} for one in found]
    heading = f"{title}: {', '.join(f'{number} {what}' for what, number in counts.items()) or 'nothing, all is as the contract says'}"
    show(json_, value, lambda: table(heading, ("principal", "what", "detail"), [tuple(row.values()) for row in value]))
