"""The stage `normalise`: every version of every record in, the facts of the version that stands out.

The version that stands is the highest valid one. Two valid ones with one version and other content are a source that contradicts itself: the one whose digest
is larger counts, the others are refused. Both are rules about the set of raw messages, so neither what stands nor what is refused depends on their order.
Verdicts are given at arrival: a version that is refused only when its rival comes was counted as applied (or as duplicate) before, so the topic `reject` may
hold more conflicts than the ledger counts, never fewer.

A record is used, and expires, as its kind and the level at its place and moment say, by the ticks of `control.tick` and the facts of `control.level`
(`streams.normalise.expiry`): else it is as if it had never stood. So it is with one of a person who is erased (`streams.normalise.erasing`).
When the secret of tokens is renewed, what stands on the bus before comes as rows (`streams.normalise.carrying`).

Of a record with very many versions only the highest are remembered, and the one that stands: what stands does not depend on the others, and of one that is
forgotten and comes again it is only not known that it came before.

Rows of version 1 kept blocks, which said less than a mention does; rows of version 2 did not say whose they are, those of version 4 under which keys, those of
version 7 under which level. Such a state is refused with what to do (`streams.runtime.version`), which is to read the raw topics again.
Version 9 has one kind of record and one kind of task more, version 10 two kinds about no person, version 11 care visits, version 12 needs
with what is offered, version 13 screenings. Crossings tell of papers from version 14 on, visits and results of a
band of ages from version 15 on, crossings of what of a person they write down from version 16 on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from schemas.document import load
from schemas.models.control import Erasure, LevelInForce, Tick
from schemas.models.fact import Millis
from schemas.models.raw import Raw, Reason, Reject
from schemas.models.rotation import Carried
from schemas.raws import ERASED, generations
from schemas.source import KINDS, Source
from schemas.tokens import Keys
from streams.normalise.carrying import Carrying
from streams.normalise.erasing import ERASURES, Erasing, unreadable
from streams.normalise.expiry import CLOCK, FOR_EVER, LEVELS, Expiry, Keep
from streams.normalise.interpret import Interpreter
from streams.normalise.known import memory
from streams.normalise.replay import anew
from streams.normalise.rows import Said, Seen, Use, Version, held, hold, keep, rank, remembered, wider
from streams.normalise.written import CONFLICT, changes, reject
from streams.policy import Scale
from streams.rows import Table
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict, as_it_is

_URGENT = ("lab", "visit")
"""Kinds of records that make cases: they are few, and do not wait behind scans."""
VERSION = 16
"""Of the form of the rows."""
_LATEST = 4_102_444_800_000
"""The beginning of 2100 in UTC milliseconds: a record did not arrive later, whatever its envelope says."""
_SEEN = Table(1, "All versions of a record, with what was written for the one that stands.", *KINDS.values())


def stage(
    sources: Mapping[str, Source], keys: Keys, kept: Keep = FOR_EVER, scales: Mapping[str, Scale] | None = None, bands: Sequence[int] | None = None
) -> Stage:
    """The stage for these sources, whose records are kept for so long; questionnaires are judged by these scales, ages told in these bands, or as shipped."""
    recall = memory()
    interpreters = {name: Interpreter(source, keys, recall, scales, bands) for name, source in sources.items()}
    expiry, erasing = Expiry(_SEEN, kept), Erasing(_SEEN)
    carrying = Carrying(_SEEN, expiry, erasing, VERSION)

    def step(message: Message, state: State) -> Outcome:
        raw = message.value
        if isinstance(raw, Tick):
            return expiry.pass_time(raw, state)
        if isinstance(raw, Erasure):
            return erasing.erase(raw, state)
        if isinstance(raw, LevelInForce):
            return expiry.level(raw, state)
        if isinstance(raw, Carried):
            return carrying.take(raw, message, state)
        assert isinstance(raw, Raw)
        place = _SEEN.about(raw.source, raw.record)
        seen = held(data) if (data := state.get(place)) else Seen()
        before = next((one for one in seen.versions if rank(one) == (raw.version, raw.retracts, raw.digest)), None) if seen.versions else None
        if before and raw.replay <= before.replay:
            return Outcome(Verdict.DUPLICATE)
        under = generations(raw)
        facts, reasons = _understand(interpreters, raw, under)
        facts, expired, use = expiry.left(place, erasing.left(under, facts, state), state)
        if before:
            outcome, seen = anew(raw, before, facts, reasons, seen, use)
            state.put(place, hold(_noted(seen, expired), raw.source, raw.record))
            return outcome
        topic = "" if message.topic == f"raw.{raw.source}" else message.topic
        arrived = raw.received_at if 0 <= raw.received_at < _LATEST else 0
        now = Version(raw.version, raw.retracts, raw.digest, not reasons, topic, message.partition, message.offset, arrived, raw.replay)
        outcome, said = _stand(raw, now, facts, reasons, seen, use, under)
        if raw.fault == ERASED and not raw.retracts:
            outcome = unreadable(outcome, raw, now)
        if reasons:
            now = now._replace(reject=next((one.value.id for one in outcome.emits if isinstance(one.value, Reject)), ""))
        seen = Seen(remembered((*seen.versions, now)) if seen.versions else (now,), said)
        state.put(place, hold(_noted(seen, expired), raw.source, raw.record))
        return outcome

    outputs = (*(f"record.{kind}" for kind in KINDS), "identity.mention", "reject")
    urgent = tuple(f"raw.{name}" for name, source in sources.items() if source.kind in _URGENT)
    inputs, tables = (*(f"raw.{name}" for name in sources), "control.tick", "control.erasure", "control.level", "carried"), (_SEEN, CLOCK, ERASURES, LEVELS)
    migrations = dict.fromkeys(range(8, 13), as_it_is) | {13: wider("crossing"), 14: wider("visit", "lab"), 15: wider("crossing")}
    return Stage("normalise", inputs, outputs, step, tables=tables, version=VERSION, urgent=urgent, migrations=migrations)


def _noted(seen: Seen, expired: Millis) -> Seen:
    """With when the version that stands happened, if it has expired and so nothing of it is written (else 0)."""
    return seen._replace(said=Said(at=expired)) if expired and not seen.said.facts and not seen.said.at else seen


def _understand(interpreters: Mapping[str, Interpreter], raw: Raw, under: Mapping[str, int]) -> tuple[list[Emit], list[Reason]]:
    """The facts of a raw message under keys of these generations, or why there are none; a retraction has neither."""
    interpreter = interpreters.get(raw.source)
    if interpreter is None:
        return [], [Reason(field="", problem="the source is not known here")]
    if raw.fault == ERASED:
        return [], []
    if raw.fault:
        return [], [Reason(field="", problem=raw.fault)]
    if raw.retracts:
        return [], []
    try:
        fields: dict[str, Any] = dict(raw.fields) if raw.fields is not None else load(raw.body)
    except ValueError as error:
        return [], [Reason(field="", problem=str(error))]
    return interpreter(fields, raw.record, raw.version, under)


def _stand(raw: Raw, now: Version, facts: list[Emit], reasons: list[Reason], seen: Seen, use: Use, under: Mapping[str, int]) -> tuple[Outcome, Said]:
    """The outcome of a version that was not seen before, and what stands written after it."""
    used = [] if use.held else facts
    if not seen.versions and not reasons:  # nearly every message
        return Outcome(Verdict.APPLIED, used), keep(facts, under, use)
    valid = [one for one in seen.versions if one.valid]
    rival = max((one for one in valid if rank(one)[:2] == rank(now)[:2]), key=rank, default=None)
    if reasons or (rival and rival.digest > now.digest):
        return Outcome(Verdict.REJECTED, [reject(raw, now, reasons or CONFLICT)]), seen.said
    late = [reject(raw, rival, CONFLICT)] if rival else []
    if any(rank(one) > rank(now) for one in valid):
        return Outcome(Verdict.DUPLICATE, late), seen.said
    new = changes(seen.said, raw.source, raw.record, used)
    return Outcome(Verdict.APPLIED, late + new), keep(facts, under, use)
