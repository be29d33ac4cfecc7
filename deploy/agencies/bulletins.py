"""The subscriptions of an agency's file: what is wrong with them, what they say in sentences, and what another file would tell more and less. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.agency import Agency
from schemas.models.bulletin import COUNTS
from schemas.models.case import Role
from schemas.subscription import Subscription

NAMES = {
    "notice.public": ("公告", "public notices"), "signal": ("预警信号", "early warnings"), "statistic": ("统计", "counts"),
    "supply": ("物资储备", "stock of supplies"),
    "dispatch": ("物资调拨", "dispatches of supplies"),
}  # fmt: skip


def problems(agency: Agency) -> Iterator[tuple[str, str, str]]:
    """Rule, place and problem of each subscription that is against a rule."""
    for asked in agency.subscribes:
        where = f"{asked.purpose}, {asked.topic}"
        if agency.facility and not asked.regions and asked.topic not in ("supply", "dispatch"):
            yield "subscribed-area", where, "a facility has no region: name the divisions under regions"
        if asked.topic == "dispatch" and (asked.regions or not agency.facility):
            yield "subscribed-area", where, "a dispatch has no region: a facility is told of its own, and nobody else"
        if asked.topic in COUNTS:
            yield from _counts(agency, asked, where)


def _counts(agency: Agency, asked: Subscription, where: str) -> Iterator[tuple[str, str, str]]:
    """Counts of people: of the agency's own area, or coarse ones of what it lies in; small ones for who has the cases anyway."""
    for code in asked.regions:
        if not agency.region or not (code.startswith(agency.region) or (asked.coarse and agency.region.startswith(code))):
            yield "counts-elsewhere", where, f"{code} is no part of {agency.region or 'any region of a facility'}"
    has = any(want.role is Role.CASE and want.statuses is None and want.purpose == asked.purpose for want in agency.wants)
    if asked.small_counts and not has:
        yield "small-counts", where, f"the purpose {asked.purpose} does not ask for every case: leave small_counts out"


def nested(agency: Agency) -> Iterator[tuple[str, str, str]]:
    """Divisions of which one lies in another, told for two purposes: small counts follow from what both are told."""
    coarse = [one for one in agency.subscribes if one.topic == "statistic" and one.coarse]
    codes = sorted((code, one.purpose) for one in coarse for code in one.regions or [agency.region or ""])
    for code, purpose in codes:
        for other, theirs in codes:
            if other != code and other.startswith(code):
                yield "nested-counts", f"{purpose}, {theirs}", f"{other} lies in {code}: from the counts of both, small ones of the rest follow"


def sentences(agency: Agency, purpose: str) -> Iterator[tuple[str, str]]:
    """What it is told for a purpose, in Chinese and in English."""
    for asked in agency.subscribes:
        if asked.purpose == purpose:
            (zh, en), where = NAMES[asked.topic], ", ".join(asked.regions) or agency.facility or agency.region
            end_zh = f"，至 {asked.until} 止" if asked.until else ""
            end_en = f", until {asked.until}" if asked.until else ""
            small_zh, small_en = _small(asked)
            fields = ", ".join(asked.asked)
            yield f"另告知 {where} 的{zh}（{fields}）{end_zh}{small_zh}。", f"It is told {en} of {where} ({fields}){end_en}{small_en}."


def _small(asked: Subscription) -> tuple[str, str]:
    if asked.topic not in COUNTS:
        return "", ""
    if asked.small_counts:
        return f"；计数照实提供（理由：{asked.small_counts}）", f"; counts as they are (because: {asked.small_counts})"
    return "；小计数不提供，其余仅述下限", "; no small count and none that gives one away, of others at least how many"


def gained(old: Agency, new: Agency) -> Iterator[str]:
    """What the new file tells that the old one did not; asked the other way round, what it tells no more."""
    before = {(one.topic, one.purpose): one for one in old.subscribes}
    for one in new.subscribes:
        was = before.get((one.topic, one.purpose))
        name = f"{NAMES[one.topic][1]} {NAMES[one.topic][0]} for {one.purpose}"
        if was is None:
            yield f"{name} of {', '.join(one.regions) or new.facility or new.region} ({', '.join(one.asked)})"
            continue
        if fields := [field for field in one.asked if field not in was.asked]:
            yield f"{name}: {', '.join(fields)}"
        codes, had = one.regions or [new.region or ""], was.regions or [old.region or ""]
        if wider := [code for code in codes if not any(code.startswith(each) for each in had)]:
            yield f"{name} of {', '.join(wider)}"
        if was.until and (one.until is None or one.until > was.until):
            yield f"{name} until {one.until or 'it is taken out'}"
        if was.coarse and not one.coarse:
            yield f"{name}: counts as they are, small ones too"
