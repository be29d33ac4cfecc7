"""The hops of one record: everything that follows from it, found by the causes that facts name."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.reader import Entry, Reader
from deploy.bus import Bus
from schemas.models.fact import Fact, fact_id
from schemas.models.raw import Raw
from schemas.models.release import Receipt

ORDER = ("reject", "record.", "identity.block", "identity.match", "identity.link", "presence", "trace.order", "exposure", "contact", "case.evidence", "case.exposed",
         "case.linked", "deliver.")  # fmt: skip
"""Topics (or beginnings of their names) in the order in which facts follow from each other."""


@dataclass(frozen=True, slots=True)
class Step:
    """One message that the record caused, with the milliseconds from the record's own arrival on the broker."""

    topic: str
    fact: str
    retracted: bool
    at: int
    written: int
    after: int
    where: str


def trace(bus: Bus, reader: Reader, record: str) -> list[Step]:
    """All messages that follow from any version of a record (given by its token), in the order of the path, then of time.

    A fact follows when one of its causes does; the loop from case to contact is followed until nothing new is found.
    """
    raws = [entry for name in bus.sources for entry in reader.read(f"raw.{name}") if isinstance(entry.value, Raw) and entry.value.record == record]
    known = {fact_id("raw", raw.source, raw.record, raw.version) for entry in raws for raw in [entry.value] if isinstance(raw, Raw)}
    if not raws:
        return []
    start = min(entry.written for entry in raws)
    entries = [entry for topic in _topics(bus) for entry in reader.read(topic) if isinstance(entry.value, Fact)]
    found: dict[tuple[str, int, int], Entry] = {}
    grown = True
    while grown:
        grown = False
        for entry in entries:
            place = (entry.topic, entry.partition, entry.offset)
            if place not in found and isinstance(entry.value, Fact) and known.intersection(entry.value.causes):
                found[place] = entry
                known.add(entry.value.id)
                grown = True
    steps = [_step(entry, start) for entry in [*raws, *found.values()]]
    steps += [_receipt(entry, start) for entry in reader.read("receipt") if isinstance(entry.value, Receipt) and entry.value.release in known]
    return steps


def _topics(bus: Bus) -> list[str]:
    return [name for beginning in ORDER for name in bus.topics if name.startswith(beginning)]


def _step(entry: Entry, start: int) -> Step:
    value = entry.value
    where = f"{entry.topic}/{entry.partition}/{entry.offset}"
    if isinstance(value, Raw):
        return Step(entry.topic, f"version {value.version}", value.retracts, value.received_at, entry.written, entry.written - start, where)
    assert isinstance(value, Fact)
    return Step(entry.topic, value.id, value.retracted, value.at, entry.written, entry.written - start, where)


def _receipt(entry: Entry, start: int) -> Step:
    assert isinstance(entry.value, Receipt)
    return Step(
        "receipt",
        entry.value.release,
        entry.value.retracted,
        entry.value.answered_at,
        entry.written,
        entry.written - start,
        f"receipt/{entry.partition}/{entry.offset}",
    )
