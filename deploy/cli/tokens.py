"""`lianfang tokens`: the secret of tokens is renewed, and what stands is carried over onto a bus beside."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from connectors.publish import Publisher
from connectors.reader import Reader
from deploy.access import roles
from deploy.bus import Bus
from deploy.carrying import Progress, beside, decided, left, tell
from deploy.carrying import carry as carried
from deploy.cli.cases import read as cases
from deploy.cli.linkage import reason_of
from deploy.cli.output import Problem, as_json, local, progress, show, table
from deploy.cli.staff import STAFF, allowed, signed
from deploy.linkage.decide import reasons
from deploy.rotation import SHORTEST, NotRenewed, approved, differing, proposed
from deploy.staff.register import Role
from deploy.stands import stands
from schemas import renewal
from schemas.models.control import ErasureApproval
from schemas.models.identity import Link

_TOLD = 2.0
"""Seconds between two lines about how far it is, and between two looks for news."""


@click.group()
def tokens() -> None:
    """Tokens stand for people on the bus, under a secret; whoever learns it can find out whom a token means. `rotate` renews it."""


@tokens.group()
def rotate() -> None:
    """Renew the secret of tokens: what stands is carried onto a bus beside, where each token is that of the token before under a second secret.

    \b
    rotate propose --reason known --by OP-1
    rotate approve PROPOSAL --by OP-2           makes the second secret
    LIANFANG_NAMESPACE=e2. lianfang topics apply
    LIANFANG_NAMESPACE=e2. lianfang worker &
    rotate carry --watch                        while this bus works; then stop its intake, and carry once more
    rotate show --compare                       the people of both buses are the same, renamed

    The runbook token-secret-known says when to switch, and what is deleted after it.
    """  # noqa: D301 - click's mark for a paragraph to leave as it is


@rotate.command()
@click.option("--reason", required=True, metavar="WORD", help=f"Why: {', '.join(reasons('rotate'))}.")
@STAFF
@as_json
def propose(reason: str, by_: str, json_: bool) -> None:
    """Propose to renew the secret of this bus. It waits for a second person; nothing happens until then."""
    reason_of("rotate", reason)
    bus = Bus(acts=roles.STEWARD)
    allowed(bus.settings, by_, Role.STEWARD)
    with closing(bus.reader()) as reader:
        proposal = proposed(decided(reader, bus.signatures), renewal.epoch(bus.settings.namespace) + 1, by_, reason, _now())
    bus.write("rotation.proposal", [(str(proposal.epoch), signed(bus.settings, "rotation.proposal", proposal))])
    value = {"proposal": proposal.id, "epoch": proposal.epoch, "by": by_}
    show(json_, value, lambda: click.echo(f"Proposed. A second person approves it: lianfang tokens rotate approve {proposal.id[:SHORTEST]} --by STAFF"))


@rotate.command()
@click.argument("proposal")
@STAFF
@as_json
def approve(proposal: str, by_: str, json_: bool) -> None:
    """Approve the PROPOSAL (its first 8 digits or more) of another person, and make the second secret, a file beside the first.

    From then on nobody is erased on this bus: an erasure waits for the one beside it. Whatever is approved already must be carried out.
    """
    bus = Bus(acts=roles.STEWARD)
    allowed(bus.settings, by_, Role.STEWARD)
    with closing(bus.acting(roles.OPERATOR).reader()) as reader:
        found = decided(reader, bus.signatures)
        approval = approved(found, found.one(proposal), by_, _now())
        _erased(bus, reader)
    path = renewal.file(bus.settings.first_secret, approval.epoch)
    _make(path)
    if approval.proposal not in found.approvals:
        bus.write("rotation.approval", [(str(approval.epoch), signed(bus.settings, "rotation.approval", approval))])
    after = renewal.after(bus.settings.namespace)
    value = {"approval": approval.id, "epoch": approval.epoch, "secret": str(path), "namespace": after}
    told = f"Approved. The secret is {path}: bring it to every machine of the bus, beside the first. Then: LIANFANG_NAMESPACE={after} lianfang topics apply"
    show(json_, value, lambda: click.echo(told))


@rotate.command()
@click.option("--watch", is_flag=True, help="Go on following until interrupted, instead of ending where this bus is now.")
@click.option("--again", is_flag=True, help="From the beginning, as when the topics of the bus beside were made anew; what is there already does not change.")
@as_json
def carry(watch: bool, again: bool, json_: bool) -> None:
    """Carry what stands onto the bus beside, from where it was stopped; killed at any moment, the same command goes on.

    It reads the changelog of normalise, and brings decisions on pairs, levels, risk areas, agency files, models and the time. All else is computed there.

    With a register of staff, decisions on pairs are left out: they are signed over tokens of before, and stewards decide again on the bus beside.
    """
    bus = Bus(acts=roles.CARRY)
    now = _beside(bus)
    said, done = 0, 0
    while True:
        said += _told(bus)
        for at in carried(bus, now, again):
            _say(at, done)
        done, again = done + at.carried, False
        if not watch:
            break
        time.sleep(_TOLD)
    said += _told(bus)
    value = {"carried": done, "told": said, "left": left(bus)}
    show(json_, value, lambda: click.echo(f"Carried: {done:,} rows, {said:,} messages of what people and clocks said; {value['left']:,} came meanwhile."))


@rotate.command("show")
@click.option("--compare", is_flag=True, help="Compare the people and cases of both buses by their renamed aliases; exits with 1 when they differ.")
@as_json
def show_(compare: bool, json_: bool) -> None:
    """What was proposed and approved, how much is left to carry, and whether both buses come to the same."""
    bus = Bus(acts=roles.OPERATOR)
    with closing(bus.reader()) as reader:
        found = decided(reader, bus.signatures)
    pairs = [(one, found.approvals.get(one.id)) for one in found.proposals]
    under = renewal.epoch(bus.settings.namespace) + 1
    told = [{**one.model_dump(include={"at", "epoch", "by", "reason"}), "proposal": one.id, "approved_by": yes.by if yes else None} for one, yes in pairs]
    value: dict[str, Any] = {
        "proposals": told, "left": left(bus.acting(roles.CARRY)) if found.decided(under) else None, "differing": _differing(bus) if compare else None
    }  # fmt: skip
    rows = [(one.id[:SHORTEST], local(one.at), one.epoch, one.by, one.reason, yes.by if yes else "") for one, yes in pairs]
    columns = ("proposal", "when", "secrets", "by", "why", "approved by")

    def people() -> None:
        table(f"{len(rows)} renewals of the secret of tokens", columns, rows)
        click.echo(_summary(value))

    show(json_, value, people)
    if value["differing"]:
        raise Problem(f"{value['differing']} people differ between the buses: wait until both have come to rest (lianfang reconcile), and carry once more")


def _summary(value: dict[str, Any]) -> str:
    left = "Nothing is approved." if value["left"] is None else f"{value['left']:,} messages of the changelog are left to carry."
    return left if value["differing"] is None else f"{left} {value['differing']:,} people differ."


def _beside(bus: Bus) -> Bus:
    """The bus beside, in the role that carries, if two people decided it and its topics are there; raises NotRenewed."""
    now = beside(bus, roles.CARRY)
    with closing(bus.acting(roles.OPERATOR).reader()) as reader:
        if not decided(reader, bus.signatures).decided(renewal.epoch(now.settings.namespace)):
            raise NotRenewed("no renewal of the secret of this bus is approved: `lianfang tokens rotate propose`, then approve by a second person")
    with closing(beside(bus, roles.OPERATOR).reader()) as reader:
        if "carried" not in reader.topics():
            raise NotRenewed(f"the bus beside has no topics yet: LIANFANG_NAMESPACE={now.settings.namespace} lianfang topics apply")
    return now


def _told(bus: Bus) -> int:
    def writer(topic: str) -> Publisher:
        return beside(bus, roles.CLOCK if topic == "control.tick" else roles.STEWARD).publisher()

    return tell(bus.acting(roles.OPERATOR), beside(bus, roles.OPERATOR), writer)


def _differing(bus: Bus) -> int:
    now = beside(bus, roles.OPERATOR)
    with closing(bus.reader()) as reader, closing(now.reader()) as there:
        before, after = ((stands(one, "identity.link", Link), cases(one)) for one in (reader, there))
        return differing(before, after, now.settings.keys.renewed)




def _erased(bus: Bus, reader: Reader) -> None:
    """Raise NotRenewed while an erasure is approved and its keys are not destroyed: what it takes back must not be carried."""
    vault: Callable[[str, int], bytes | None] = bus.settings.keys.vault.past
    for one in (entry.value for entry in reader.read("erasure.approval")):
        if isinstance(one, ErasureApproval) and any(last and vault(alias, last) for alias, last in zip(one.aliases, one.generations, strict=True)):
            raise NotRenewed(f"an erasure is not carried out yet: lianfang erase approve {one.proposal[:12]} --by STAFF goes on with it")


def _make(path: Path) -> None:
    """Make the secret, whole or not at all, if there is none."""
    part = path.with_name(f"{path.name}.part")
    if not path.exists():
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(os.urandom(32))
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)


_last = 0.0


def _say(at: Progress, done: int) -> None:
    """Say how far it is, every now and then."""
    global _last  # noqa: PLW0603
    if time.monotonic() - _last > _TOLD:
        _last = time.monotonic()
        progress(f"{done + at.carried:,} rows carried, {at.left:,} messages left")


def _now() -> int:
    return time.time_ns() // 1_000_000
