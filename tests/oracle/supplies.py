"""What places have of supplies when it is so late, and how far dispatches are: of each place, item and number by itself, in the plainest way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from streams.policy import Policy
from tests.oracle.cases import Content
from tests.oracle.facts import Told
from tests.oracle.grouped import grouped

_DAY = 86_400_000
_STEPS = ("proposed", "accepted", "refused", "sent", "received")
Said = dict[str, Any]


def supplies(told: Iterable[Told], policy: Policy, now: int) -> dict[str, list[Content]]:
    """What stands on the topics of supplies."""
    known = list(told)
    stock = [one.says for one in known if one.kind == "stock"]
    dispatches = [_furthest(steps) for steps in grouped((one.says for one in known if one.kind == "dispatch"), lambda one: (one["number"], one["item"])).values()]
    views = [
        {name: steps[-1][name] for name in ("number", "item", "place", "to", "quantity", "step", "by", "at")} for steps in dispatches
    ]  # fmt: skip
    return {"supply": [_supply(reports, dispatches, policy, now) for reports in grouped(stock, lambda one: (one["place"], one["item"])).values()], "dispatch": views}


def _furthest(steps: list[Said]) -> list[Said]:
    """Of each step the report that counts, in the order of the steps."""
    best = []
    for step in _STEPS:
        same = [one for one in steps if one["step"] == step]
        best += [max(same, key=lambda one: (one["at"], one["quantity"], one["place"], one["to"], one["by"]))] if same else []
    return best


def _supply(reports: list[Said], dispatches: list[list[Said]], policy: Policy, now: int) -> Content:
    at = max(one["at"] for one in reports)
    latest = max((one for one in reports if one["at"] == at), key=lambda one: (-one["on_hand"], one["used"], one.get("region") or ""))
    place, item = latest["place"], latest["item"]
    days = [one["used"] for one in reports if one["at"] > at - policy.supplies.window]
    on_hand, coming, to_get, to_give = latest["on_hand"], 0, 0, 0
    for steps in dispatches:
        by_step = {one["step"]: one for one in steps if one["item"] == item}
        sent, received = by_step.get("sent"), by_step.get("received")
        if sent and sent["place"] == place and sent["at"] > at:
            on_hand -= sent["quantity"]
        if received and received["to"] == place and received["at"] > at:
            on_hand += received["quantity"]
        if sent and not received and sent["to"] == place:
            coming += sent["quantity"]
        last = steps[-1]
        if last["item"] == item and last["step"] in ("proposed", "accepted"):
            to_get += last["quantity"] if last["to"] == place else 0
            to_give += last["quantity"] if last["place"] == place else 0
    on_hand = max(on_hand, 0)
    lasts = on_hand * _DAY * len(days) // sum(days) if sum(days) else None
    short_on = at + lasts if lasts is not None and lasts < 3650 * _DAY else None
    left = None if short_on is None else short_on - max(now, at)
    return {
        "place": place, "item": item, "region": latest.get("region"), "at": at, "on_hand": on_hand, "use_per_day": round(sum(days) / len(days), 2),
        "cover": round(on_hand * len(days) / sum(days), 1) if sum(days) else None, "short_on": short_on,
        "state": "empty" if on_hand == 0 or (left is not None and left <= 0) else "low" if left is not None and left <= policy.supplies.lead else "ok",
        "coming": coming, "to_get": to_get, "to_give": to_give,
    }  # fmt: skip
