"""Which releases and retractions their receivers have confirmed, and which not: a fold of the audit and the receipts. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from connectors.reader import Entry
from schemas.models.fact import Millis
from schemas.models.release import Audit, Decision, Receipt
from schemas.vocabulary import vocabulary

_HOUR = 3_600_000


@dataclass(frozen=True, slots=True)
class Owed:
    """One release, or the retraction of one, and what its receiver said. Moments are UTC milliseconds."""

    agency: str
    purpose: str
    release: str
    """As the agency knows it."""
    person: str
    """The key that the bus has."""
    decision: Decision
    since: Millis
    """When it was on the broker."""
    answer: str
    """What was answered: delivered or refused; '' for nothing."""
    answered_at: Millis | None
    attempts: int | None
    """How often it was tried until it was answered; 0 when the receiver confirmed it by itself, and none before that, which the deliverer's metrics tell."""
    outstanding: bool
    """Not confirmed, and not replaced by a later release."""
    overdue: bool


def owed(audits: Iterable[Entry], receipts: Iterable[Entry], now: Millis) -> list[Owed]:
    """Everything that was released or taken back, the oldest first.

    A receipt confirms what was on the broker before it. A release that a later one of the same person and purpose replaced needs no confirmation any more; a
    retraction needs one always, unless the same release stands again.
    """
    answers: dict[tuple[str, str, bool], list[Entry]] = {}
    for entry in receipts:
        if isinstance(entry.value, Receipt):
            answers.setdefault((entry.value.agency, entry.value.release, entry.value.retracted), []).append(entry)
    lines = [(entry, entry.value) for entry in audits if isinstance(entry.value, Audit)]
    last = {place: number for number, (_, line) in enumerate(lines) for place in _places(line)}
    found = [_owed(entry, line, any(last[place] > number for place in _places(line)), answers, now) for number, (entry, line) in enumerate(lines)]
    return sorted(found, key=lambda one: (one.since, one.agency, one.release))


Place = tuple[str, ...]


def _places(line: Audit) -> list[Place]:
    """What a line replaces, and is replaced by: others of its release, and when it is a release those of the same person and purpose."""
    mine: list[Place] = [(line.agency, line.release)]
    return [*mine, (line.agency, line.purpose, line.person)] if line.decision is Decision.RELEASED else mine


def _owed(entry: Entry, line: Audit, replaced: bool, answers: dict[tuple[str, str, bool], list[Entry]], now: Millis) -> Owed:
    retracted = line.decision is Decision.RETRACTED
    said = [one for one in answers.get((line.agency, line.release, retracted), []) if one.written >= entry.written]
    first = min(said, key=lambda one: one.written, default=None)
    receipt = first.value if first else None
    assert receipt is None or isinstance(receipt, Receipt)
    outstanding = not replaced and receipt is None
    limit = vocabulary("confirmation")["retraction" if retracted else "release"]["hours"] * _HOUR
    return Owed(
        line.agency, line.purpose, line.release, line.person, line.decision, entry.written, receipt.answer.value if receipt else "",
        receipt.answered_at if receipt else None, receipt.attempts if receipt else None, outstanding, outstanding and now - entry.written > limit,
    )  # fmt: skip
