"""How needs stand when it is so late: one after another in the order of their turns, each told as a story of whom it was offered to and when."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import pairwise
from typing import Any

from schemas.models.case import What
from schemas.models.fact import fact_id
from streams.policy import Policy
from tests.oracle.cases import Content
from tests.oracle.evidence import Piece
from tests.oracle.facts import Told

_DAY, _CHINA = 86_400_000, 28_800_000
_URGENT = ("now", "today", "soon")
_DIGITS = (2, 4, 6, 9, 12, 15)
Said = dict[str, Any]
Reports = list[Told]


def needs(told: Collection[Told], person_of: Mapping[str, str], policy: Policy, now: int) -> tuple[list[Content], list[Piece]]:
    """What stands on the topic of needs, and what is known of it under each alias that reported one."""
    views, pieces = [], []
    for kind in sorted({one.says["need"] for one in told if one.kind == "need"}):
        about = [one for one in told if one.kind in ("need", "provider", "offer") and one.says["need"] == kind]
        for reports, view in _kind(about, person_of, policy, now):
            views.append(view)
            pieces += [Piece(one.alias, What.NEED, one.at, one.at, one.source, one.says.get("region"), note="", identifiers=one.identifiers, line=view["line"]) for one in reports]
    return views, pieces


def _kind(about: Reports, person_of: Mapping[str, str], policy: Policy, now: int) -> Iterable[tuple[Reports, Content]]:
    every = _needs([one for one in about if one.kind == "need"], person_of, policy.needs.same)
    providers = _providers([one.says for one in about if one.kind == "provider"])
    answers = [one.says for one in about if one.kind == "offer"]
    said = {id(reports): _answers(reports, answers) for reports in every}
    used = [(place, _day(at)) for reports in every for place, at, _ in _taken(said[id(reports)])]
    for reports in sorted(every, key=lambda reports: (_urgency(reports), reports[0].at, _name(reports[0]))):
        line = {
            "need": reports[0].says["need"], "urgency": _URGENT[_urgency(reports)], "quantity": max(one.says.get("quantity", 1) for one in reports),
            "region": reports[0].says.get("region", "")[:12] or None, "since": reports[0].at, "place": None, "number": None, "due": None, "escalated_to": None,
        }  # fmt: skip
        asked, how = _story(reports, said[id(reports)], providers, used, policy, max(now, reports[0].at))
        person = person_of.get(reports[0].alias, reports[0].alias)
        yield reports, {"name": fact_id("need", _name(reports[0]), line["need"]), "person": person, "at": reports[0].at, "asked": asked, "line": line | how}


def _needs(reports: Reports, person_of: Mapping[str, str], same: int) -> list[Reports]:
    """Reports of one person are one need where none comes later than `same` after the one before."""
    every: list[Reports] = []
    for person in sorted({person_of.get(one.alias, one.alias) for one in reports}):
        mine = sorted((one for one in reports if person_of.get(one.alias, one.alias) == person), key=lambda one: (one.at, _name(one)))
        breaks = [0, *(place for place in range(1, len(mine)) if mine[place].at > mine[place - 1].at + same), len(mine)]
        every += [mine[start:end] for start, end in pairwise(breaks)]
    return every


def _name(one: Told) -> str:
    return fact_id("need", one.source, one.record, one.alias if one.companion_of else "")


def _number(one: Told, place: str) -> str:
    return f"N-{_name(one)[:12]}-{fact_id('offer', _name(one), place)[:8]}".upper()


def _urgency(reports: Reports) -> int:
    return min(_URGENT.index(one.says["urgency"]) for one in reports)


def _providers(said: list[Said]) -> list[Said]:
    """What each provider said last, those with the least capacity counting when several were said at one moment."""
    last = [max((one for one in said if one["place"] == place), key=lambda one: (one["at"], -one["capacity"], one["serves"], one["region"]))
            for place in {one["place"] for one in said}]  # fmt: skip
    return sorted(last, key=lambda one: str(one["place"]))


def _answers(reports: Reports, answers: list[Said]) -> dict[str, Said]:
    """By provider what counts of its answers: done, or the last."""
    found = {}
    for place in {one["place"] for one in answers}:
        mine = [one for one in answers if one["place"] == place and one["number"] in {_number(report, place) for report in reports}]
        done = sorted(one["at"] for one in mine if one["step"] == "done")
        if done:
            found[place] = {"step": "done", "at": done[0]}
        elif mine:
            found[place] = max(mine, key=lambda one: (one["at"], one["step"] == "declined"))
    return found


def _taken(said: Mapping[str, Said]) -> list[tuple[str, int, str]]:
    """Who has it, since when, and whether it is served: one, or nobody."""
    for step in ("done", "accepted"):
        if mine := sorted((one["at"], place) for place, one in said.items() if one["step"] == step):
            return [(mine[0][1], mine[0][0], step)]
    return []


def _story(reports: Reports, said: Mapping[str, Said], providers: list[Said], used: list[tuple[str, int]], policy: Policy, now: int) -> tuple[int, Said]:
    """How many were asked in vain, and how it stands; what it is offered is noted in `used`."""
    for place, _, step in _taken(said):
        return sum(one["step"] == "declined" for one in said.values()), {"state": step, "place": place, "number": _number(reports[0], place)}
    region, wait, at, vain = reports[0].says.get("region", ""), policy.needs.answer[_URGENT[_urgency(reports)]], reports[0].at, 0  # type: ignore[index]
    without: list[int] = []
    near: Callable[[Said], tuple[int, str]] = lambda one: (-max([0, *(digits for digits in _DIGITS if len(region) >= digits and region[:digits] == one["region"][:digits] and len(one["region"]) >= digits)]), one["place"])  # noqa: E731
    todo = sorted((one for one in providers if region and region[: len(one["serves"])] == one["serves"]), key=near)
    while todo:
        rest = []
        for one in todo:
            if one["place"] in said:
                vain, at = vain + 1, at + wait if said[one["place"]]["at"] > at + wait else max(at, said[one["place"]]["at"])
            elif used.count((one["place"], _day(at))) >= one["capacity"]:
                rest.append(one)
            elif at + wait <= now:
                vain, at = vain + 1, at + wait
            else:
                used.append((one["place"], _day(at)))
                return vain, {"state": "offered", "place": one["place"], "number": _number(reports[0], one["place"]), "due": at + wait}
        without.append(at)
        midnight = (_day(at) + 1) * _DAY - _CHINA
        if midnight > now or all(one["capacity"] == 0 for one in rest):
            break
        todo, at = rest, midnight
    reached = [step for step in policy.escalation if min([*without, at]) + step.after <= now]
    return vain, {"state": "unmet", "escalated_to": reached[-1].of(region or None) if reached else None}


def _day(at: int) -> int:
    return (at + _CHINA) // _DAY
