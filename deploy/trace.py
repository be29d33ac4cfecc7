"""The hops of one record: everything that follows from it, found by the causes that facts name."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from connectors.reader import Entry, Reader
from deploy.bus import Bus
from schemas.models.case import LinkedCase
from schemas.models.fact import Fact, fact_id
from schemas.models.identity import Link, Mention, Profile
from schemas.models.raw import Raw
from schemas.models.record import Record
from schemas.models.release import Audit, Receipt
from streams.identity.said import saying
from streams.routing.codes import fact_code


@dataclass(frozen=True, slots=True)
class Step:
    """One message that the record caused. `at` and `written` are UTC milliseconds, `after` the milliseconds from the record's arrival on the broker."""

    topic: str
    fact: str
    retracted: bool
    at: int
    written: int
    after: int
    where: str


def trace(bus: Bus, reader: Reader, record: str) -> list[Step]:
    """All messages that follow from any version of a record (given by its token), and the links of its aliases, in the order of the path, then of time.

    Reads all topics of the path to their ends each time: seconds for a million messages, minutes for a hundred million. What compaction or age has removed
    is not seen.
    """
    raws = [entry for name in bus.sources for entry in reader.read(f"raw.{name}") if isinstance(entry.value, Raw) and entry.value.record == record]
    if not raws:
        return []
    topics = list(dict.fromkeys(topic for stage in bus.stages for topic in stage.outputs))
    entries = [entry for topic in topics for entry in reader.read(topic)]
    facts = follow(raws, entries, lambda id_: [fact_code(agency, id_, bus.settings.keys) for agency in bus.agencies])
    facts += links(facts, entries)
    answers = about(facts, reader.read("receipt"))
    order = {topic: number for number, topic in enumerate(topics)}
    facts.sort(key=lambda entry: (order[entry.topic], entry.written, entry.partition, entry.offset))
    return steps([*raws, *facts, *answers])


def follow(raws: Sequence[Entry], entries: Iterable[Entry], codes: Callable[[str], Iterable[str]] = lambda _: ()) -> list[Entry]:
    """The entries that follow from raw messages: facts one of whose causes does, round the loop from case to contact too, and the audit of releases.

    `codes` gives what agencies call a linked case, for it is by these that their releases name it. Of people follows what any of the mentions says.
    """
    found: dict[tuple[str, int, int], Entry] = {}
    effects: dict[str, list[Entry]] = {}
    for entry in entries:
        for cause in _causes(entry):
            effects.setdefault(cause, []).append(entry)
    known = {fact_id("raw", raw.source, raw.record, raw.version) for raw in (entry.value for entry in raws) if isinstance(raw, Raw)}
    waiting = deque(known)
    while waiting:
        for entry in effects.get(waiting.popleft(), []):
            found[entry.topic, entry.partition, entry.offset] = entry
            new = [one for one in _names(entry.value, codes) if one not in known]
            known.update(new)
            waiting.extend(new)
    return list(found.values())


def links(facts: Sequence[Entry], entries: Iterable[Entry]) -> list[Entry]:
    """Whom the aliases of these records belong to, also where other records say so."""
    aliases = {entry.value.alias for entry in facts if isinstance(entry.value, Record)}
    there = {(entry.topic, entry.partition, entry.offset) for entry in facts}
    return [
        entry for entry in entries
        if isinstance(entry.value, Link) and entry.value.alias in aliases and (entry.topic, entry.partition, entry.offset) not in there
    ]  # fmt: skip


def about(facts: Iterable[Entry], receipts: Iterable[Entry]) -> list[Entry]:
    """The receipts of releases among these facts, by time."""
    ids = {entry.value.id for entry in facts if isinstance(entry.value, Fact)}
    return sorted((entry for entry in receipts if isinstance(entry.value, Receipt) and entry.value.release in ids), key=lambda entry: entry.written)


def steps(entries: Sequence[Entry]) -> list[Step]:
    """The entries as hops; the first raw message is the arrival. A link that other records had made was written before it."""
    start = min((entry.written for entry in entries if isinstance(entry.value, Raw)), default=0)
    return [_step(entry, start) for entry in entries]


def _names(value: object, codes: Callable[[str], Iterable[str]]) -> list[str]:
    """By what others name a message as their cause."""
    if isinstance(value, Mention):
        return [value.id, saying(value)]
    if isinstance(value, Profile):
        return [value.id, value.compared]
    return [value.id, *(codes(value.id) if isinstance(value, LinkedCase) else ())] if isinstance(value, Fact) else []


def _causes(entry: Entry) -> Sequence[str]:
    if isinstance(entry.value, Fact):
        return entry.value.causes
    return [entry.value.release] if isinstance(entry.value, Audit) else []


def _step(entry: Entry, start: int) -> Step:
    fact, retracted, at = _said(entry)
    return Step(entry.topic, fact, retracted, at, entry.written, entry.written - start, f"{entry.topic}/{entry.partition}/{entry.offset}")


def _said(entry: Entry) -> tuple[str, bool, int]:
    """What a hop says of its message: identity, whether it takes something back, and event time."""
    match entry.value:
        case Raw() as raw:
            return f"version {raw.version}", raw.retracts, raw.received_at
        case Fact() as fact:
            return fact.id, fact.retracted, fact.at
        case Audit() as audit:
            return audit.release, audit.decision == "retracted", audit.at
        case Receipt() as receipt:
            return receipt.release, receipt.retracted, receipt.answered_at
    raise TypeError(f"{type(entry.value).__name__} is no hop")
