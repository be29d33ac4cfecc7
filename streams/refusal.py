"""Facts that a stage refuses: each with its reason, and the place where it lies."""

from __future__ import annotations

from schemas.avro import pack
from schemas.models.fact import Fact, digest_of
from schemas.models.raw import Pointer, Reason, Reject
from streams.stage import Emit, Message, Outcome, Verdict

_LATEST = 4_102_444_800_000
"""The beginning of 2100 in UTC milliseconds: a later time is one that somebody made up, and no calendar may be able to show it."""


def refused(message: Message, fact: Fact, problem: str) -> Outcome:
    """What comes of a fact that is refused: one reject, under the digest of its bytes, since its id may be made up. Nothing is kept of it."""
    pointer = Pointer(topic=message.topic, partition=message.partition, offset=message.offset)
    digest, at = digest_of(pack(fact)), fact.at if 0 <= fact.at < _LATEST else 0
    reject = Reject.of(causes=[], at=at, source=message.topic, record=digest, version=0, digest=digest, reasons=[Reason(field="", problem=problem)],
                       pointer=pointer)  # fmt: skip
    return Outcome(Verdict.REJECTED, [Emit("reject", digest, reject)])
