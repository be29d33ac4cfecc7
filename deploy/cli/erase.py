"""`lianfang erase`: two people erase a person; what stands is taken back, and the keys are destroyed."""

from __future__ import annotations

import time
from contextlib import closing

import click

from connectors.reader import Reader
from deploy.access import roles
from deploy.bus import Bus
from deploy.carrying import decided
from deploy.cli.cases import areas, read
from deploy.cli.linkage import reason_of
from deploy.cli.output import Problem, as_json, local, progress, short, show, table
from deploy.cli.staff import STAFF, allowed, signed
from deploy.erasure import SHORTEST, Erasures, NotErased, approved, ended, erasures, proposed, said
from deploy.everywhere import counting
from deploy.linkage.decide import reasons
from deploy.staff.register import Role
from deploy.stands import stands
from deploy.watch import Watch
from schemas.models.control import ErasureApproval, ErasureProposal
from schemas.models.identity import Link
from schemas.signing import Signatures

_HEAR = 1.0
"""Seconds in which all programs hear that generations of keys are ended; it takes them a quarter of a second."""


@click.group()
def erase() -> None:
    """Erase a person: everything that was said of the person is taken back, from agencies too, and the keys under which it is sealed are destroyed.

    \b
    erase propose PERSON --reason request --by OP-1
    erase approve PROPOSAL --by OP-2
    Records in which the person is named with others go with it. What sources send later of the same person is a new matter.
    """  # noqa: D301 - click's mark for a paragraph to leave as it is


@erase.command()
@click.argument("person")
@click.option("--also", multiple=True, metavar="ALIAS", help="A further alias of the person that no link names; may be repeated.")
@click.option("--reason", required=True, metavar="WORD", help=f"Why: {', '.join(reasons('erase'))}.")
@STAFF
@as_json
def propose(person: str, also: tuple[str, ...], reason: str, by_: str, json_: bool) -> None:
    """Propose that PERSON, given by the whole key, is erased. It waits for a second person; nothing happens until then."""
    reason_of("erase", reason)
    bus = _bus()
    allowed(bus.settings, by_, Role.STEWARD)
    with closing(bus.acting(roles.OPERATOR).reader()) as reader:
        _stays(reader, bus)
        links = stands(reader, "identity.link", Link)
        allowed(bus.settings, by_, Role.STEWARD, _areas(reader, person))
    try:
        proposal = proposed(person, links, also, by_, reason, time.time_ns() // 1_000_000)
    except NotErased as error:
        raise Problem(str(error)) from error
    bus.write("erasure.proposal", [(person, signed(bus.settings, "erasure.proposal", proposal))])
    value = {"proposal": proposal.id, "person": person, "aliases": proposal.aliases, "by": by_}
    told = f"Proposed, for {len(proposal.aliases)} aliases. A second person approves it: lianfang erase approve {proposal.id[:SHORTEST]} --by STAFF"
    show(json_, value, lambda: click.echo(told))


@erase.command("approve")
@click.argument("proposal")
@STAFF
@click.option("--patience", default=600.0, show_default=True, help="Seconds to wait for the stages before the keys are destroyed all the same.")
@as_json
def approve(proposal: str, by_: str, patience: float, json_: bool) -> None:
    """Approve a PROPOSAL (12 digits of its id or more) made by another person, and carry it out. It cannot be undone.

    Stopped at any moment, the same command goes on. Afterwards `lianfang vault rotate` makes old copies of the vault worthless.
    """
    bus = _bus()
    allowed(bus.settings, by_, Role.STEWARD)
    vault = bus.settings.keys.vault
    with closing(bus.acting(roles.OPERATOR).reader()) as reader:
        _stays(reader, bus)
        found, links = _read(reader, bus.signatures), stands(reader, "identity.link", Link)
        try:
            asked = found.one(proposal)
            allowed(bus.settings, by_, Role.STEWARD, _areas(reader, asked.person))
            approval = approved(found, asked, links, vault, by_, time.time_ns() // 1_000_000)
        except NotErased as error:
            raise Problem(str(error)) from error
    if approval.proposal not in found.approvals:
        bus.write("erasure.approval", [(approval.person, signed(bus.settings, "erasure.approval", approval))])
    time.sleep(_HEAR)
    _say(bus, approval)
    quiet = _rested(bus, patience)
    destroyed = vault.destroy(ended(approval))
    value = {"approval": approval.id, "person": approval.person, "aliases": approval.aliases, "destroyed": destroyed, "stages_rested": quiet}
    rest = "Retractions go to the agencies now." if quiet else "Some stages have not read all yet; what stands is taken back when they do."
    show(json_, value, lambda: click.echo(f"Erased: {len(approval.aliases)} aliases, {destroyed} keys destroyed. {rest}"))


@erase.command("list")
@as_json
def list_(json_: bool) -> None:
    """All erasures that were proposed, and who approved them."""
    bus = Bus()
    with closing(bus.reader()) as reader:
        found = _read(reader, bus.signatures)
    pairs = [(one, found.approvals.get(one.id)) for one in found.proposals]
    value = [{**one.model_dump(include={"person", "at", "by", "reason"}), "proposal": one.id, "approved_by": yes.by if yes else None} for one, yes in pairs]
    rows = [(short(one.id), short(one.person), local(one.at), one.by, one.reason, yes.by if yes else "") for one, yes in pairs]
    show(json_, value, lambda: table(f"{len(rows)} erasures", ("proposal", "person", "when", "by", "why", "approved by"), rows))


def _bus() -> Bus:
    """The bus, on which keys can be destroyed. Raises Problem when they cannot."""
    bus = Bus(acts=roles.STEWARD)
    if bus.settings.vault == "derived":
        raise Problem("the keys of persons follow from the secret here (LIANFANG_VAULT=derived), so none can be destroyed: sources can still retract")
    return bus


def _stays(reader: Reader, bus: Bus) -> None:
    """Raise Problem when what stands is being carried onto another bus, where somebody who is erased here would stand under keys that nobody destroys."""
    if decided(reader, bus.signatures).approvals:
        raise Problem("the secret of tokens is being renewed, and what stands is carried onto the bus beside: erase there, once programs run on it")


def _say(bus: Bus, approval: ErasureApproval) -> None:
    """Say it on every partition, and return when the broker has it."""
    with closing(bus.publisher()) as publisher:
        for one in said(approval):
            for partition in range(bus.topics["control.erasure"].partitions or 1):
                publisher.send("control.erasure", f"{one.alias} {one.first}-{one.last}", one, partition)
        publisher.settle()


def _rested(bus: Bus, patience: float) -> bool:
    """Wait until all stages have read everything, at most so many seconds; gives whether they have."""
    progress("waiting until the stages have taken back what stands")
    end = time.monotonic() + patience
    with closing(Watch(bus.acting(roles.OPERATOR))) as watch:
        while not watch.quiet():
            if time.monotonic() > end:
                return False
            time.sleep(0.2)
    return True


def _read(reader: Reader, signatures: Signatures) -> Erasures:
    proposals = counting(reader, signatures, "erasure.proposal", ErasureProposal)
    return erasures(proposals, counting(reader, signatures, "erasure.approval", ErasureApproval))


def _areas(reader: Reader, person: str) -> list[str]:
    """The divisions that the linked case of a person concerns; none where there is no case."""
    return [region for case in read(reader) if case.person == person for region in areas(case)]


