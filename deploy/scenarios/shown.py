"""Linked cases and releases as a story writes them: local times, names of people, one line for each thing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from schemas.models.bulletin import Bulletin
from schemas.models.case import Concern, Entry, LinkedCase, Meeting
from schemas.models.isolation import Isolation, MeasureBeyond
from schemas.models.measure import MeasureInForce
from schemas.models.need import NeedLine, NeedState
from schemas.models.notice import PublicNotice, ResidentNotice
from schemas.models.release import Release
from schemas.models.rights import ClosureAlert, Complaint
from schemas.models.signal import Signal, Silence
from schemas.models.statistic import Statistic
from schemas.models.supply import Dispatch, Supply
from schemas.models.task import Task
from schemas.tokens import Keys
from streams.policy import Transmission
from streams.transmission.tree import candidates, clusters

_MOMENTS = ("until", "short_on")
Name = Callable[[str], str]
"""What the story calls the person of a key."""


def local(moment: int) -> str:
    """Asia/Shanghai, to the minute."""
    return datetime.fromtimestamp(moment / 1000, ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%d %H:%M")


def fields_of_case(case: LinkedCase, name: Name, keys: Keys) -> dict[str, Any]:
    """Every field of a linked case by name, with the names and phones that its seals hold."""
    opened = [keys.open(sealed.alias, sealed.data) for sealed in case.sealed]
    identifiers = {field: sorted({one[what] for one in opened if what in one}) for field, what in (("names", "name"), ("phones", "phone"))}
    return _shown({field: getattr(case, field) for field in type(case).model_fields}, name) | identifiers


def fields_of_release(release: Release, name: Name) -> dict[str, Any]:
    """Roles, reasons and expiry of a release, the names of the fields that it carries as `fields`, and these fields."""
    carried = {field: getattr(release.view, field) for field in type(release.view).model_fields}
    own = {
        "roles": release.roles,
        "why": release.why,
        "expires": release.expires,
        "fields": sorted(field for field, value in carried.items() if value is not None),
    }
    return _shown(own | carried, name)


def bulletin_line(bulletin: Bulletin) -> str:
    """Each field that is told, with moments local."""
    said = {name: value for name, value in bulletin if value not in (None, "") and name != "topic"}
    return " ".join(f"{name}={local(value) if name in _MOMENTS else value}" for name, value in said.items())


def _shown(fields: Mapping[str, Any], name: Name) -> dict[str, Any]:
    """Each field as a story writes it."""
    found = dict(fields)
    for field in ("since", "onset", "expires"):
        found[field] = local(found[field]) if found.get(field) is not None else None
    for field in ("concerns", "why"):
        found[field] = [_concern(one) for one in found.get(field) or []]
    for field in ("contacts", "contact_of"):
        found[field] = dict(meeting_lines(found[field] or [], name))
    found["needs"] = [need_line(one) for one in found.get("needs") or []]
    found["timeline"] = [entry_line(one) for one in found["timeline"] or []]
    return found


def task_line(task: Task) -> str:
    """A task as a story writes it: what stands besides only where there is something to say."""
    said = f"{task.work} of {task.owner} {task.state} by {local(task.due)}"
    responsible = task.responsible if task.responsible != task.owner else None
    more = {"now with": task.escalated_to, "answered for by": responsible, "for": task.other, "as": task.remark}
    return ", ".join([said, *(f"{word} {value}" for word, value in more.items() if value)])


def sources(cases: Iterable[LinkedCase], numbers: Transmission, name: Name) -> dict[str, list[str]]:
    """Of each case that has any, the candidate infectors with their share, the likeliest first."""
    ranked = candidates(cases, numbers)
    return {name(person): [f"{name(one.infector)} {one.share:.0%}" for one in ones] for person, ones in ranked.items() if ones}


def infected(cases: Iterable[LinkedCase], numbers: Transmission, name: Name) -> dict[str, list[str]]:
    """By infector the people of whom it is the likeliest source, sorted."""
    links = [(name(one.infector), name(one.person)) for cluster in clusters(cases, numbers) for one in cluster.members if one.infector]
    return {infector: sorted(infectee for by, infectee in links if by == infector) for infector, _ in links}


def measure_line(measure: MeasureInForce) -> str:
    """A measure in force as a story writes it."""
    return f"{measure.kind} as {measure.reason} by {measure.official} until {local(measure.until)}"


def isolation_line(one: Isolation) -> str:
    """An isolation as a story writes it."""
    said = f"{one.state} as {one.reason} until {local(one.until)} by {one.edition or one.official}"
    more = {"at a site until": one.site_until, "told": one.told, "ordered until": one.ordered_until if one.edition else None}
    return ", ".join([said, *(f"{word} {local(value)}" for word, value in more.items() if value)])


def beyond_line(one: MeasureBeyond) -> str:
    """An order beyond the plan as a story writes it."""
    return f"{one.official} {one.kind} from {local(one.at)} to {local(one.until)}"


def notice_line(one: ResidentNotice) -> str:
    """A notice to a resident as a story writes it."""
    said = f"{one.kind} by {one.owner or 'nobody'} until {local(one.until)} {one.state}"
    return said + (f" by {one.by} at {local(one.confirmed_at or 0)}" if one.by else f", now with {one.escalated_to}" if one.escalated_to else "")


def announced_line(one: PublicNotice) -> str:
    """A notice to the public as a story writes it."""
    return f"{one.kind} {one.place or ''} of {one.region} from {local(one.at)} to {local(one.until)}".replace("  ", " ")


def supply_line(one: Supply) -> str:
    """What a place has of an item as a story writes it."""
    said = f"{one.item} {one.on_hand}, {one.use_per_day} a day" + (f", short on {local(one.short_on)}" if one.short_on is not None else "")
    more = {"coming": one.coming, "to get": one.to_get, "to give": one.to_give}
    return ", ".join([said, str(one.state), *(f"{units} {word}" for word, units in more.items() if units)])


def dispatch_line(one: Dispatch) -> str:
    """A dispatch as a story writes it."""
    return f"{one.number} {one.quantity} {one.item} from {one.place} to {one.to} {one.step}"


def complaint_line(one: Complaint) -> str:
    """A complaint as a story writes it."""
    late = f", now with {one.escalated_to}" if one.escalated_to else ""
    return f"{one.number} {one.about} {one.state} by {one.answered_by}, due {local(one.due)}{late}"


def closure_line(one: ClosureAlert) -> str:
    """A closure without a decision as a story writes it."""
    return f"{one.area} from {local(one.at)} {one.why}"


def need_line(line: NeedLine) -> str:
    """A need as a story writes it."""
    said = f"{line.need} {line.urgency} for {line.quantity} in {line.region} {line.state}"
    said += {NeedState.OFFERED: f" to {line.place} until {local(line.due or 0)}", NeedState.UNMET: ""}.get(line.state, f" by {line.place}")
    return said + (f", now with {line.escalated_to}" if line.escalated_to else "")


def statistic_line(one: Statistic) -> str:
    """A count as a story writes it under its region and measure."""
    return f"{one.value} {one.day}".strip() + f": {one.count}"


def signal_line(one: Signal | Silence) -> str:
    """A signal as a story writes it."""
    if isinstance(one, Silence):
        return f"{one.place} silent since {one.last}"
    return f"{one.region} {one.measure} {one.value}".strip() + f" {one.day}: {one.observed} by {', '.join(each.method for each in one.exceeded)}"


def _concern(concern: Concern) -> str:
    return f"{concern.why} {concern.region}"


def meeting_lines(meetings: Iterable[Meeting], name: Name) -> Iterable[tuple[str, str]]:
    """By the other person, where and when."""
    for one in meetings:
        yield name(one.person), f"{', '.join(one.places)} from {local(one.first)} to {local(one.last)}"


def entry_line(entry: Entry, *, timed: bool = True) -> str:
    """A line of a timeline; not timed, without its beginning."""
    until = f" to {local(entry.until)}" if entry.until != entry.at else ""
    when = ((local(entry.at) if timed else "") + until).strip()
    return " ".join(part for part in (when, entry.what, entry.place or entry.region or "", entry.note, entry.other or "") if part)
