"""Who is to stay apart when it is so late, and which orders ask for more days than the plan: each person by itself, in the plainest way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from schemas.models.case import Role
from streams.policy import Edition, Policy, Term
from tests.oracle.cases import Content
from tests.oracle.facts import Told
from tests.oracle.grouped import grouped
from tests.oracle.measures import judged
from tests.oracle.presences import Presence

_REASONS = {"contact": Role.CONTACT, "returned": Role.RETURNEE, "recovered": Role.CASE}


@dataclass(frozen=True)
class _Ground:
    """A line that asks for isolation, with its end, and the end of the stay at a site."""

    line: Content
    until: int
    edition: str
    site: int | None


def isolations(
    told: Iterable[Told], person_of: Mapping[str, str], cases: Iterable[Content], where: Iterable[Presence], policy: Policy, now: int
) -> dict[str, list[Content]]:
    """By topic what stands."""
    seen = grouped(where, lambda one: person_of.get(one.alias, one.alias))
    asked: dict[str, list[Told]] = {}
    for one in told:
        if one.kind == "measure" and one.says["kind"] in ("isolate_at_home", "isolate_centrally"):
            asked.setdefault(person_of.get(one.alias, one.alias), []).append(one)
    apart, beyond, elsewhere = [], [], []
    for case in cases:
        orders = [order for one in asked.get(case["person"], []) for order in _order(one, case, policy)]
        orders.sort(key=lambda order: (order["at"], order["until"], order["official"], order["kind"]))
        found = _of_plan(case, orders, policy) or _of_order(case, orders)
        if found:
            breaches = _elsewhere(case["person"], found, seen.get(case["person"], []), policy)
            more = {"person": case["person"], "state": "lifted" if now >= found["until"] else "isolating"}
            apart.append(found | more | {"breached": max((one["at"] for one in breaches), default=None)})
            elsewhere += breaches
        beyond += [one for order in orders for one in _too_long(order, case, policy)]
    return {"isolation": apart, "measure.beyond": beyond, "breach": elsewhere}


def _elsewhere(person: str, apart: Content, seen: Iterable[Presence], policy: Policy) -> list[Content]:
    """Where somebody was who was told long enough before, and had no reason to be there."""
    return [
        {"person": person, "at": one.at, "until": one.until, "place": one.place, "region": one.region}
        for one in seen
        if apart["told"] is not None and apart["told"] + policy.breaches.way <= one.at < apart["until"]
        and not any(one.place.startswith(begins) for begins in policy.breaches.places)
    ]  # fmt: skip


def _order(one: Told, case: Content, policy: Policy) -> list[Content]:
    why, end = judged(one.says, case, policy)
    order = {"at": one.at, "until": min(end, one.says["until"]), "official": one.says["by"], "kind": one.says["kind"], "reason": one.says["reason"]}
    return [] if why else [order | {"region": one.says.get("region")}]


def _of_plan(case: Content, orders: list[Content], policy: Policy) -> Content | None:
    lines = case["timeline"]
    mine = [line for line in lines if line["what"] in ("contact", "returned")]
    if case["classification"] is not None:
        mine = [line for line in lines if line["what"] == "recovered"] if case["status"] == "recovered" else []
    grounds = [ground for line in mine if case["status"] != "died" for ground in _ground(line, policy)]
    together: list[_Ground] = []
    for ground in grounds:
        cut = not together or ground.line["at"] >= max(one.until for one in together) or _abroad(lines, together[-1].line["at"], ground.line["at"])
        together = [ground] if cut else [*together, ground]
    if not together:
        return None
    until, first = max(one.until for one in together), together[0].line
    longest = next(one for one in together if one.until == until)
    if _abroad(lines, together[-1].line["at"], until):
        return None
    orders = [one for one in orders if one["reason"] != "case" and one["at"] < until and one["until"] > first["at"]]
    sites = [one.site for one in together if one.site] + [min(one["until"], until) for one in orders if one["kind"] == "isolate_centrally"]
    words = [line["at"] for line in lines if line["what"] == "done" and line["note"].split()[0] in ("order", "visit") and line["at"] >= first["at"]]
    return {
        "at": first["at"], "reason": _REASONS[longest.line["what"]].value, "ground": first["what"], "until": until, "site_until": max(sites, default=None),
        "edition": longest.edition, "official": orders[-1]["official"] if orders else None, "ordered_until": max((one["until"] for one in orders), default=None),
        "told": min([*words, *(one["at"] for one in orders)], default=None), "region": case["community"] or first["region"],
    }  # fmt: skip


def _of_order(case: Content, orders: list[Content]) -> Content | None:
    for one in [one for one in orders if one["reason"] == "case"][-1:]:
        return {
            "at": one["at"], "reason": "case", "ground": "isolated", "until": one["until"], "site_until": one["until"] if one["kind"] == "isolate_centrally" else None,
            "edition": "", "official": one["official"], "ordered_until": one["until"], "told": one["at"], "region": case["community"] or one["region"],
        }  # fmt: skip
    return None


def _too_long(order: Content, case: Content, policy: Policy) -> list[Content]:
    """The order, from when on nothing but it asks for isolation."""
    lines = [line for line in case["timeline"] if line["what"] in ("contact", "returned") and line["at"] < order["until"]]
    ends = [next((ground.until for ground in _ground(line, policy)), line["until"]) for line in lines]
    last = max([order["at"], *ends])
    return [order | {"at": last}] if order["reason"] != "case" and order["until"] > last else []


def _ground(line: Content, policy: Policy) -> list[_Ground]:
    since, role = line["until"], _REASONS[line["what"]]
    until, edition = _end(since, role, policy.isolation, lambda term: term.site + term.home)
    site, _ = _end(since, role, policy.isolation, lambda term: term.site)
    return [_Ground(line, until, edition, site if site > since else None)] if until > since else []


def _end(since: int, role: Role, editions: list[Edition], days: Callable[[Term], int]) -> tuple[int, str]:
    """The first moment at which an edition that is in force asks for no more than has passed; when one ends and the next begins both are."""
    spans = [(one, one.since if number else 0, editions[number + 1].since if number + 1 < len(editions) else None) for number, one in enumerate(editions)]
    spans = [span for span in spans if span[2] is None or span[2] > since]
    asks = {one.edition: days(one.days[role]) if role in one.days else 0 for one in editions}
    for at in sorted({since, *(since + wait for wait in asks.values()), *(begin for _, begin, _ in spans if begin > since)}):
        for one, begin, end in spans:
            if begin <= at and (end is None or at <= end) and at - since >= asks[one.edition]:
                return at, one.edition
    raise AssertionError("the last edition never ends")


def _abroad(lines: list[Content], since: int, until: int) -> bool:
    return any((line["what"], line["note"]) == ("stay", "out") and since <= line["at"] < until for line in lines)
