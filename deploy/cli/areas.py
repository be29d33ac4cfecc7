"""`lianfang areas`."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import Any

import click

from deploy.access import roles
from deploy.areas import approved, declared, ended, read
from deploy.bus import Bus
from deploy.cli.linkage import reason_of
from deploy.cli.output import Problem, as_json, local, millis, show, table
from deploy.cli.staff import STAFF, allowed, signed
from deploy.everywhere import SHORTEST, NotDecided
from deploy.linkage.decide import reasons
from deploy.moment import present
from deploy.staff.register import Role
from schemas.models.control import AreaProposal, RiskArea
from schemas.settings import Settings
from streams import areas as of_areas
from streams.policy import RiskArea as Shipped

_MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"])


@click.group()
def areas() -> None:
    """Risk areas: divisions and countries from which people come back as returnees, and when. They can be declared late, and find who came back before.

    \b
    There is an outbreak:  `areas declare REGION`, then `areas approve ID` by a second person
    It is over:            `areas end ID`, by anyone; with --never it never was one, and all that followed is taken back
    Nothing is done:       it ends by itself

    What the policy lists under `risk_areas` holds beside these. All of this is in the log that can be proved.
    """  # noqa: D301 - click's mark for a paragraph to leave as it is


@areas.command("list")
@click.option("--at", "at_", type=_MOMENT, help="How each stands at that moment, Asia/Shanghai. Unset: now.")
@as_json
def list_(at_: datetime | None, json_: bool) -> None:
    """All risk areas: those of the policy, those that wait for a second person, that hold, and that are over."""
    bus, at = Bus(acts=roles.STEWARD), millis(at_) if at_ else _now()
    with closing(bus.reader()) as reader:
        found = read(reader, bus.policy.longest_area, bus.signatures)
    rows = [_shipped(one, at) for one in bus.policy.risk_areas] + [_document(one, found.declared.get(one.id), at, bus) for one in found.proposals]
    columns = ("id", "area", "from", "until", "state", "legal basis", "declared by", "approved by", "why")
    cells = [((one["id"] or "")[:SHORTEST], one["region"], local(one["since"]), local(one["until"]), one["state"], one["legal_basis"] or "", one["by"],
              one["approved_by"] or "", one["reason"] or "") for one in rows]  # fmt: skip
    show(json_, rows, lambda: table(f"{len(rows)} risk areas 风险地区", columns, cells))


@areas.command()
@click.argument("region")
@click.option("--basis", required=True, help="Law and article, such as '突发公共卫生事件应急条例, art. 33'.")
@click.option("--since", required=True, type=_MOMENT, help="From when people could catch the disease there, Asia/Shanghai; often a week or two ago.")
@click.option("--until", required=True, type=_MOMENT, help="When it ends by itself, Asia/Shanghai; at most so long as the policy says.")
@click.option("--reason", required=True, metavar="WORD", help=f"Why: {', '.join(reasons('area'))}.")
@STAFF
@as_json
def declare(region: str, basis: str, since: datetime, until: datetime, reason: str, by_: str, json_: bool) -> None:
    """Declare REGION (a division code, or a country such as MM) a risk area. It waits for a second person."""
    reason_of("area", reason)
    bus, now = Bus(acts=roles.STEWARD), _now()
    allowed(bus.settings, by_, Role.OFFICER)
    proposal = AreaProposal.of(causes=[], at=now, region=region, legal_basis=basis, since=millis(since), until=millis(until), by=by_, reason=reason)
    try:
        declared(proposal, bus.policy.longest_area)
    except NotDecided as error:
        raise Problem(str(error)) from error
    bus.write("area.proposal", [(region, signed(bus.settings, "area.proposal", proposal))])
    value = {"id": proposal.id, "region": region, "since": proposal.since, "until": proposal.until}
    show(json_, value, lambda: click.echo(f"Declared. A second person approves it: lianfang areas approve {proposal.id[:SHORTEST]} --by STAFF"))


@areas.command()
@click.argument("proposal")
@STAFF
@as_json
def approve(proposal: str, by_: str, json_: bool) -> None:
    """Approve the PROPOSAL (its first 8 digits or more) of another person. Every partition is told; who came back from there has a task at once."""
    bus = Bus(acts=roles.STEWARD)
    allowed(bus.settings, by_, Role.OFFICER)
    with closing(bus.reader()) as reader:
        try:
            approval = approved(read(reader, bus.policy.longest_area, bus.signatures), proposal, by_, _now())
        except NotDecided as error:
            raise Problem(str(error)) from error
        bus.write("area.approval", [(approval.region, signed(bus.settings, "area.approval", approval))])
    _told(bus, approval.proposal, json_)


@areas.command()
@click.argument("proposal")
@click.option("--until", type=_MOMENT, help="When it ends, Asia/Shanghai. Unset: now.")
@click.option("--never", is_flag=True, help="It never was one: who came back from there is no returnee by it.")
@click.option("--reason", required=True, metavar="WORD", help=f"Why: {', '.join(reasons('area-end'))}.")
@STAFF
@as_json
def end(proposal: str, until: datetime | None, never: bool, reason: str, by_: str, json_: bool) -> None:
    """End the area of a PROPOSAL (its first 8 digits or more) before its time. Who left it before the end stays a returnee."""
    reason_of("area-end", reason)
    if never and until:
        raise Problem("--never says that it has no time at all: leave out --until")
    bus, now = Bus(acts=roles.STEWARD), _now()
    allowed(bus.settings, by_, Role.OFFICER)
    with closing(bus.reader()) as reader:
        try:
            last = None if never else millis(until) if until else now
            over = ended(read(reader, bus.policy.longest_area, bus.signatures), proposal, last, by_, reason, now)
        except NotDecided as error:
            raise Problem(str(error)) from error
        bus.write("area.end", [(over.region, signed(bus.settings, "area.end", over))])
    _told(bus, over.proposal, json_)


def _told(bus: Bus, proposal: str, json_: bool) -> None:
    """Show what follows, which the stage `decisions` tells every partition."""
    with closing(bus.reader()) as reader:
        fact = read(reader, bus.policy.longest_area, bus.signatures).declared.get(proposal)
    says = f"{fact.region} from {local(fact.at)} until {local(fact.until)}" if fact else "nothing is in force by it"
    show(json_, {"area": fact.model_dump(mode="json") if fact else None}, lambda: click.echo(f"{says}; a running worker tells it on every partition."))


def _shipped(one: Shipped, at: int) -> dict[str, Any]:
    return {
        "id": None, "region": one.region, "since": one.since, "until": one.until, "state": _state(one.since, one.until, at),
        "legal_basis": None, "by": "policy", "approved_by": "policy", "reason": None,
    }  # fmt: skip


def _document(proposal: AreaProposal, fact: RiskArea | None, at: int, bus: Bus) -> dict[str, Any]:
    since, until = of_areas.span(fact, bus.policy.longest_area) if fact else (proposal.since, proposal.until)
    return {
        "id": proposal.id, "region": proposal.region, "since": since, "until": until, "state": _state(since, until, at) if fact else "waits",
        "legal_basis": proposal.legal_basis, "by": proposal.by, "approved_by": fact.approved_by if fact else None, "reason": proposal.reason,
    }  # fmt: skip


def _state(since: int, until: int, at: int) -> str:
    return "is to come" if at < since else "holds" if at < until else "over"


def _now() -> int:
    return present(Settings())
