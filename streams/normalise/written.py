"""What `normalise` writes so that what it wrote before no longer stands: facts taken back, and rejects."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.models.fact import Fact, fact_id
from schemas.models.raw import Pointer, Raw, Reason, Reject
from streams.normalise.rows import Said, Seen, Version, hold, kept
from streams.stage import Emit, State

CONFLICT = [Reason(field="", problem="another record with the same identity and version has other content; give corrections a higher version")]


def changes(said: Said, source: str, record: str, new: list[Emit]) -> list[Emit]:
    """What is to be written so that the new facts of a record stand instead of those that it said before. Facts of one id have one content."""
    if not said.facts or said.use.held:
        return new
    old = kept(said, source, record)
    before, after = ({emit.value.id for emit in facts if isinstance(emit.value, Fact)} for facts in (old, new))
    gone = [Emit(emit.topic, emit.key, emit.value.taken_back()) for emit in old if isinstance(emit.value, Fact) and emit.value.id not in after]
    return gone + [emit for emit in new if isinstance(emit.value, Fact) and emit.value.id not in before]


def end(row: bytes, source: str, record: str, seen: Seen, state: State) -> Iterator[Emit]:
    """Take back what stands of a record, or forget what is held; that it came, and when what stood happened, stays known."""
    state.put(row, hold(seen._replace(said=Said(at=seen.said.at)), source, record))
    for emit in [] if seen.said.use.held else kept(seen.said, source, record):
        assert isinstance(emit.value, Fact)
        yield Emit(emit.topic, emit.key, emit.value.taken_back())


def reject(raw: Raw, one: Version, reasons: list[Reason]) -> Emit:
    """The reject of a version of a record."""
    cause = fact_id("raw", raw.source, raw.record, raw.version)
    found = Reject.of(
        causes=[cause], at=one.at, source=raw.source, record=raw.record, version=one.version, digest=one.digest, reasons=reasons, pointer=_pointer(raw, one)
    )
    return Emit("reject", raw.record, found)


def taken_back(raw: Raw, one: Version) -> list[Emit]:
    """The retraction of the reject that stands of a version, if one does. Its id says which; the reasons are not known any more."""
    if not one.reject:
        return []
    cause = fact_id("raw", raw.source, raw.record, raw.version)
    found = Reject(id=one.reject, retracted=True, causes=[cause], at=one.at, source=raw.source, record=raw.record, version=one.version, digest=one.digest,
                   reasons=[], pointer=_pointer(raw, one))  # fmt: skip
    return [Emit("reject", raw.record, found)]


def _pointer(raw: Raw, one: Version) -> Pointer:
    return Pointer(topic=one.topic or f"raw.{raw.source}", partition=one.partition, offset=one.offset)
