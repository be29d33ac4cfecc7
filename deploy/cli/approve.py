"""`lianfang agencies propose`, `approve` and `list`: an agency file counts when a second person approved it."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from connectors.reader import Reader
from connectors.registry import agency
from deploy.access import roles
from deploy.agencies.approval import SHORTEST, Approvals, NotApproved, approvals, approved, content_of, proposed
from deploy.agencies.diff import Change, changes
from deploy.bus import Bus
from deploy.cli.linkage import EXISTING, reason_of
from deploy.cli.output import Problem, as_json, local, show, table
from deploy.cli.staff import STAFF, allowed, signed
from deploy.everywhere import counting
from deploy.linkage.decide import reasons
from deploy.staff.register import Role
from schemas.agency import Agency
from schemas.models.control import AgencyApproval, AgencyProposal
from schemas.signing import Signatures


@click.command()
@click.argument("file", type=EXISTING)
@click.option("--reason", required=True, metavar="WORD", help=f"Why: {', '.join(reasons('agency'))}.")
@STAFF
@as_json
def propose(file: Path, reason: str, by_: str, json_: bool) -> None:
    """Propose that the agency of FILE receives what the file says. It waits for a second person; a file that a rule refuses is not taken."""
    reason_of("agency", reason)
    bus = Bus(acts=roles.STEWARD)
    one = agency(file)
    allowed(bus.settings, by_, Role.OFFICER, _area(one))
    try:
        proposal = proposed(one, by_, reason, time.time_ns() // 1_000_000)
    except NotApproved as error:
        raise Problem(str(error)) from error
    bus.write("agency.proposal", [(proposal.agency, signed(bus.settings, "agency.proposal", proposal))])
    value = {"agency": proposal.agency, "digest": proposal.digest, "proposal": proposal.id, "by": by_}
    show(json_, value, lambda: click.echo(f"Proposed. A second person approves it: lianfang agencies approve {proposal.digest[:SHORTEST]} --by STAFF"))


@click.command("approve")
@click.argument("digest")
@STAFF
@as_json
def approve(digest: str, by_: str, json_: bool) -> None:
    """Approve the proposal that waits under DIGEST (its first 12 digits or more), made by another person. What it changes is told.

    The file that was approved last is the one that counts. With LIANFANG_APPROVED_AGENCIES=true worker and deliver start with no other.
    """
    bus = Bus(acts=roles.STEWARD)
    allowed(bus.settings, by_, Role.OFFICER)
    try:
        with closing(bus.reader()) as reader:
            found = read(reader, bus.signatures)
        proposal, approval = approved(found, digest, by_, time.time_ns() // 1_000_000)
    except NotApproved as error:
        raise Problem(str(error)) from error
    allowed(bus.settings, by_, Role.OFFICER, _area(content_of(proposal)))
    changed = _changed(bus, found, proposal)
    bus.write("agency.approval", [(approval.agency, signed(bus.settings, "agency.approval", approval))])
    value: dict[str, Any] = {"agency": proposal.agency, "digest": proposal.digest, "proposed_by": proposal.by, "approved_by": by_,
                             "changes": None if changed is None else [f"{one.direction}: {one.where}: {one.says}" for one in changed]}  # fmt: skip
    show(json_, value, lambda: _told(proposal, changed))


@click.command("list")
@as_json
def list_(json_: bool) -> None:
    """All agencies: the digest of the file here, the one that was approved, and what waits for a second person."""
    bus = Bus(acts=roles.STEWARD)
    with closing(bus.reader()) as reader:
        found = read(reader, bus.signatures)
    waiting = {one.agency: one for one in found.waiting()}
    names = sorted({*bus.agencies, *found.counts, *waiting})
    rows = [_row(name, bus.agencies.get(name), found, waiting.get(name)) for name in names]
    columns = ("agency", "file", "approved", "proposed by", "approved by", "when", "waits", "proposed by", "why")
    show(json_, [_document(name, bus.agencies.get(name), found, waiting.get(name)) for name in names], lambda: table(f"{len(names)} agencies", columns, rows))


def read(reader: Reader, signatures: Signatures) -> Approvals:
    """What counts by the topics of proposals and approvals, of what is signed as the register of staff wants it."""
    proposals = counting(reader, signatures, "agency.proposal", AgencyProposal)
    return approvals(proposals, counting(reader, signatures, "agency.approval", AgencyApproval))


def _area(one: Agency) -> list[str]:
    """The division that an agency is for; none of one that is for a facility alone."""
    return [one.region] if one.region else []


def _changed(bus: Bus, found: Approvals, proposal: AgencyProposal) -> list[Change] | None:
    """What the proposal changes of what counts, or of the file here when nothing was approved; None for an agency that is new."""
    counts = found.counts.get(proposal.agency)
    before = content_of(counts[0]) if counts else bus.agencies.get(proposal.agency)
    return None if before is None else changes(before, content_of(proposal))


def _told(proposal: AgencyProposal, changed: list[Change] | None) -> None:
    if changed is not None:
        table(f"{proposal.agency}: what changes", ("", "privacy", "where", "what"), [(one.direction, one.privacy, one.where, one.says) for one in changed])
    click.echo(f"Approved: {proposal.agency} {proposal.digest[:SHORTEST]}, proposed by {proposal.by}. It counts for each worker that starts with this file.")


def _document(name: str, here: Agency | None, found: Approvals, waits: AgencyProposal | None) -> dict[str, Any]:
    proposal, approval = found.counts.get(name, (None, None))
    return {
        "agency": name, "file": here.digest if here else None, "approved": proposal.digest if proposal else None,
        "proposed_by": proposal.by if proposal else None, "approved_by": approval.by if approval else None, "approved_at": approval.at if approval else None,
        "waits": waits.digest if waits else None, "waits_by": waits.by if waits else None, "waits_reason": waits.reason if waits else None,
    }  # fmt: skip


def _row(name: str, here: Agency | None, found: Approvals, waits: AgencyProposal | None) -> tuple[object, ...]:
    one = _document(name, here, found, waits)
    digests = [(one[which] or "-")[:SHORTEST] for which in ("file", "approved", "waits")]
    return (name, digests[0], digests[1], one["proposed_by"], one["approved_by"], local(one["approved_at"]), digests[2], one["waits_by"], one["waits_reason"])
