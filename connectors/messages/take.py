"""What comes of a message: raw messages for the bus, and an answer about each report.

A message that is refused is on the bus too, with the reason as its fault, so that it lies in `reject` and nothing vanishes: under the identity of its report
where number and kind can be relied on, else under its digest. A clinic repairs it by sending the report again with the same number.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from connectors.envelope import Item, envelopes
from connectors.messages.form import Clinic, Format, Kind
from connectors.messages.held import Keeps, TooMany, whole
from connectors.messages.read import Problem, Said, lacking, read, wrong
from connectors.messages.record import record
from schemas.models.raw import Raw, Reason
from schemas.source import Source
from schemas.tokens import Keys

Check = Callable[[Source, Mapping[str, Any]], Sequence[Reason]]
_WHO = Problem("", "it does not say who: N with P, or I", "缺本人信息：名和电，或证")


class Fate(StrEnum):
    """What became of a report at the door."""

    TAKEN = "taken"
    WAITING = "waiting"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one report: its number (0 where none can be relied on), the parts that are missing, and what is wrong with it."""

    number: int
    fate: Fate
    missing: tuple[int, ...] = ()
    problems: tuple[Problem, ...] = ()
    back: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What goes onto the bus, what is answered, and up to which of its answers the clinic has them."""

    raws: list[Raw]
    answers: list[Answer]
    has: int | None = None


class Taker:
    """Takes messages of clinics. It blocks while parts are written."""

    def __init__(self, sources: Mapping[str, Source], keys: Keys, form: Format, held: Keeps, check: Check) -> None:
        """Take the sources, the keys of identities, what may be written, where parts wait, and what says whether a record will be understood."""
        self._sources, self._keys, self._form, self._held, self._check = sources, keys, form, held, check

    def take(self, clinic: Clinic, text: str, sent: datetime) -> Outcome:
        """What comes of a message of a clinic which the gateway had at a moment (with a time zone)."""
        message = read(text, clinic, self._form)
        if message.problem:
            return Outcome([self._nameless(text, message.problem)], [Answer(0, Fate.REFUSED, problems=(message.problem,))])
        found = [self._report(clinic, one, sent) for one in message.reports]
        return Outcome([raw for raws, _ in found for raw in raws], [answer for _, answer in found], message.has)

    def _report(self, clinic: Clinic, said: Said, sent: datetime) -> tuple[list[Raw], Answer]:
        kind = self._form.kinds.get(said.kind)
        if not said.number or kind is None:
            return [self._nameless(said.text, said.problems[0])], Answer(said.number, Fate.REFUSED, problems=said.problems)
        if said.problems:
            return [self._faulty(clinic, said, kind, said.problems, sent)], Answer(said.number, Fate.REFUSED, problems=said.problems)
        if said.parts > 1 and not said.back:
            return self._part(clinic, said, kind, sent)
        return self._whole(clinic, said, kind, said.fields, sent)

    def _part(self, clinic: Clinic, said: Said, kind: Kind, sent: datetime) -> tuple[list[Raw], Answer]:
        """Keep a part; with the last of them the report is whole, in as many versions as its parts came in."""
        name = self._keys.token("message", clinic.code, said.kind, str(said.number), str(said.revision), str(said.parts))
        try:
            self._held.put(name, said.part, said.fields)
        except TooMany:
            problem = Problem("", "this part came with too many texts: send the report with the next version", "此分条改动过多，请以新版次重发全部")
            return [self._faulty(clinic, said, kind, (problem,), sent)], Answer(said.number, Fate.REFUSED, problems=(problem,))
        parts = self._held.parts(name)
        missing = tuple(number for number in range(1, said.parts + 1) if number not in parts)
        if missing:
            return [], Answer(said.number, Fate.WAITING, missing)
        found = [self._joined(clinic, said, kind, texts, sent) for texts in whole({**parts, said.part: [dict(said.fields)]}, said.parts)]
        answer = max((one for _, one in found), key=lambda one: (one.fate is Fate.REFUSED, len(one.problems)))
        return [raw for raws, _ in found for raw in raws], answer

    def _joined(self, clinic: Clinic, said: Said, kind: Kind, texts: list[dict[str, str]], sent: datetime) -> tuple[list[Raw], Answer]:
        fields: dict[str, str] = {}
        for one in texts:
            for key, value in one.items():
                if fields.setdefault(key, value) != value:
                    problem = wrong(key, kind.fields[key])
                    return [self._faulty(clinic, said, kind, (problem,), sent, texts)], Answer(said.number, Fate.REFUSED, problems=(problem,))
        return self._whole(clinic, said, kind, fields, sent)

    def _whole(self, clinic: Clinic, said: Said, kind: Kind, fields: Mapping[str, str], sent: datetime) -> tuple[list[Raw], Answer]:
        found, problems = record(said.number, said.revision, fields, kind, clinic, sent, back=said.back)
        if not said.back:
            problems += lacking(fields, kind)
        if problems:
            return [self._faulty(clinic, said, kind, problems, sent, fields)], Answer(said.number, Fate.REFUSED, problems=tuple(problems))
        source = self._sources[kind.source]
        raws = list(envelopes(source, Item(_json(found)), self._keys))
        wrongs = [] if said.back else [_problem(reason, kind) for reason in self._check(source, found)]
        problems = list(dict.fromkeys(wrongs))
        return raws, Answer(said.number, Fate.REFUSED if problems else Fate.TAKEN, problems=tuple(problems), back=said.back)

    def _faulty(self, clinic: Clinic, said: Said, kind: Kind, problems: Sequence[Problem], sent: datetime, joined: Any = None) -> Raw:
        """What was refused, under the identity of its report: its text, or of a long one what its parts hold together, whichever came last."""
        head, _ = record(said.number, said.revision, {}, kind, clinic, sent)
        source, body = self._sources[kind.source], _json(joined) if said.parts > 1 and joined is not None else said.text.encode()
        token, version, _ = source.identify(head, self._keys)
        fault = "; ".join(one.says for one in problems)
        return Raw(source=source.name, record=token, version=version, digest=self._keys.digest(body), body=body, fault=fault, received_at=_now())

    def _nameless(self, text: str, problem: Problem) -> Raw:
        source = self._sources[self._form.faults]
        (raw,) = envelopes(source, Item(text.encode("utf-8", "replace"), fault=problem.says), self._keys)
        return raw


def _problem(reason: Reason, kind: Kind) -> Problem:
    """The reason of a source's field, as one of the key that was written."""
    return next((wrong(key, entry) for key, entry in kind.fields.items() if entry.field == reason.field), _WHO)


def _json(fields: Any) -> bytes:
    return json.dumps(fields, ensure_ascii=False, sort_keys=True).encode()


def _now() -> int:
    return time.time_ns() // 1_000_000
