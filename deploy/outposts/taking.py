"""Takes the small files of clinics: each piece once, and for every file in = taken + rejected + duplicates.

What was taken is kept in a ledger beside the bus, written when the broker has acknowledged it. After a crash in between, pieces are sent again, and as the
same facts they change nothing. A lost ledger sends all again, which is as harmless, and then tells no duplicates.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

from pydantic import Field, ValidationError

from connectors.envelope import Item, envelopes
from connectors.messages.form import Clinic, Format, Register
from connectors.packs import Piece
from schemas.models.fact import Model
from schemas.models.raw import Raw, Reason
from schemas.source import Source, text
from schemas.tokens import Keys

Check = Callable[[Source, Mapping[str, Any]], Sequence[Reason]]


class Sends(Protocol):
    """What is asked of a publisher; connectors.publish.Publisher does it."""

    def publish(self, raws: Iterable[Raw]) -> None:
        """Return when all are acknowledged."""


class Refused(Model):
    """A record that was refused, by its running number, and the fields to correct."""

    number: str
    fields: list[str]
    problems: list[str]


class Taken(Model):
    """What came of the pieces of one pack in one file: records = taken + rejected + duplicates."""

    clinic: str
    source: str
    pack: str
    pieces: list[int] = Field(default_factory=list, description="Taken now.")
    again: list[int] = Field(default_factory=list, description="Taken before.")
    broken: dict[int, str] = Field(default_factory=dict, description="Not whole, with what to do.")
    missing: list[int] = Field(default_factory=list, description="Of the pack, never taken by now.")
    records: int = 0
    taken: int = 0
    rejected: int = 0
    duplicates: int = 0
    refused: list[Refused] = Field(default_factory=list)


class Ledger(Model):
    """What of a clinic was taken: pieces by pack, with how many records each has, and the names of records with their version and content."""

    packs: dict[str, dict[int, int]] = Field(default_factory=dict)
    seen: list[str] = Field(default_factory=list)


class Taking:
    """Takes pieces for one bus."""

    def __init__(self, sources: Mapping[str, Source], keys: Keys, form: Format, register: Register, check: Check, home: Path, bus: str) -> None:
        """Take the sources, what clinics may send, who they are, what says whether a record will be understood, and where the ledgers of this bus are."""
        self._sources, self._keys, self._register, self._check = sources, keys, register, check
        self._clinic_in = {kind.source: (kind.sets["clinic"], kind.sets["number"]) for kind in form.kinds.values()}
        self._folder = home / "outposts" / blake2b(bus.encode(), digest_size=8).hexdigest()

    def take(self, pieces: Iterable[Piece], publisher: Callable[[str], Sends]) -> list[Taken]:
        """What came of the pieces of a file; `publisher` gives what sends the records of a source. Raises CannotPublish: taken again, it goes on."""
        found: dict[tuple[str, str, str], Taken] = {}
        for piece in sorted(pieces, key=lambda one: (one.head.clinic, one.head.pack, one.head.piece, bool(one.broken))):
            head = piece.head
            name = head.clinic, head.what, head.pack
            before = found.get(name) or Taken(clinic=head.clinic, source=head.what, pack=head.pack)
            found[name] = self._piece(piece, before, publisher)
        return list(found.values())

    def _piece(self, piece: Piece, told: Taken, publisher: Callable[[str], Sends]) -> Taken:
        head, clinic = piece.head, self._register.called(piece.head.clinic)
        broken = piece.broken or ("" if clinic else "of no clinic in the register")
        broken = broken or ("" if head.what in self._clinic_in else "of no source that clinics send")
        ledger = self._read(head.clinic) if clinic else Ledger()
        done = ledger.packs.get(head.pack, {})
        if head.piece in done:
            others = {number: why for number, why in told.broken.items() if number != head.piece}
            told = told.model_copy(update={"again": sorted({*told.again, head.piece} - {*told.pieces}), "broken": others})
        elif broken or clinic is None:
            told = told.model_copy(update={"broken": told.broken | {head.piece: broken}})
        else:
            told, ledger = self._records(piece, clinic, told, ledger, publisher)
            done = ledger.packs[head.pack]
        return told.model_copy(update={"missing": [number for number in range(1, head.of + 1) if number not in done]})

    def _records(self, piece: Piece, clinic: Clinic, told: Taken, ledger: Ledger, publisher: Callable[[str], Sends]) -> tuple[Taken, Ledger]:
        """Send the records of a whole piece, count each once, and keep that they were sent."""
        source, seen = self._sources[piece.head.what], set(ledger.seen)
        raws: list[Raw] = []
        refused, taken, duplicates = list(told.refused), told.taken, told.duplicates
        for fields in piece.records:
            mine, reasons = self._understood(source, fields, clinic)
            rank = [f"{one.source} {one.record} {one.version} {one.retracts} {one.digest}" for one in mine]
            raws += mine
            if seen.issuperset(rank):
                duplicates += 1
            elif reasons:
                number = text(fields, self._clinic_in[source.name][1])
                fields_ = sorted({one.field for one in reasons})
                refused.append(Refused(number=number if number.isdecimal() else "", fields=fields_, problems=[one.problem for one in reasons]))
            else:
                taken += 1
            seen.update(rank)
        publisher(source.name).publish(raws)
        packs = ledger.packs | {piece.head.pack: ledger.packs.get(piece.head.pack, {}) | {piece.head.piece: len(piece.records)}}
        ledger = Ledger(packs=packs, seen=sorted(seen))
        self._write(clinic.code, ledger)
        update = {"pieces": [*told.pieces, piece.head.piece], "records": told.records + len(piece.records), "taken": taken, "duplicates": duplicates,
                  "refused": refused, "rejected": len(refused)}  # fmt: skip
        return told.model_copy(update=update), ledger

    def _understood(self, source: Source, fields: dict[str, Any], clinic: Clinic) -> tuple[list[Raw], list[Reason]]:
        """The raw messages of a record, and everything that is wrong with it; one of another clinic is on the bus with that as its fault."""
        field = self._clinic_in[source.name][0]
        strange = text(fields, field).upper() != clinic.code
        body = json.dumps(fields, ensure_ascii=False, sort_keys=True).encode()
        raws = list(envelopes(source, Item(body, fault="of another clinic than the file" if strange else None), self._keys))
        reasons = [Reason(field=field if strange else "", problem=raw.fault) for raw in raws if raw.fault]
        if not reasons and not any(raw.retracts for raw in raws):
            reasons = list(self._check(source, fields))
        return raws, reasons

    def _place(self, clinic: str) -> Path:
        return self._folder / f"{blake2b(clinic.encode(), digest_size=8).hexdigest()}.json"

    def _read(self, clinic: str) -> Ledger:
        try:
            return Ledger.model_validate_json(self._place(clinic).read_bytes())
        except (FileNotFoundError, ValidationError):
            return Ledger()

    def _write(self, clinic: str, ledger: Ledger) -> None:
        durable(self._place(clinic), ledger.model_dump_json())


def durable(path: Path, content: str) -> None:
    """Put a text in the place of a file, whole or not at all, and on the disk when it returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    with part.open("w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
