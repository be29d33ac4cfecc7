"""The load on disk: portions of records by source, and of stewards' decisions, in the order in which they are published.

An invented outbreak with what is reported of tasks, and scans in bulk around it. Some records come late, some twice, and at the end a share of all comes again in another order and in other portions.
"""

from __future__ import annotations

import heapq
import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.simulation.outbreak import Outbreak, simulate
from schemas.tokens import Keys
from tests.chaos.bulk import Place, Sent, bulk
from tests.chaos.decisions import decisions
from tests.chaos.reports import reports

DECISIONS = "decisions.jsonl"
_DAYS = 21
_RECORDS_EACH = 15
"""Records of the outbreak for each of its people, about."""
_MOST_PEOPLE = 20_000
_OF_OUTBREAK, _LATE, _TWICE, _AGAIN = 0.5, 0.02, 0.02, 0.1
_LATEST = 10
"""Portions after its own in which a late record may come."""


@dataclass(frozen=True, slots=True)
class Load:
    """How many source facts there are (each counted once), how many messages tell them, and the names of the portions in order."""

    facts: int
    messages: int
    portions: list[str]


def write(folder: Path, seed: int, facts: int, portion: int, secret: bytes) -> Load:
    """Write at least so many source facts in portions of about so many messages; equal arguments write equal files."""
    dice = random.Random(f"load {seed}")
    people = min(_MOST_PEOPLE, max(60, int(facts * _OF_OUTBREAK) // _RECORDS_EACH))
    outbreak = simulate(seed, people=people, days=_DAYS)
    outline = _Outline(folder, dice, portion)
    outline.take(_merged(outbreak, seed, facts))
    decided = decisions(outbreak.truth.people, Keys(secret), random.Random(f"decisions {seed}"), len(outline.names))
    for number, made in decided.items():
        lines = "".join(one.model_dump_json() + "\n" for one in made)
        (folder / outline.names[number] / DECISIONS).write_text(lines, "utf-8")
    outline.again()
    return Load(outline.facts, outline.messages, outline.names)


def records(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Everything that portions hold, each record once however often it comes."""
    seen: set[int] = set()
    for path in sorted(folder.glob("*/*.jsonl")):
        if path.name != DECISIONS:
            for line in path.read_text("utf-8").splitlines():
                if (name := hash((path.stem, line))) not in seen:
                    seen.add(name)
                    yield path.stem, json.loads(line)


def _merged(outbreak: Outbreak, seed: int, facts: int) -> Iterator[Sent]:
    """The outbreak and the bulk by time of arrival."""
    shared: list[Place] = sorted({(one.fields["place_code"], one.fields["region"]) for one in outbreak.arrivals if one.source == "scan-code" and one.fields["place_code"]})
    told = ((float(one.at), one.source, one.fields) for one in outbreak.arrivals)
    return heapq.merge(told, reports(seed, outbreak.arrivals), bulk(seed, max(500, facts - len({(one.source, str(one.fields)) for one in outbreak.arrivals})), _DAYS, shared), key=lambda one: one[0])


class _Outline:
    """Portions as they are written; holds only those to which something may still come."""

    def __init__(self, folder: Path, dice: random.Random, size: int) -> None:
        self.names: list[str] = []
        self.messages = 0
        self._folder, self._dice, self._size = folder, dice, size
        self._open: dict[int, list[tuple[str, str]]] = {}
        self._at = 0
        self._known: set[int] = set()

    @property
    def facts(self) -> int:
        """Records so far, each once."""
        return len(self._known)

    def take(self, sent: Iterable[Sent]) -> None:
        """Put records in portions: most where they come, some later, some twice."""
        for number, (_, source, fields) in enumerate(sent):
            self._at, line = number // self._size, (source, json.dumps(fields, ensure_ascii=False, sort_keys=True))
            self._known.add(hash(line))
            self._put(self._at + (self._dice.randrange(_LATEST) if self._dice.random() < _LATE else 0), line)
            if self._dice.random() < _TWICE:
                self._put(self._at + self._dice.randrange(_LATEST), line)
            self._write(self._at)
        self._write(self._at + _LATEST + 1)

    def again(self) -> None:
        """A share of all from the start once more, cut and ordered in another way."""
        lines = [(path.stem, line) for name in self.names[:: int(1 / _AGAIN)] for path in sorted((self._folder / name).glob("*.jsonl"))
                 if path.name != DECISIONS for line in path.read_text("utf-8").splitlines()]  # fmt: skip
        self._dice.shuffle(lines)
        size = self._size * 2 // 3
        for start in range(0, len(lines), size):
            self._save(lines[start : start + size])

    def _put(self, number: int, line: tuple[str, str]) -> None:
        self._open.setdefault(number, []).append(line)

    def _write(self, before: int) -> None:
        for number in sorted(number for number in self._open if number < before):
            lines = self._open.pop(number)
            self._dice.shuffle(lines)
            self._save(lines)

    def _save(self, lines: list[tuple[str, str]]) -> None:
        name = f"{len(self.names):05d}"
        folder = self._folder / name
        folder.mkdir(parents=True)
        by_source: dict[str, list[str]] = {}
        for source, line in lines:
            by_source.setdefault(source, []).append(line)
        for source, found in by_source.items():
            (folder / f"{source}.jsonl").write_text("\n".join(found) + "\n", "utf-8")
        self.names.append(name)
        self.messages += len(lines)
