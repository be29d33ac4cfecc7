"""How many people count under each cell, by going through all linked cases for each."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from tests.oracle.cases import Content
from tests.oracle.facts import Told

_FINDS = ("suspected", "probable", "positive", "confirmed", "published")


def statistics(cases: Iterable[Content]) -> list[Content]:
    """Every cell in which somebody is."""
    found: dict[tuple[str, str, str, str], list[int]] = {}
    for case in cases:
        if case["roles"] == ["need"]:
            continue
        at = _at(case)
        for region in _regions(case):
            for cell in _cells(case):
                found.setdefault((region, *cell), []).append(at)
    return [
        {"region": region, "measure": measure, "value": value, "day": day, "count": len(moments), "at": max(moments)}
        for (region, measure, value, day), moments in found.items()
    ]


def absences(told: Iterable[Told]) -> list[Content]:
    """How many were ill at the schools and workplaces of a region, by what they are and day."""
    found: dict[tuple[str, str, str], list[Told]] = {}
    for one in told:
        for region in _within(one.says.get("region")):
            if one.says["ill"]:
                found.setdefault((region, str(one.says["institution"]), _day(one.at)), []).append(one)
    return [
        {"region": region, "measure": "absence", "value": value, "day": day, "count": sum(one.says["ill"] for one in mine), "at": max(one.at for one in mine)}
        for (region, value, day), mine in found.items()
    ]


def kept(tasks: Iterable[Content]) -> list[Content]:
    """How tasks were kept, by kind and the day on which they were due."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for task in tasks:
        how = {"open": "open", "accepted": "open", "overdue": "overdue"}.get(task["state"])
        if task["state"] == "done":
            how = "in_time" if task["at"] <= task["due"] else f"late_{math.ceil((task['at'] - task['due']) / 86_400_000)}"
        for region in _within(task["region"]) if how and task["work"] not in ("screening", "support") else []:
            found.setdefault((region, f"{task['work']}/{how}", _day(task["due"])), []).append(task["at"])
    return [{"region": region, "measure": "task", "value": value, "day": day, "count": len(times), "at": max(times)} for (region, value, day), times in found.items()]


def _findings(case: Content) -> list[Content]:
    """Of the present illness of who is a case now."""
    if case["classification"] is None:
        return []
    all_ = [line for line in case["timeline"] if line["what"] in _FINDS]
    over = [line["at"] for line in case["timeline"] if line["what"] == "ruled_out" and line["at"] < max(one["at"] for one in all_)]
    return [line for line in all_ if line["at"] > max(over, default=line["at"] - 1)]


def _regions(case: Content) -> list[str]:
    lines = [*_findings(case)[:1], *case["timeline"]]
    code = case["community"] or next((line["region"] for line in lines if line["region"]), None)
    return _within(code)


def _within(code: str | None) -> list[str]:
    return sorted({code[:digits] for digits in (2, 4, 6, 9, 12)}) if code else ["unknown"]


def _symptoms(case: Content) -> dict[str, int]:
    told = [line for line in case["timeline"] if line["what"] == "symptom"]
    return {word: min(line["at"] for line in told if line["note"] == word) for word in {line["note"] for line in told}}


def _at(case: Content) -> int:
    findings = _findings(case)
    moments = [line["at"] for line in findings[:1]] + [line["at"] for line in findings if line["what"] == "positive"][:1]
    moments += [*_symptoms(case).values(), *([case["since"]] if case["since"] is not None else [])]
    moments += [case["onset"]] if case["classification"] and case["onset"] is not None else []
    return max(moments) if moments else int(case["timeline"][0]["at"])


def _cells(case: Content) -> set[tuple[str, str, str]]:
    kind = case["classification"]
    findings = _findings(case)
    cells = {("role", role, "") for role in case["roles"] if role != "need"} | {("symptom", word or "unknown", _day(at)) for word, at in _symptoms(case).items()}
    if case["status"]:
        cells.add(("status", case["status"], ""))
    if kind:
        positives = [line for line in findings if line["what"] == "positive"]
        cells |= {("classification", kind, ""), ("age", _band(case), ""), ("report", kind, _day(findings[0]["at"]))}
        cells |= {("onset", kind, _day(case["onset"]))} if case["onset"] is not None else set()
        cells |= {("result", kind, _day(positives[0]["at"]))} if positives else set()
    if "contact" in case["roles"]:
        cells.add(("contact", _outcome(case), ""))
    return cells


def _band(case: Content) -> str:
    """The band of ages that most lines tell, of several the one told last, and then the last by its word."""
    told = [(line["note"], line["at"]) for line in case["timeline"] if line["what"] == "aged"]
    ranked = sorted((sum(one == word for one, _ in told), max(at for one, at in told if one == word), word) for word in {word for word, _ in told})
    return ranked[-1][2] if ranked else "unknown"


def _outcome(case: Content) -> str:
    met = [line["at"] for line in case["timeline"] if line["what"] == "contact"]
    tested = [line["at"] for line in case["timeline"] if line["what"] == "negative"]
    if case["classification"] or case["status"] == "ruled_out":
        return "case" if case["classification"] else "ruled_out"
    return "negative" if tested and max(tested) >= min(met) else "open"


def _day(at: int) -> str:
    return datetime.fromtimestamp(at // 1000, ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%d")
