"""What agencies are told of facts about no person: of all that stands, what their files ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta, timezone
from typing import Any

from schemas.agency import Agency
from schemas.models.bulletin import OFFERS, Bulletin
from schemas.models.release import View
from tests.oracle.cases import Content

_CHINA = timezone(timedelta(hours=8))
_DAY = 24 * 60 * 60 * 1000


def bulletins(agency: Agency, stands: Mapping[str, Iterable[Content]], smallest: int, now: int | None) -> list[Content]:
    """What the agency holds when these facts stand, by topic; without what each is about, which follows from it. `now` is the latest tick, UTC milliseconds."""
    found = []
    for asked in [] if agency.retired else agency.subscribes:
        purpose = next(one for one in agency.purposes if one.name == asked.purpose)
        for fact in _shown(agency, asked, list(stands[asked.topic]), smallest):
            last = max(fact["at"], fact.get("until", 0)) if asked.topic == "notice.public" else fact["at"]
            end = last + purpose.expires_days * _DAY
            if asked.until is not None:
                end = min(end, _midnight(datetime.combine(asked.until, time(), _CHINA) + timedelta(days=1)) - 1)
            if now is None or end >= now:
                found.append(_release(agency, purpose, asked, fact, end))
    return found


def _shown(agency: Agency, asked: Any, facts: list[Content], smallest: int) -> Iterable[Content]:
    """The facts that it is told; of counts that it may not have as they are those that give no small one away, as at least so many, by day."""
    near = [fact for fact in facts if _near(agency, asked, fact)]
    if asked.small_counts or asked.topic not in ("signal", "statistic"):
        return near
    if asked.topic == "signal":
        return [_by_day(fact) for fact in near if fact["observed"] >= smallest]
    rows = {(fact["region"], fact["measure"]) for fact in near}
    return [_by_day(fact) | {"count": fact["count"] - fact["count"] % smallest} for row in sorted(rows)
            for fact in _safe([one for one in near if (one["region"], one["measure"]) == row], smallest)]  # fmt: skip


def _safe(row: list[Content], smallest: int) -> list[Content]:
    """Of the counts of one region and measure those from which no small one follows: as few as possible of the smallest are kept back."""
    rising = sorted(row, key=lambda fact: (fact["count"], f"{fact['value']} {fact['day']}"))
    kept = 0
    while kept < len(rising) and rising[kept]["count"] < smallest:
        kept += 1
    if kept:
        while kept < len(rising) and (kept < 2 or sum(fact["count"] for fact in rising[:kept]) < smallest):
            kept += 1
    return rising[kept:]


def _near(agency: Agency, asked: Any, fact: Content) -> bool:
    if agency.facility is not None and not asked.regions:
        return agency.facility in (fact.get("place"), fact.get("to"))
    region = fact.get("region") or "-"
    for code in asked.regions or [agency.region]:
        if region == code or (region[: len(code)] == code and not (asked.topic == "statistic" and not asked.small_counts)):
            return True
        if asked.topic == "notice.public" and code[: len(region)] == region:
            return True
    return False


def _by_day(fact: Content) -> Content:
    start = datetime.fromtimestamp(fact["at"] / 1000, UTC).astimezone(_CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    return fact | {"at": _midnight(start), "by_day": True}


def _midnight(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _release(agency: Agency, purpose: Any, asked: Any, fact: Content, end: int) -> Content:
    told = {field: fact[field] for field in asked.fields or OFFERS[asked.topic].least}
    by_day = fact.get("by_day", False)
    return {
        "agency": agency.name, "purpose": purpose.name, "legal_basis": purpose.legal_basis, "at": fact["at"], "roles": [], "why": [],
        "expires": end, "view": dict.fromkeys(View.model_fields),
        "forms": [{"field": "at", "form": "day"}] if by_day else [], "bulletin": dict.fromkeys(Bulletin.model_fields) | {"topic": asked.topic} | told,
    }  # fmt: skip
