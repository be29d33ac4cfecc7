"""Who was where: every record of a place that says so by itself, and scans in and out that belong together (deploy/decisions/004)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from streams.policy import Policy
from tests.oracle.facts import Told
from tests.oracle.grouped import grouped
from tests.oracle.persons import Identifiers


@dataclass(frozen=True)
class Presence:
    """An alias at a place from `at` to `until`, both included, with the identifiers of the record that it begins with."""

    alias: str
    place: str
    region: str | None
    at: int
    until: int
    identifiers: Identifiers


def presences(told: list[Told], policy: Policy) -> set[Presence]:
    """All of them."""
    found = {presence for one in told for presence in _alone(one, policy)}
    turns = [one for one in told if one.kind == "scan" and one.says["direction"] != "pass"]
    for scans in grouped(turns, lambda one: (one.alias, one.says["place"])).values():
        found |= set(_stays(scans, policy))
    return found


def _alone(one: Told, policy: Policy) -> Iterable[Presence]:
    """A gate, a port and a passing scan are moments; a visit that is not a later decision is half an hour; a step with an hour is what it says."""
    region, place = one.says.get("region"), one.says.get("place")
    if one.kind in ("gate", "crossing") or (one.kind == "scan" and one.says["direction"] == "pass"):
        yield Presence(one.alias, one.says["place"], region, one.at, one.at, one.identifiers)
    if one.kind == "visit" and one.says["disposition"] in ("observed", "suspected"):
        yield Presence(one.alias, one.says["place"], region, one.at, one.at + policy.assumed_stay, one.identifiers)
    if one.kind == "step" and place and one.says["precise"] == "true" and one.says["until"] - one.at <= policy.longest_step:
        yield Presence(one.alias, place, region, one.at, one.says["until"], one.identifiers)


def _stays(scans: list[Told], policy: Policy) -> Iterable[Presence]:
    """Scans of one alias at one place. At one moment who goes out goes out before coming in again."""
    scans = sorted(scans, key=lambda one: (one.at, one.says["direction"] == "in", one.says["region"], one.seal))
    paired: list[Told] = []
    for one, following in zip(scans, [*scans[1:], None], strict=True):
        place, region = one.says["place"], one.says["region"]
        if one.says["direction"] == "out":
            if not any(one is other for other in paired):
                yield Presence(one.alias, place, region, one.at - policy.assumed_stay, one.at, one.identifiers)
        elif following and following.says["direction"] == "out" and following.at - one.at <= policy.longest_stay:
            paired.append(following)
            yield Presence(one.alias, place, region, one.at, following.at, one.identifiers)
        else:
            yield Presence(one.alias, place, region, one.at, one.at + policy.assumed_stay, one.identifiers)
