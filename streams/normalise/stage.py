"""The stage `normalise`: every version of every record in, the facts of the version that stands out.

The version that stands is the highest valid one. Two valid ones with one version and other content are a source that contradicts itself: the one whose digest
is larger counts, the others are refused. Both are rules about the set of raw messages, so neither what stands nor what is refused depends on their order.
Verdicts are given at arrival: a version that is refused only when its rival comes was counted as applied (or as duplicate) before, so the topic `reject` may
hold more conflicts than the ledger counts, never fewer.

Rows of version 1 kept blocks, which said less than a mention does and stand written on another topic. There is no way from them to rows of version 2: such a
state is refused with what to do (`streams.runtime.version`), which is to read the raw topics again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.document import load
from schemas.models.fact import Fact, fact_id
from schemas.models.raw import Pointer, Raw, Reason, Reject
from schemas.source import KINDS, Source
from schemas.tokens import Keys
from streams.normalise.interpret import Interpreter
from streams.normalise.known import memory
from streams.normalise.rows import Seen, Version, held, hold, keep, kept, rank
from streams.rows import Table
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict

_URGENT = ("lab", "visit")
"""Kinds of records that make cases: they are few, and do not wait behind scans."""
_SEEN = Table(1, "All versions of a record, with what was written for the one that stands.", *KINDS.values())


def stage(sources: Mapping[str, Source], keys: Keys) -> Stage:
    """The stage for these sources."""
    recall = memory()
    interpreters = {name: Interpreter(source, keys, recall) for name, source in sources.items()}

    def step(message: Message, state: State) -> Outcome:
        raw = message.value
        assert isinstance(raw, Raw)
        place = _SEEN.about(raw.source, raw.record)
        seen = held(data) if (data := state.get(place)) else Seen()
        if (raw.version, raw.retracts, raw.digest) in map(rank, seen.versions):
            return Outcome(Verdict.DUPLICATE)
        facts, reasons = _understand(interpreters, raw)
        topic = "" if message.topic == f"raw.{raw.source}" else message.topic
        now = Version(raw.version, raw.retracts, raw.digest, not reasons, topic, message.partition, message.offset, raw.received_at)
        outcome, said = _stand(raw, now, facts, reasons, seen)
        state.put(place, hold(Seen(tuple(sorted((*seen.versions, now), key=rank)), said)))
        return outcome

    outputs = (*(f"record.{kind}" for kind in KINDS), "identity.mention", "reject")
    urgent = tuple(f"raw.{name}" for name, source in sources.items() if source.kind in _URGENT)
    return Stage("normalise", tuple(f"raw.{name}" for name in sources), outputs, step, tables=(_SEEN,), version=2, urgent=urgent)


def _understand(interpreters: Mapping[str, Interpreter], raw: Raw) -> tuple[list[Emit], list[Reason]]:
    """The facts of a raw message, or why there are none; a retraction has neither."""
    interpreter = interpreters.get(raw.source)
    if interpreter is None:
        return [], [Reason(field="", problem="the source is not known here")]
    if raw.fault:
        return [], [Reason(field="", problem=raw.fault)]
    if raw.retracts:
        return [], []
    try:
        fields: dict[str, Any] = dict(raw.fields) if raw.fields is not None else load(raw.body)
    except ValueError as error:
        return [], [Reason(field="", problem=str(error))]
    return interpreter(fields, raw.record, raw.version)


def _stand(raw: Raw, now: Version, facts: list[Emit], reasons: list[Reason], seen: Seen) -> tuple[Outcome, bytes]:
    """The outcome of a version that was not seen before, and what stands written after it."""
    if not seen.versions and not reasons:  # nearly every message
        return Outcome(Verdict.APPLIED, facts), keep(facts)
    valid = [one for one in seen.versions if one.valid]
    rival = max((one for one in valid if rank(one)[:2] == rank(now)[:2]), key=rank, default=None)
    if reasons or (rival and rival.digest > now.digest):
        return Outcome(Verdict.REJECTED, [_reject(raw, now, reasons or _CONFLICT)]), seen.said
    late = [_reject(raw, rival, _CONFLICT)] if rival else []
    if any(rank(one) > rank(now) for one in valid):
        return Outcome(Verdict.DUPLICATE, late), seen.said
    new = _changes(kept(seen.said, raw.source, raw.record), facts) if seen.said else facts
    return Outcome(Verdict.APPLIED, late + new), keep(facts)


_CONFLICT = [Reason(field="", problem="another record with the same identity and version has other content; give corrections a higher version")]


def _changes(old: list[Emit], new: list[Emit]) -> list[Emit]:
    """What is to be written so that the new facts stand instead of the old ones. Facts of one id have one content."""
    before, after = ({emit.value.id for emit in facts if isinstance(emit.value, Fact)} for facts in (old, new))
    gone = [Emit(emit.topic, emit.key, emit.value.taken_back()) for emit in old if isinstance(emit.value, Fact) and emit.value.id not in after]
    return gone + [emit for emit in new if isinstance(emit.value, Fact) and emit.value.id not in before]


def _reject(raw: Raw, one: Version, reasons: list[Reason]) -> Emit:
    cause = fact_id("raw", raw.source, raw.record, raw.version)
    pointer = Pointer(topic=one.topic or f"raw.{raw.source}", partition=one.partition, offset=one.offset)
    reject = Reject.of(
        causes=[cause], at=one.at, source=raw.source, record=raw.record, version=one.version, digest=one.digest, reasons=reasons, pointer=pointer
    )
    return Emit("reject", raw.record, reject)
