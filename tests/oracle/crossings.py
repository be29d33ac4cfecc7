"""Stays of somebody from abroad as pairs of entry and exit, in the plainest way: for each crossing, which other one belongs to it."""

from __future__ import annotations

from tests.oracle.cases import Content

Moments = tuple[int | None, int | None, bool]
"""When a stay began and ended, each None where nobody told of it, and whether the person came in again instead."""


def pairs(lines: list[Content]) -> list[Moments]:
    """Of each entry the first exit that is not after the next entry; and each exit from abroad of which no entry is the partner."""
    ins = [line["at"] for line in lines if line["what"] == "entered"]
    outs = [line for line in lines if (line["what"], line["note"]) == ("stay", "out")]
    found: list[Moments] = []
    taken: list[int] = []
    for place, came in enumerate(ins):
        following = ins[place + 1] if place + 1 < len(ins) else None
        exits = [number for number, out in enumerate(outs) if out["at"] >= came and (following is None or out["at"] < following) and number not in taken]
        taken += exits[:1]
        found.append((came, outs[exits[0]]["at"] if exits else None, following is not None and not exits))
    alone = [out for number, out in enumerate(outs) if number not in taken and _abroad(lines, out)]
    return sorted([*found, *[(None, out["at"], False) for out in alone]], key=lambda one: (one[0] is None, one[0] or 0, one[1] or 0))


def _abroad(lines: list[Content], out: Content) -> bool:
    """Whether somebody from abroad is told of at this moment and place."""
    known = [line["note"].split(" ")[0] for line in lines if line["what"] == "identified" and (line["at"], line["place"]) == (out["at"], out["place"])]
    return any(papers in ("border_certificate", "passport", "none") for papers in known)
