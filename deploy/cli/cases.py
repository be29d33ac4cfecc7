"""`lianfang cases list`, `show` and `sources`."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import closing
from typing import Any

import click
from pydantic import BaseModel

from connectors.reader import Entry as Message
from connectors.reader import Reader
from deploy.access import roles
from deploy.bus import Bus
from deploy.cli.linkage import by, reason_of, unmasked
from deploy.cli.output import Problem, as_json, document, local, short, show, table
from deploy.cli.staff import allowed, within
from deploy.linkage.decide import reasons
from deploy.staff.register import Role
from schemas.models.case import Entry, Fever, LinkedCase
from schemas.models.case import Role as Why
from schemas.models.log import CaseLook
from schemas.vocabulary import vocabulary
from streams.standing import standing
from streams.transmission.tree import Candidate, candidates


@click.group()
def cases() -> None:
    """Linked cases: the one view that agencies share. Names stay sealed here; agencies get what their file allows."""


@cases.command("list")
@click.option("--whole", is_flag=True, help="With --json: whole cases, those of the area of who looks; needs --by and --reason, and each is recorded.")
@click.option("--role", type=click.Choice([role.value for role in Why]), help="Only of people in this role, such as fever.")
@by
@as_json
def list_(whole: bool, role: str | None, reason: str | None, by_: str | None, json_: bool) -> None:
    """All linked cases that stand, a line each. Whole ones are for who says why: timelines and contacts tell more of a person than a line."""
    if unmasked(reason, by_) != whole or (whole and not json_):
        raise Problem("whole cases are shown for a reason to somebody: give --whole, --json, --reason and --by, or none of --whole, --reason and --by")
    if whole:
        document(_looked(str(by_), str(reason), role))
        return
    with closing(Bus().reader()) as reader:
        found = _in_role(read(reader), role)
    show(json_, [_line_of(case) for case in found], lambda: tell(found))


@cases.command("show")
@click.argument("key")
@click.option("--by", "by_", required=True, metavar="STAFF", help="Staff code of who looks; it is recorded before anything is shown.")
@click.option("--reason", required=True, metavar="WORD", help=f"Why: {', '.join(reasons('look'))}.")
@as_json
def show_(key: str, by_: str, reason: str, json_: bool) -> None:
    """One linked case, by its person key or the beginning of it. Who looked, and why, goes to `case.look` and into the log."""
    reason_of("look", reason)
    bus = Bus(acts=roles.STEWARD)
    allowed(bus.settings, by_, Role.OFFICER)
    with closing(bus.reader()) as reader:
        found = one_case(reader, key)
    allowed(bus.settings, by_, Role.OFFICER, areas(found))
    look(bus, found, by_, reason)
    show(json_, found.model_dump(mode="json", exclude={"sealed"}), lambda: _whole(found))


@cases.command("sources")
@click.argument("key")
@click.option("--by", "by_", required=True, metavar="STAFF", help="Staff code of who looks; it is recorded before anything is shown.")
@click.option("--reason", required=True, metavar="WORD", help=f"Why: {', '.join(reasons('look'))}.")
@as_json
def sources(key: str, by_: str, reason: str, json_: bool) -> None:
    """Who may have infected a case, the likeliest first, each with where and when they met and how well that fits. KEY as for `show`.

    Only cases are named whom the person met while they were infectious. A look at each of them is recorded, like that at the case itself.
    """
    reason_of("look", reason)
    bus = Bus(acts=roles.STEWARD)
    allowed(bus.settings, by_, Role.OFFICER)
    with closing(bus.reader()) as reader:
        entries = list(reader.read("case.linked"))
    standing_ = stands(entries)
    case = _one_of(entries, key)
    allowed(bus.settings, by_, Role.OFFICER, areas(case))
    found = candidates(standing_, bus.policy.transmission).get(case.person)
    if found is None:
        raise Problem("that person is no case, or no longer: only a case has a source of infection")
    named = {one.infector for one in found}
    looked(bus, [case, *(one for one in standing_ if one.person in named)], by_, reason)
    show(json_, [one.model_dump(mode="json") for one in found], lambda: _sources(found))


def one_case(reader: Reader, key: str) -> LinkedCase:
    """The linked case that stands whose person key begins so; raises Problem, which says where a key has moved."""
    return _one_of(list(reader.read("case.linked")), key)


def _one_of(entries: list[Message], key: str) -> LinkedCase:
    found = [case for case in stands(entries) if case.person.startswith(key)]
    if len(found) != 1:
        heirs = sorted({heir for heir in (successor(entry.value) for entry in entries if entry.key.startswith(key)) if heir})
        now = f"; the person's key is now {' or '.join(heirs)}" if heirs and not found else "; `lianfang cases list` shows them"
        raise Problem(f"{len(found) or 'no'} linked cases begin with {key}{now}")
    return found[0]


def areas(case: LinkedCase) -> list[str]:
    """The divisions that a case concerns; that of an officer who looks at it covers one of them."""
    return [one.region for one in case.concerns]


def look(bus: Bus, case: LinkedCase, by_: str, reason: str) -> None:
    """Record who sees a linked case, and why; returns when it is on the bus."""
    looked(bus, [case], by_, reason)


def looked(bus: Bus, cases: Iterable[LinkedCase], by_: str, reason: str) -> None:
    """Record who sees these linked cases, and why; returns when all of it is on the bus."""
    now = time.time_ns() // 1_000_000
    seen = [CaseLook.of(causes=[case.id], at=now, case=case.id, by=by_, reason=reason, person=case.person) for case in cases]
    bus.write("case.look", [(one.case, one) for one in seen])


def _in_role(found: list[LinkedCase], role: str | None) -> list[LinkedCase]:
    return [case for case in found if role is None or role in case.roles]


def _looked(by_: str, reason: str, role: str | None) -> list[dict[str, Any]]:
    """The whole cases of the area of somebody, whose look at each is recorded."""
    bus = Bus(acts=roles.STEWARD)
    allowed(bus.settings, by_, Role.OFFICER)
    with closing(bus.reader()) as reader:
        found = [case for case in _in_role(read(reader), role) if within(bus.settings, by_, areas(case))]
    looked(bus, found, by_, reason)
    return [case.model_dump(mode="json", exclude={"sealed", "causes"}) for case in found]


def _line_of(case: LinkedCase) -> dict[str, Any]:
    """What the table says of a case, for programs."""
    counts = {name: len(getattr(case, name)) for name in ("contacts", "contact_of", "aliases")}
    return case.model_dump(mode="json", include={"id", "person", "roles", "status", "since", "community", "grid_worker"}) | counts


def read(reader: Reader) -> list[LinkedCase]:
    """The linked cases that stand now."""
    return stands(reader.read("case.linked"))


def stands(entries: Iterable[Message]) -> list[LinkedCase]:
    """The linked cases that stand after these messages, cases before contacts and returnees, by person key."""
    values = standing("case.linked", ((entry.key, entry.value) for entry in entries if entry.value is not None))
    return sorted((value for value in values.values() if isinstance(value, LinkedCase)), key=lambda case: (case.status is None, case.roles, case.person))


def successor(value: BaseModel | None) -> str | None:
    """The key that a retracted case was moved to."""
    return value.superseded_by if isinstance(value, LinkedCase) else None


def words(*ours: str | None) -> str:
    """Our words with their Chinese."""
    chinese = {word: said[0] for word, said in vocabulary("symptoms").items()} | vocabulary("words")
    return ", ".join(f"{word} {chinese[word]}" if word in chinese else word for word in ours if word)


def tell(found: list[LinkedCase]) -> None:
    """The table for people."""
    rows = [(short(case.person), words(*case.roles), words(case.status), local(case.since), case.community, case.grid_worker,
             len(case.contacts), len(case.contact_of), len(case.aliases)) for case in found]  # fmt: skip
    columns = ("person", "roles 身份", "status 状态", "since 起", "community 社区", "grid worker 网格员", "exposed 密接", "exposed by", "aliases")
    table(f"{len(found)} linked cases 关联病例", columns, rows)


def _whole(case: LinkedCase) -> None:
    facts = [
        ("person", case.person), ("roles", words(*case.roles)), ("status", words(case.status)), ("since", local(case.since)),
        ("classification", words(case.classification)), ("onset", local(case.onset)), ("community", case.community), ("grid worker", case.grid_worker),
        ("fever signal", _fever(case.fever)), ("clinic in charge", case.clinic), ("referred to", case.referred_to),
        ("concerns", ", ".join(f"{concern.region} ({words(concern.why)})" for concern in case.concerns)), ("aliases", ", ".join(map(short, case.aliases))),
    ]  # fmt: skip
    table("Linked case 关联病例 (times: Asia/Shanghai)", ("", ""), facts)
    table("Timeline 时间线", ("from", "until", "what", "where", "note", "source"), [_line(entry) for entry in case.timeline])
    for title, meetings in (("People exposed 密切接触者", case.contacts), ("Exposed by 暴露来源", case.contact_of)):
        if meetings:
            table(
                title,
                ("person", "first", "last", "places", "depth"),
                [(short(one.person), local(one.first), local(one.last), ", ".join(one.places), one.depth) for one in meetings],
            )


def _fever(signal: Fever | None) -> str | None:
    return f"{words(*signal.signs)}; {local(signal.since)} to {local(signal.last)}" if signal else None


def _sources(found: list[Candidate]) -> None:
    rows = [(short(one.infector), f"{one.share:.0%}", local(one.first), local(one.last), ", ".join(one.places), f"{one.serial:+} d", _apart(one.incubation))
            for one in found]  # fmt: skip
    columns = ("person", "share 占比", "first met 首次接触", "last met 末次接触", "places 地点", "ill after them 代际间隔", "met before ill 接触至发病")
    table(f"{len(found)} possible sources 可能的传染源 (times: Asia/Shanghai)", columns, rows)


def _apart(days: list[int]) -> str:
    return f"{days[0]} d" if days[0] == days[1] else f"{days[0]} to {days[1]} d"


def _line(entry: Entry) -> tuple[object, ...]:
    until = local(entry.until) if entry.until != entry.at else ""
    return local(entry.at), until, words(entry.what), entry.place or entry.region, words(entry.note), entry.source
