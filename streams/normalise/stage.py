"""The stage `normalise`: every version of every record in, the facts of the version that stands out.

The version that stands is the highest valid one. Two valid ones with one version and other content are a source that contradicts itself: the one whose digest
is larger counts, the others are refused. Both are rules about the set of raw messages, so neither what stands nor what is refused depends on their order.
Verdicts are given at arrival: a version that is refused only when its rival comes was counted as applied (or as duplicate) before, so the topic `reject` may
hold more conflicts than the ledger counts, never fewer.

Row: `seen` all versions of a record token, with what was written for the standing one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from schemas.avro import pack, unpack
from schemas.document import load
from schemas.models.fact import Fact, Model, fact_id
from schemas.models.identity import Block
from schemas.models.raw import Pointer, Raw, Reason, Reject
from schemas.models.record import Record
from schemas.source import KINDS, Source
from schemas.tokens import Keys
from streams.normalise.interpret import interpret
from streams.rows import Table
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict

_URGENT = ("lab", "visit")
"""Kinds of records that make cases: they are few, and do not wait behind scans."""
_SEEN = Table(1, "All versions of a record, with what was written for the one that stands.")


class Version(Model):
    """One version of a record, as it was first seen."""

    version: int
    retracts: bool
    digest: str
    valid: bool
    pointer: Pointer
    at: int


class Said(Model):
    """One fact that stands written: its topic, key and Avro body."""

    topic: str
    key: str
    body: bytes


class Seen(Model):
    """Everything about one record token."""

    versions: list[Version] = Field(default_factory=list)
    said: list[Said] = Field(default_factory=list)


def stage(sources: Mapping[str, Source], keys: Keys) -> Stage:
    """The stage for these sources."""

    def step(message: Message, state: State) -> Outcome:
        raw = message.value
        assert isinstance(raw, Raw)
        place = _SEEN.about(raw.source, raw.record)
        seen = unpack(Seen, data) if (data := state.get(place)) else Seen()
        if any((one.version, one.retracts, one.digest) == (raw.version, raw.retracts, raw.digest) for one in seen.versions):
            return Outcome(Verdict.DUPLICATE)
        pointer = Pointer(topic=message.topic, partition=message.partition, offset=message.offset)
        found = _understand(sources, raw, keys)
        reasons = [item for item in found if isinstance(item, Reason)]
        now = Version(version=raw.version, retracts=raw.retracts, digest=raw.digest, valid=not reasons, pointer=pointer, at=raw.received_at)
        facts = [item for item in found if isinstance(item, Emit)]
        outcome, after = _stand(raw, now, facts, reasons, seen)
        state.put(place, pack(after))
        return outcome

    outputs = (*(f"record.{kind}" for kind in KINDS), "identity.block", "reject")
    urgent = tuple(f"raw.{name}" for name, source in sources.items() if source.kind in _URGENT)
    return Stage("normalise", tuple(f"raw.{name}" for name in sources), outputs, step, tables=(_SEEN,), urgent=urgent)


def _understand(sources: Mapping[str, Source], raw: Raw, keys: Keys) -> list[Emit] | list[Reason]:
    source = sources.get(raw.source)
    if source is None:
        return [Reason(field="", problem="the source is not known here")]
    if raw.fault:
        return [Reason(field="", problem=raw.fault)]
    if raw.retracts:
        return []
    try:
        fields: dict[str, Any] = dict(raw.fields) if raw.fields is not None else load(raw.body)
    except ValueError as error:
        return [Reason(field="", problem=str(error))]
    return interpret(source, fields, raw.record, raw.version, keys)


def _stand(raw: Raw, now: Version, facts: list[Emit], reasons: list[Reason], seen: Seen) -> tuple[Outcome, Seen]:
    """The outcome of a version that was not seen before, and what is known after it."""
    after = seen.model_copy(update={"versions": sorted([*seen.versions, now], key=_rank)})
    valid = [one for one in seen.versions if one.valid]
    rival = max((one for one in valid if _rank(one)[:2] == _rank(now)[:2]), key=_rank, default=None)
    if reasons or (rival and rival.digest > now.digest):
        return Outcome(Verdict.REJECTED, [_reject(raw, now, reasons or _CONFLICT)]), after
    late = [_reject(raw, rival, _CONFLICT)] if rival else []
    if any(_rank(one) > _rank(now) for one in valid):
        return Outcome(Verdict.DUPLICATE, late), after
    said = [Said(topic=emit.topic, key=emit.key, body=pack(emit.value)) for emit in facts]
    emits = late + [_again(old) for old in seen.said if old not in said]
    emits += [emit for emit, new in zip(facts, said, strict=True) if new not in seen.said]
    return Outcome(Verdict.APPLIED, emits), after.model_copy(update={"said": said})


_CONFLICT = [Reason(field="", problem="another record with the same identity and version has other content; give corrections a higher version")]
_MODELS: dict[str, type[Fact]] = {f"record.{kind}": model for kind, model in KINDS.items()} | {"identity.block": Block}


def _rank(one: Version) -> tuple[int, bool, str]:
    return one.version, one.retracts, one.digest


def _again(old: Said) -> Emit:
    fact = unpack(_MODELS[old.topic], old.body)
    assert isinstance(fact, Record | Block)
    return Emit(old.topic, old.key, fact.taken_back())


def _reject(raw: Raw, one: Version, reasons: list[Reason]) -> Emit:
    cause = fact_id("raw", raw.source, raw.record, raw.version)
    reject = Reject.of(
        causes=[cause], at=one.at, source=raw.source, record=raw.record, version=one.version, digest=one.digest, reasons=reasons, pointer=one.pointer
    )
    return Emit("reject", raw.record, reject)
