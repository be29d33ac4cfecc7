"""What a changed agency file would release more and less, purpose by purpose and field by field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from deploy.agencies.bulletins import gained
from schemas.agency import Agency, Purpose, Webhook
from schemas.forms import ALWAYS, Form, finer, finest
from schemas.models.case import Role, Status
from schemas.privacy import Privacy, fields, rank


class Direction(StrEnum):
    """What a change does."""

    MORE = "more"
    LESS = "less"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Change:
    """One change in words; of a field its name and privacy class, else none."""

    direction: Direction
    where: str
    says: str
    field: str | None = None
    privacy: Privacy | None = None


_Way = tuple[str, str]
"""One way in which a field leaves: how the region must concern the person, and the status of the case ('' for a case without one, and for other roles)."""


def changes(old: Agency, new: Agency) -> list[Change]:
    """Every change: what is released more before what is less, the strictest privacy class first."""
    found = [*_area(old, new), *_purposes(old, new), *_fields(old, new), *_forms(old, new), *_rest(old, new)]
    return sorted(found, key=lambda one: (list(Direction).index(one.direction), rank(one.privacy) if one.privacy else -1, one.where, one.field or "", one.says))


def _area(old: Agency, new: Agency) -> Iterator[Change]:
    if (old.region, old.facility) == (new.region, new.facility):
        return
    before, after = (one.facility or one.region or "" for one in (old, new))
    if not old.facility and not new.facility and before.startswith(after):
        yield Change(Direction.MORE, "area", f"people of all of {after} instead of {before} alone")
    elif not old.facility and not new.facility and after.startswith(before):
        yield Change(Direction.LESS, "area", f"people of {after} alone instead of all of {before}")
    elif before != after:
        yield Change(Direction.MORE, "area", f"people whom {after} concerns")
        yield Change(Direction.LESS, "area", f"people whom {before} concerns")


def _purposes(old: Agency, new: Agency) -> Iterator[Change]:
    before, after = ({one.name: one for one in agency.purposes} for agency in (old, new))
    for name in sorted(before.keys() - after.keys()):
        yield Change(Direction.LESS, name, "the purpose is gone")
    for name, purpose in after.items():
        if name not in before:
            yield Change(Direction.MORE, name, f"a new purpose, under the {purpose.legal_basis}, kept {purpose.expires_days} days")
            continue
        was = before[name]
        if purpose.expires_days != was.expires_days:
            direction = Direction.MORE if purpose.expires_days > was.expires_days else Direction.LESS
            yield Change(direction, name, f"copies are kept {purpose.expires_days} days instead of {was.expires_days}")
        yield from _joint(was, purpose)
        if purpose.legal_basis != was.legal_basis:
            yield Change(Direction.OTHER, name, f"the legal basis is the {purpose.legal_basis} instead of the {was.legal_basis}")


def _joint(was: Purpose, now: Purpose) -> Iterator[Change]:
    """A joint purpose lets others join the copies; without one the codes are the agency's own."""
    for direction, one, other in ((Direction.MORE, now.joint, was.joint), (Direction.LESS, was.joint, now.joint)):
        if one and (other is None or other.name != one.name):
            verb = "can be joined" if direction is Direction.MORE else "can be joined no more"
            yield Change(direction, now.name, f"copies {verb} with those of all who name the joint purpose {one.name}, under the {one.legal_basis}")
    if was.joint and now.joint and was.joint.name == now.joint.name and was.joint != now.joint:
        yield Change(Direction.OTHER, now.name, f"copies are put together under the {now.joint.legal_basis} instead of the {was.joint.legal_basis}")


def _fields(old: Agency, new: Agency) -> Iterator[Change]:
    before, after = _ways(old), _ways(new)
    for purpose, role, field in sorted(before.keys() | after.keys()):
        was, now = before.get((purpose, role, field), set()), after.get((purpose, role, field), set())
        for direction, ways, whole in ((Direction.MORE, now - was, not was), (Direction.LESS, was - now, not now)):
            if ways:
                yield Change(direction, f"{purpose}, {role}", _said(field, role, ways, direction, whole=whole), field, fields()[field].privacy)


def _forms(old: Agency, new: Agency) -> Iterator[Change]:
    """Fields that both files release, in another form."""
    before, after = _asked(old), _asked(new)
    for place in sorted(before.keys() & after.keys()):
        purpose, role, field = place
        was, now = finest(before[place]), finest(after[place])
        says = f"{field} is released by {_listed(now)} instead of by {_listed(was)}"
        for direction, more in ((Direction.MORE, finer(now, was)), (Direction.LESS, finer(was, now))):
            if more:
                yield Change(direction, f"{purpose}, {role}", says, field, fields()["concerns" if field == "why" else field].privacy)


def _asked(agency: Agency) -> Mapping[tuple[str, str, str], list[list[Form]]]:
    """By purpose, role and field the forms in which each want asks for it."""
    found: dict[tuple[str, str, str], list[list[Form]]] = {}
    for want in agency.wants:
        for field in {*want.fields, *ALWAYS}:
            found.setdefault((want.purpose, want.role.value, field), []).append(want.forms.get(field, []))
    return found


def _listed(forms: Iterable[Form]) -> str:
    return ", ".join(forms) or "what it is"


def _ways(agency: Agency) -> Mapping[tuple[str, str, str], set[_Way]]:
    """By purpose, role and field all ways in which the field leaves; several wants of a role are one in this."""
    found: dict[tuple[str, str, str], set[_Way]] = {}
    for want in agency.wants:
        every: Iterable[str] = [status.value for status in want.statuses] if want.statuses is not None else ["", *(status.value for status in Status)]
        statuses = every if want.role is Role.CASE else [""]
        for field in want.fields:
            found.setdefault((want.purpose, want.role.value, field), set()).update((why.value, status) for why in want.why for status in statuses)
    return found


def _said(field: str, role: str, ways: set[_Way], direction: Direction, *, whole: bool) -> str:
    by = ", ".join(sorted({why for why, _ in ways}))
    statuses = sorted({status or "without a status" for _, status in ways})
    of = "" if len(statuses) > len(Status) or role != Role.CASE else f", of cases that are {', '.join(statuses)}"
    if direction is Direction.MORE:
        verb = "is released" if whole else "is also released"
    else:
        verb = "is released no more, as it was," if whole else "is no longer released"
    return f"{fields()[field].en} {fields()[field].zh} {verb} by {by}{of}"


def _rest(old: Agency, new: Agency) -> Iterator[Change]:
    if new.retired and not old.retired:
        yield Change(Direction.LESS, "agency", "it is retired: it gets nothing any more, and all that it got is taken back")
    if old.retired and not new.retired:
        yield Change(Direction.MORE, "agency", "it is retired no more: all that it asks for is released")
    for direction, one, other in ((Direction.MORE, old, new), (Direction.LESS, new, old)):
        verb = "it is told" if direction is Direction.MORE else "it is told no more"
        yield from (Change(direction, "subscribes", f"{verb} {what}") for what in gained(one, other))
    if _small(old) != _small(new):
        yield Change(Direction.OTHER, "subscribes", "other reasons are given why counts are needed as they are")
    if old.deliver != new.deliver:
        yield Change(Direction.OTHER, "delivery", f"{_delivery(new)} instead of {_delivery(old)}")
    if (old.name, old.kind) != (new.name, new.kind):
        yield Change(Direction.OTHER, "agency", f"{new.name}, a {new.kind}, instead of {old.name}, a {old.kind}")
    if (old.says, old.says_zh) != (new.says, new.says_zh):
        yield Change(Direction.OTHER, "agency", "it is described in other words")
    if _reasons(old) != _reasons(new):
        yield Change(Direction.OTHER, "finer", "other reasons are given for finer forms")
    if _needs(old) != _needs(new):
        yield Change(Direction.OTHER, "needs", "other reasons are given why fields are needed")


def _delivery(agency: Agency) -> str:
    if not isinstance(agency.deliver, Webhook):
        return "delivery by the topic alone"
    return f"delivery to {agency.deliver.url}, signed with {agency.deliver.token_file or 'nothing'}"


def _reasons(agency: Agency) -> set[tuple[str, ...]]:
    return {(want.purpose, want.role.value, field, why) for want in agency.wants for field, why in want.finer.items()}


def _small(agency: Agency) -> set[tuple[str, ...]]:
    return {(one.topic, one.purpose, one.small_counts) for one in agency.subscribes if one.small_counts}


def _needs(agency: Agency) -> set[tuple[str, ...]]:
    return {(want.purpose, want.role.value, privacy, why) for want in agency.wants for privacy, why in want.needs.items()}
