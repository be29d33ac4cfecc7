"""Hand-over of a case between regions: the lines of the timeline about it, one after another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

_PLACES = ("stay", "returned", "contact", "seen", "positive", "suspected", "probable", "confirmed", "published")
_TURNS = {"accepted": 0, "refused": 1, "handed_over": 2}
"""Of one moment who answers speaks before who offers."""


@dataclass(frozen=True)
class Offer:
    """An offer that counted: its line, from which county to which, and the line of the answer."""

    line: dict[str, Any]
    giver: str
    taker: str
    answer: dict[str, Any] | None = None


def last_offer(community: str | None, lines: list[dict[str, Any]]) -> tuple[str | None, Offer | None]:
    """Which county answers for the case, and the last offer."""
    found = [line["region"] for line in lines if line["what"] in _PLACES and line["region"]]
    holder, offer = (community or (found[0] if found else ""))[:6], None
    about = [line for line in lines if line["what"] in _TURNS and line["note"].split(" ")[0] == "take_over"]
    for line in sorted(about, key=lambda line: (line["at"], _TURNS[line["what"]], line["region"] or "", line["other"] or "", line["note"])):
        county, to = (line["region"] or "")[:6], line["other"] or ""
        if line["what"] == "handed_over" and county == holder != "" and to.isdigit() and len(to) >= 6 and to[:6] != holder:
            offer = Offer(line, holder, to[:6])
        if line["what"] != "handed_over" and offer and not offer.answer and county == offer.taker and line["at"] > offer.line["at"]:
            offer = replace(offer, answer=line)
            holder = county if line["what"] == "accepted" else holder
    return holder or None, offer
