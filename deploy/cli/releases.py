"""`lianfang releases`: what was released and taken back, and which receiver has confirmed it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict

import click

from deploy.agencies.owed import Owed, owed
from deploy.bus import Bus
from deploy.cli.output import Problem, as_json, local, short, show, table
from schemas.agency import Agency
from streams.routing.codes import Codes


@click.group()
def releases() -> None:
    """What agencies were given and what was taken back, and whether they confirmed it.

    An agency knows people by codes of its own: --person takes the key that the bus has, or any agency's code, as somebody reads it out on the telephone.
    """


@releases.command("list")
@click.option("--agency", metavar="NAME", help="Only those of an agency.")
@click.option("--person", metavar="CODE", help="Only those about one person: the key, or what an agency calls the person.")
@as_json
def list_(agency: str | None, person: str | None, json_: bool) -> None:
    """Every release and retraction with what its receiver answered, the oldest first. No names: whose they are is said by key."""
    bus = Bus()
    _told(json_, "Releases 提供记录", _chosen(bus, agency, person))


@releases.command("outstanding")
@click.option("--agency", metavar="NAME", help="Only those of an agency.")
@as_json
def outstanding(agency: str | None, json_: bool) -> None:
    """What receivers have not confirmed, and since when. Exits with 1 when something is overdue: after a day, as schemas/vocabulary/confirmation.yaml says.

    Webhooks confirm by their answer; whoever reads the topic confirms by POST /v1/agencies/NAME/receipts at the intake.
    """
    found = [one for one in _chosen(Bus(), agency, None) if one.outstanding]
    _told(json_, "Outstanding 未确认", found)
    if any(one.overdue for one in found):
        raise click.exceptions.Exit(1)


def _chosen(bus: Bus, agency: str | None, person: str | None) -> list[Owed]:
    if agency is not None and agency not in bus.agencies:
        raise Problem(f"there is no agency {agency}; agencies are {', '.join(bus.agencies)}")
    with closing(bus.reader()) as reader:
        found = owed(reader.read("audit"), reader.read("receipt"), time.time_ns() // 1_000_000)
    mine = [one for one in found if agency in (None, one.agency)]
    if person is None:
        return mine
    called = _calls(bus)
    return [one for one in mine if one.person.startswith(person) or called(one).startswith(person)]


def _calls(bus: Bus) -> Callable[[Owed], str]:
    """What its agency calls the person of a release; '' where the file is gone, or the purpose."""
    purposes = {(one.name, purpose.name): Codes(one, purpose, bus.settings.keys) for one in _agencies(bus) for purpose in one.purposes}
    return lambda one: purposes[one.agency, one.purpose].person(one.person) if (one.agency, one.purpose) in purposes else ""


def _agencies(bus: Bus) -> list[Agency]:
    return list(bus.agencies.values())


def _state(one: Owed) -> str:
    if one.answer:
        return one.answer
    return "overdue 逾期" if one.overdue else "outstanding 未确认" if one.outstanding else "replaced 已更新"


def _told(json_: bool, title: str, found: list[Owed]) -> None:
    rows = [(one.agency, one.purpose, short(one.release), short(one.person), one.decision, local(one.since), _state(one), one.attempts) for one in found]
    show(json_, [asdict(one) for one in found],
         lambda: table(f"{title}: {len(found)}", ("agency", "purpose", "release", "person", "", "since", "confirmed", "attempts"), rows))  # fmt: skip
