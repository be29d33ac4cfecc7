"""What the public and residents are told when it is so late: of each area, level, hour of a place and linked case by itself, in the plainest way."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from schemas.models.control import Level, LevelInForce, RiskArea
from schemas.vocabulary import vocabulary
from streams.policy import Policy
from tests.oracle.cases import Content
from tests.oracle.grouped import grouped
from tests.oracle.tracing import Traced

_HOUR = 3_600_000
_DIGITS = {"community": 12, "township": 9, "county": 6, "prefecture": 4, "province": 2}
_GIVEN = {"contact": ("order", "notify"), "returnee": ("visit", "notify"), "watch_over": ("notify",)}
"""By kind the tasks whose report says that the resident has it."""


def public(traced: Traced, levels: Iterable[LevelInForce], areas: Iterable[RiskArea], policy: Policy, now: int) -> list[Content]:
    """What the public is told."""
    return [*_areas(areas, policy, now), *_levels(list(levels), policy, now), *_places(traced, policy, now)]


def residents(case: Content, apart: Content | None, policy: Policy, now: int) -> list[Content]:
    """What the person of a linked case is told, who is or was apart."""
    if apart is None or apart["reason"] == "case" or case["classification"] is not None:
        return []
    if any(line["what"] in ("isolated", "admitted", "died") and line["at"] >= apart["at"] for line in case["timeline"]):
        return []
    return [one for kind in (apart["reason"], "watch_over") for one in _resident(case, apart, kind, policy, now)]


def _said(kind: str, region: str, since: int, until: int, place: str | None = None, level: str | None = None) -> Content:
    return {"kind": kind, "template": f"{kind}/{vocabulary('notices')['templates'][kind]['version']}", "region": region, "at": since, "until": until, "place": place, "level": level}


def _areas(areas: Iterable[RiskArea], policy: Policy, now: int) -> Iterable[Content]:
    for one in areas:
        until = min(one.until, one.at + policy.longest_area)
        if one.at < until and now < until:
            yield _said("area", one.region, one.at, until)


def _levels(levels: list[LevelInForce], policy: Policy, now: int) -> Iterable[Content]:
    ends = {one.id: min(one.until, one.at + (policy.levels[one.level].longest or 0)) for one in levels}
    for one in levels:
        until = ends[one.id]
        if one.at < until and now < until:
            yield _said("level", one.region, one.at, until, level=one.level.value)
        goes_on = any(one.region.startswith(other.region) and other.at <= until < ends[other.id] and other.level is not Level.PEACE for other in levels)
        if one.at < until <= now < until + policy.notices.ended and not goes_on:
            yield _said("level_ended", one.region, one.at, until, level=one.level.value)


def _places(traced: Traced, policy: Policy, now: int) -> Iterable[Content]:
    """Every hour of a place in which a case exposed people is marked; hours that touch are one notice."""
    for place, stays in grouped(traced.exposed, lambda one: one[0]).items():
        kind = vocabulary("places").get(place.split("-")[0])
        known = [(start // _HOUR, end // _HOUR, region) for _, region, start, end, depth in stays if region is not None and depth == 1]
        if kind not in policy.notices.places:
            continue
        hours = {hour for first, last, _ in known for hour in range(first, last + 1)}
        for begin in sorted(hour for hour in hours if hour - 1 not in hours):
            end = begin
            while end in hours:
                end += 1
            region = min(region for first, _, region in known if begin <= first < end)
            if now < end * _HOUR + policy.watch:
                yield _said("place", region, begin * _HOUR, end * _HOUR, place=place)


def _resident(case: Content, apart: Content, kind: str, policy: Policy, now: int) -> Iterable[Content]:
    since, until, region = apart["at"], apart["until"], apart["region"]
    first, last, said = (until, until + policy.notices.over, until) if kind == "watch_over" else (0, until, since)
    if not first <= now < last:
        return
    given = _first_report(case["timeline"], _GIVEN[kind], said)
    due = said + policy.notices.confirm
    late = [one.level for one in policy.escalation if now > due + one.after] if given is None else []
    yield {
        "kind": kind, "template": _said(kind, "", 0, 0)["template"], "person": case["person"], "region": region, "owner": case["grid_worker"] or (region or "")[:12], "at": since,
        "until": until, "due": due, "state": "given" if given else "overdue" if now > due else "open", "confirmed_at": given["at"] if given else None,
        "by": (given["other"] or "") if given else None, "escalated_to": region[: _DIGITS[late[-1]]] if late and region else None,
    }  # fmt: skip


def _first_report(lines: list[Content], works: Collection[str], since: int) -> Content | None:
    said = [line for line in lines if line["what"] == "done" and line["note"].split(" ")[0] in works and line["at"] >= since]
    return min(said, key=lambda line: (line["at"], line["other"] or "")) if said else None
