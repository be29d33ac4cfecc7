"""`lianfang levels`."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import Any

import click

from deploy.access import roles
from deploy.allowed import AllowedAt, Kind, allowed_at
from deploy.bus import Bus
from deploy.cli.cases import words
from deploy.cli.linkage import reason_of
from deploy.cli.output import Problem, as_json, local, millis, show, table
from deploy.cli.staff import STAFF, allowed, signed
from deploy.everywhere import SHORTEST, NotDecided
from deploy.levels import approved, ended, proposed, read
from deploy.linkage.decide import reasons
from deploy.moment import present
from deploy.staff.register import Role
from schemas.models.control import Level, LevelInForce, LevelProposal
from schemas.settings import Settings
from schemas.vocabulary import vocabulary
from streams import levels as of_levels
from streams.normalise.errors import Unusable
from streams.normalise.regions import region as division

DAY = 86_400_000
_MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"])


@click.group()
def levels() -> None:
    """The level in force in a region: peace, alert, emergency. It decides what is collected, how long it is kept, and how deep contacts are traced.

    \b
    Something is to be declared:  `levels propose REGION LEVEL`, then `levels approve ID` by a second person
    It is over before its time:   `levels end ID`, by anyone
    Nothing is done:              it ends by itself, and there is peace again
    What may be done at a place:  `levels show REGION`

    What each level allows is in the policy, under `levels`, `collect` and `keep`, with its sources. All of this is in the log that can be proved.
    """  # noqa: D301 - click's mark for a paragraph to leave as it is


@levels.command("list")
@click.option("--at", "at_", type=_MOMENT, help="What is in force at that moment, Asia/Shanghai. Unset: now.")
@as_json
def list_(at_: datetime | None, json_: bool) -> None:
    """All levels that were proposed: which wait for a second person, which are in force, which are over."""
    bus, at = Bus(acts=roles.STEWARD), millis(at_) if at_ else _now()
    with closing(bus.reader()) as reader:
        found = read(reader, bus.policy.levels, bus.signatures)
    rows = [_document(one, found.declared.get(one.id), at, bus) for one in found.proposals]
    columns = ("id", "region", "level", "from", "until", "state", "legal basis", "proposed by", "approved by", "why")
    cells = [(one["id"][:SHORTEST], one["region"], one["level"], local(one["since"]), local(one["until"]), one["state"], one["legal_basis"], one["by"],
              one["approved_by"], one["reason"]) for one in rows]  # fmt: skip
    show(json_, rows, lambda: table(f"{len(rows)} levels 级别; elsewhere and otherwise there is peace", columns, cells))


@levels.command("show")
@click.argument("region")
@click.option("--at", "at_", type=_MOMENT, help="What is allowed of records of that moment, Asia/Shanghai. Unset: now.")
@as_json
def show_(region: str, at_: datetime | None, json_: bool) -> None:
    """What the level in force in a REGION (its division code) lets be collected, kept, linked and released."""
    bus, at = Bus(acts=roles.STEWARD), millis(at_) if at_ else _now()
    try:
        region = division(region)
    except Unusable as error:
        raise Problem(f"region {region}: {error}") from error
    with closing(bus.reader()) as reader:
        found = allowed_at(region, at, read(reader, bus.policy.levels, bus.signatures).declared.values(), bus.policy, bus.agencies.values())
    show(json_, {"region": region, "at": at, **found.document()}, lambda: _tell(region, at, found))


def _tell(region: str, at: int, found: AllowedAt) -> None:
    basis = f", at least until {local(found.until)}, by {'; '.join(sorted({one.legal_basis for one in found.facts}))}" if found.until else ""
    kinds = vocabulary("kinds")
    rows = [(one.name, *kinds[one.name], "yes 是" if one.collected else "no 否", _days(one)) for one in found.kinds]
    table(f"{words(found.level)} in {region} at {local(at)}{basis}", ("kind", "记录", "records", "collected 采集", "kept 保存"), rows)
    traced = f"contacts, {found.depth} rounds 追踪密接 {found.depth} 层" if found.depth else "nobody's contacts 不追踪密接"
    click.echo(f"Linked 关联: what is collected, to one person; traced: {traced}.")
    shown = [(one.agency, one.purpose, words(*one.roles), words(*one.needs_tracing)) for one in found.released]
    table("Released, as far as it concerns the agency 提供", ("agency 机构", "purpose 目的", "people 人员", "nobody, since nobody is traced 无人被追踪"), shown)


def _days(one: Kind) -> str:
    if not one.collected:
        return "not used 不使用"
    return "until changed 至变更" if one.kept is None else f"{one.kept / DAY:g} days 天"


@levels.command()
@click.argument("region")
@click.argument("level", type=click.Choice([Level.ALERT.value, Level.EMERGENCY.value]))
@click.option("--basis", required=True, help="Law and article, such as '突发公共卫生事件应急条例, art. 27'.")
@click.option("--since", type=_MOMENT, help="From when, Asia/Shanghai. Unset: now.")
@click.option("--until", required=True, type=_MOMENT, help="When it ends by itself, Asia/Shanghai; at most so long as the policy says.")
@click.option("--past", is_flag=True, help="It is meant that it begins more than a day ago.")
@click.option("--reason", required=True, metavar="WORD", help=f"Why: {', '.join(reasons('level'))}.")
@STAFF
@as_json
def propose(region: str, level: str, basis: str, since: datetime | None, until: datetime, past: bool, reason: str, by_: str, json_: bool) -> None:
    """Propose a level for a REGION, by its division code, until a moment. It waits for a second person."""
    reason_of("level", reason)
    bus, now = Bus(acts=roles.STEWARD), _now()
    allowed(bus.settings, by_, Role.OFFICER)
    proposal = LevelProposal.of(causes=[], at=now, region=region, level=Level(level), legal_basis=basis, since=millis(since) if since else now,
                                until=millis(until), by=by_, reason=reason)  # fmt: skip
    try:
        proposed(proposal, bus.policy.levels, past=past)
    except NotDecided as error:
        raise Problem(str(error)) from error
    allowed(bus.settings, by_, Role.OFFICER, [region])
    bus.write("level.proposal", [(region, signed(bus.settings, "level.proposal", proposal))])
    value = {"id": proposal.id, "region": region, "level": level, "since": proposal.since, "until": proposal.until}
    show(json_, value, lambda: click.echo(f"Proposed. A second person approves it: lianfang levels approve {proposal.id[:SHORTEST]} --by STAFF"))


@levels.command()
@click.argument("proposal")
@STAFF
@as_json
def approve(proposal: str, by_: str, json_: bool) -> None:
    """Approve the PROPOSAL (its first 8 digits or more) of another person. Then it is in force for its time, and every stage is told."""
    bus = Bus(acts=roles.STEWARD)
    allowed(bus.settings, by_, Role.OFFICER)
    with closing(bus.reader()) as reader:
        try:
            approval = approved(read(reader, bus.policy.levels, bus.signatures), proposal, by_, _now())
        except NotDecided as error:
            raise Problem(str(error)) from error
        allowed(bus.settings, by_, Role.OFFICER, [approval.region])
        bus.write("level.approval", [(approval.region, signed(bus.settings, "level.approval", approval))])
    _told(bus, approval.proposal, json_)


@levels.command()
@click.argument("proposal")
@click.option("--until", type=_MOMENT, help="When it ends, Asia/Shanghai. Unset: now.")
@click.option("--reason", required=True, metavar="WORD", help=f"Why: {', '.join(reasons('level-end'))}.")
@STAFF
@as_json
def end(proposal: str, until: datetime | None, reason: str, by_: str, json_: bool) -> None:
    """End the level of a PROPOSAL (its first 8 digits or more) before its time. Who was found to be a case before the end stays traced."""
    reason_of("level-end", reason)
    bus, now = Bus(acts=roles.STEWARD), _now()
    allowed(bus.settings, by_, Role.OFFICER)
    with closing(bus.reader()) as reader:
        try:
            over = ended(read(reader, bus.policy.levels, bus.signatures), proposal, millis(until) if until else now, by_, reason, now)
        except NotDecided as error:
            raise Problem(str(error)) from error
        allowed(bus.settings, by_, Role.OFFICER, [over.region])
        bus.write("level.end", [(over.region, signed(bus.settings, "level.end", over))])
    _told(bus, over.proposal, json_)


def _told(bus: Bus, proposal: str, json_: bool) -> None:
    """Show what follows, which the stage `decisions` tells every partition."""
    with closing(bus.reader()) as reader:
        fact = read(reader, bus.policy.levels, bus.signatures).declared.get(proposal)
    says = f"{fact.level.value} in {fact.region} from {local(fact.at)} until {local(fact.until)}" if fact else "nothing is in force by it"
    show(json_, {"level": fact.model_dump(mode="json") if fact else None}, lambda: click.echo(f"{says}; a running worker tells it on every partition."))


def _document(proposal: LevelProposal, fact: LevelInForce | None, at: int, bus: Bus) -> dict[str, Any]:
    return {
        "id": proposal.id, "region": proposal.region, "level": proposal.level.value, "since": proposal.since, "until": fact.until if fact else proposal.until,
        "state": _state(fact, at, bus), "legal_basis": proposal.legal_basis, "by": proposal.by, "approved_by": fact.approved_by if fact else None,
        "reason": proposal.reason,
    }  # fmt: skip


def _state(fact: LevelInForce | None, at: int, bus: Bus) -> str:
    if fact is None:
        return "waits"
    start, end = of_levels.span(fact, bus.policy.levels)
    return "is to come" if at < start else "in force" if at < end else "over"


def _now() -> int:
    return present(Settings())
