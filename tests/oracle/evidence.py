"""What each record tells about the person of its alias."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from schemas.models.case import What
from schemas.models.control import RiskArea
from streams.policy import Policy
from tests.oracle.facts import Told
from tests.oracle.persons import Identifiers

DECISIONS = {
    "suspected": What.SUSPECTED, "probable": What.PROBABLE, "confirmed": What.CONFIRMED, "ruled_out": What.RULED_OUT, "isolated": What.ISOLATED,
    "admitted": What.ADMITTED, "recovered": What.RECOVERED, "died": What.DIED,
}  # fmt: skip
"""What a clinic's decision says; to observe decides nothing."""
EVENTS = {
    "symptom": What.SYMPTOM, "onset": What.ONSET, "isolated": What.ISOLATED, "admitted": What.ADMITTED, "visit": What.SEEN, "confirmed": What.CONFIRMED,
    "recovered": What.RECOVERED, "died": What.DIED,
}  # fmt: skip
"""What an event of a published trajectory says."""


@dataclass(frozen=True)
class Piece:
    """One thing known under an alias."""

    alias: str
    what: What
    at: int
    until: int
    source: str = ""
    region: str | None = None
    place: str | None = None
    other: str = ""
    note: str = ""
    depth: int = 0
    identifiers: Identifiers = ()
    line: dict[str, Any] | None = field(default=None, hash=False)


def evidence(told: Iterable[Told], policy: Policy, areas: Collection[RiskArea] = ()) -> list[Piece]:
    """All that the records tell, when these are declared risk areas beside those of the policy."""
    risky = [(area.region, area.since, area.until) for area in policy.risk_areas]
    risky += [(area.region, area.at, min(area.until, area.at + policy.longest_area)) for area in areas]
    return [piece for one in told for piece in _pieces(one, policy, [area for area in risky if area[1] < area[2]])]


def _pieces(one: Told, policy: Policy, risky: list[tuple[str, int, int]]) -> Iterable[Piece]:
    says = one.says
    if one.kind == "visit":
        yield from (*_visit(one), *_aged(one))
    if one.kind == "lab" and says["result"] in ("positive", "negative"):
        yield from (_piece(one, What(says["result"]), note=says.get("method", "")), *_aged(one))
    if one.kind == "household":
        yield from (_piece(one, what, note=says["grid_worker"], other=other) for what, other in ((What.RESIDENCE, ""), (What.HOUSEHOLD, says["household"])))
    if one.kind in ("sale", "crossing"):
        yield from [_piece(one, What.BOUGHT, note=says["medicine"])] if one.kind == "sale" else _crossed(one)
    if one.kind == "care":
        yield from _care(one)
    if one.kind in ("visit", "clockin", "gate") or (one.kind == "care" and says["reached"] != "nobody_there"):
        fever = {"fever"} if says.get("temperature", 0) >= policy.fever else set()
        yield from (_piece(one, What.SYMPTOM, note=symptom) for symptom in {*says.get("symptoms", []), *fever})
    if one.kind == "step":
        yield from _step(one)
    if one.kind == "report":
        yield _report(one)
    if _returned(one, policy, risky):
        yield _piece(one, What.RETURNED, note=says["came_from"])


def _piece(one: Told, what: What, at: int | None = None, note: str = "", other: str = "") -> Piece:
    """Evidence at the moment and place of the record, or at another moment."""
    at = one.at if at is None else at
    return Piece(one.alias, what, at, at, one.source, one.says.get("region"), one.says.get("place"), other, note, identifiers=one.identifiers)


def _visit(one: Told) -> Iterable[Piece]:
    yield _piece(one, What.SEEN)
    if "onset" in one.says:
        yield _piece(one, What.ONSET, one.says["onset"])
    if one.says["disposition"] in DECISIONS:
        yield _piece(one, DECISIONS[one.says["disposition"]])
    if "referred_to" in one.says:
        yield _piece(one, What.REFERRED, other=one.says["referred_to"])


def _aged(one: Told) -> Iterable[Piece]:
    """The band of ages, of no place."""
    if "age_band" in one.says:
        yield Piece(one.alias, What.AGED, one.at, one.at, one.source, note=one.says["age_band"], identifiers=one.identifiers)


def _report(one: Told) -> Piece:
    says = one.says
    who = says["to"] if says["handling"] == "handed_over" and "to" in says else says["by"]
    return _piece(one, What(says["handling"]), note=f"{says['work']} {says['remark']}" if "remark" in says else says["work"], other=who)


def _care(one: Told) -> Iterable[Piece]:
    """That nobody was there; or else the visit, if there was one, and what was asked for."""
    reached, who = one.says["reached"], one.says.get("by", "")
    if reached in ("at_home", "by_phone"):
        yield _piece(one, What.CARED, note=reached, other=who)
    if reached == "nobody_there":
        yield _piece(one, What.ABSENT, other=who)
    else:
        yield from (_piece(one, What.ASKED, note=service) for service in one.says["services"])


def _step(one: Told) -> Iterable[Piece]:
    yield replace(_piece(one, What.STAY), until=one.says["until"])
    if one.says.get("event") in EVENTS:
        yield _piece(one, EVENTS[one.says["event"]])
    if "reported" in one.says:
        yield replace(_piece(one, What.CONFIRMED, one.says["reported"]), place=None)
    else:
        yield replace(_piece(one, What.PUBLISHED, one.says["until"]), place=None)


def _crossed(one: Told) -> Iterable[Piece]:
    """Which way, with which papers somebody from abroad came in, and what is written down of who it is."""
    yield _piece(one, What.STAY, note=one.says["direction"])
    if one.says["direction"] == "in" and one.says.get("papers") not in (None, "resident"):
        yield _piece(one, What.ENTERED, note=one.says["papers"])
    known = [one.says["papers"]] if "papers" in one.says else []
    yield _piece(one, What.IDENTIFIED, note=" ".join(known + one.says["known_by"]))


def _returned(one: Told, policy: Policy, risky: list[tuple[str, int, int]]) -> bool:
    """Whether someone arrives who was in a risk area within the window: at some moment since leaving, or if that is not known in the whole window."""
    if "came_from" not in one.says or (one.kind == "crossing" and one.says["direction"] == "out"):
        return False
    since = one.says.get("left", one.at - policy.return_window)
    if one.at - since > policy.return_window:
        return False
    return any(one.says["came_from"][: len(region)] == region and since < last and one.at >= first for region, first, last in risky)
