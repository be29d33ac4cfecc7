"""Which measures are in force when it is so late, which are refused and why, and who was refused too often: each request by itself, in the plainest way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from schemas.models.record import MeasureKind
from streams.policy import Policy
from tests.oracle.cases import Content
from tests.oracle.facts import Told

_REASONS = {"case": ("suspected", "probable", "positive", "confirmed", "published"), "contact": ("contact",), "returnee": ("returned",), "fever": ()}
"""By reason the lines of a timeline that are evidence for it."""
_HOUR = 3_600_000


def measures(told: Iterable[Told], person_of: Mapping[str, str], cases: Iterable[Content], policy: Policy, now: int) -> dict[str, list[Content]]:
    """By topic what stands of all that was asked for."""
    case_of = {case["person"]: case for case in cases}
    in_force, refused = [], []
    hours: Counter[tuple[str, int]] = Counter()
    for one in told:
        if one.kind != "measure":
            continue
        person = person_of.get(one.alias, one.alias)
        asked = {"at": one.at, "official": one.says["by"], "kind": one.says["kind"], "reason": one.says["reason"], "region": one.says.get("region")}
        why, end = judged(one.says, case_of.get(person), policy)
        if why:
            refused.append({**asked, "until": one.says["until"], "why": why})
            hours[one.says["by"], one.at - one.at % _HOUR] += 1
        elif now < min(end, one.says["until"]):
            in_force.append({**asked, "until": min(end, one.says["until"]), "person": person})
    alerts: list[Content] = [
        {"at": hour, "official": by, "allowed": policy.refusals.allowed} for (by, hour), count in hours.items() if count > policy.refusals.allowed
    ]
    return {"measure.standing": in_force, "measure.refused": refused, "measure.alert": alerts}


def judged(says: Content, case: Content | None, policy: Policy) -> tuple[str, int]:
    """Why a measure is refused ('' when it is not), and until when evidence supports it."""
    rule = policy.measures[MeasureKind(says["kind"])]
    days = {what.value: wait for what, wait in rule.warrants.items()}
    if not any(says["by"].startswith(begins) for begins in policy.officials):
        return "not_entitled", 0
    if says["until"] - says["at"] > rule.longest:
        return "too_long", 0
    if not set(_REASONS[says["reason"]]) & set(days):
        return "not_for_this", 0
    lines = case["timeline"] if case else []
    counts = [line for line in lines if line["what"] in _REASONS[says["reason"]] and line["what"] in days and line["at"] <= says["at"]]
    if case and says["reason"] == "case" and case["classification"] is None:
        counts = []
    if not counts:
        return "no_evidence", 0
    end = max(min([line["until"] + days[line["what"]], *_over(line, lines, says["reason"])]) for line in counts)
    return ("no_longer" if end <= says["at"] else ""), end


def _over(found: Content, lines: list[Content], reason: str) -> Iterable[int]:
    """When an illness that was found was over; a contact and a return are not over by that."""
    return (line["at"] for line in lines if reason == "case" and line["what"] in ("ruled_out", "recovered", "died") and line["at"] >= found["at"])
