"""How far each complaint is, and which closures no decision allows, each asked by itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from schemas.models.control import LevelInForce, RiskArea
from streams.policy import Policy
from tests.oracle.cases import Content
from tests.oracle.facts import Told

_DIGITS = {"community": 12, "township": 9, "county": 6, "prefecture": 4, "province": 2}


def complaints(told: Collection[Told], policy: Policy, now: int) -> list[Content]:
    """One for each number under which somebody complains."""
    return [_complaint(one, [other for other in told if other.kind == "answer" and other.alias == one.alias and other.at >= one.at], policy, now)
            for one in told if one.kind == "complaint"]  # fmt: skip


def _complaint(made: Told, said: list[Told], policy: Policy, now: int) -> Content:
    steps = ["accepted", "passed_on", "upheld", "not_upheld"]
    said = sorted(said, key=lambda one: (one.at, steps.index(one.says["step"]), one.says["by"], one.says.get("to") or ""))
    ends = [one for one in said if one.says["step"] in ("upheld", "not_upheld")]
    accepted = [one.at for one in said if one.says["step"] == "accepted"]
    passed = [one.says["to"] for one in said if one.says.get("to")]
    due = made.at + (policy.complaints["conclude"] if accepted else policy.complaints["accept"])
    found: Content = {
        "number": made.says["number"], "alias": made.alias, "about": made.says["about"], "concerns": made.says.get("concerns"), "region": made.says.get("region"),
        "since": made.at, "answered_by": passed[-1] if passed else (made.says.get("region") or "")[:6], "due": due, "state": "open", "at": made.at,
        "escalated_to": None, "by": None,
    }  # fmt: skip
    if ends:
        return found | {"state": ends[0].says["step"], "at": ends[0].at, "by": ends[0].says["by"]}
    if now > due:
        late = [step for step in policy.escalation if now > due + step.after]
        to = found["answered_by"][: _DIGITS[late[-1].level]] if late else ""
        return found | {"state": "overdue", "at": due + (late[-1].after if late else 0), "escalated_to": to or None}
    return found | ({"state": "accepted", "at": accepted[0]} if accepted else {})


def baseless(told: Iterable[Told], stand: Iterable[LevelInForce], areas: Iterable[RiskArea], policy: Policy, now: int) -> list[Content]:
    """Every closure that lasts at a moment that has come, and in which no decision allows it: the first such moment, looked for at the edges of all decisions."""
    decided = [(one.region, one.at, min(one.until, one.at + (policy.levels[one.level].longest or 0))) for one in stand if one.level in policy.closing]
    decided += [(one.region, one.at, min(one.until, one.at + policy.longest_area)) for one in areas]
    found = []
    for one in told:
        if one.kind == "closure":
            until, area = one.says.get("until"), str(one.says["area"])
            edges = sorted({one.at, *(end for _, _, end in decided if end > one.at)})
            bare = [at for at in edges if (until is None or at < until) and not any(area.startswith(region) and start <= at < end for region, start, end in decided)]
            if bare and (bare[0] == one.at or bare[0] <= now):
                why = "never_decided" if bare[0] == one.at else "decision_over"
                found.append({"area": area, "by": one.says["by"], "until": until, "at": bare[0], "why": why})
    return found
