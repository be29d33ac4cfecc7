"""A version of a record that was understood before, understood anew: its source's file was corrected, and its raw topic is replayed.

What stood of it is taken back and what it says now is written, its reject too. When it is refused now and stood before, nothing of the record stands until a
lower version is replayed too: the state holds no bytes of records. So a replay sends the versions of a record highest first (`lianfang replay`).
"""

from __future__ import annotations

from schemas.models.raw import Raw, Reason, Reject
from schemas.raws import generations
from streams.normalise.rows import FREE, Said, Seen, Use, Version, keep, rank, standing
from streams.normalise.written import CONFLICT, changes, reject, taken_back
from streams.stage import Emit, Outcome, Verdict


def anew(raw: Raw, before: Version, facts: list[Emit], reasons: list[Reason], seen: Seen, use: Use = FREE) -> tuple[Outcome, Seen]:
    """What a replay of a known version changes, and what is kept of the record then."""
    stood = standing(seen.versions)
    others = [one for one in seen.versions if one is not before]
    best = standing(others)
    beaten = best is not None and rank(best) > rank(before)
    now = before._replace(valid=not reasons, replay=raw.replay, reject="")
    contradicted = not reasons and best is not None and beaten and rank(best)[:2] == rank(now)[:2]
    emits: list[Emit] = []
    if reasons or contradicted:
        new = reject(raw, now, reasons or CONFLICT)
        assert isinstance(new.value, Reject)
        now = now._replace(reject=new.value.id)
        if now.reject != before.reject:
            emits = [*taken_back(raw, before), new]
    else:
        emits = taken_back(raw, before)
    said = seen.said
    if not reasons and not beaten:
        emits, said = [*emits, *changes(said, raw.source, raw.record, [] if use.held else facts)], keep(facts, generations(raw), use)
    elif reasons and before is stood:
        emits, said = [*emits, *changes(said, raw.source, raw.record, [])], Said()
    refused = any(isinstance(emit.value, Reject) and not emit.value.retracted for emit in emits)
    verdict = Verdict.REJECTED if refused else Verdict.APPLIED if emits else Verdict.DUPLICATE
    return Outcome(verdict, emits), Seen(tuple(sorted((*others, now), key=rank)), said)

