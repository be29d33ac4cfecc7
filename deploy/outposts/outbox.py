"""Answers of each clinic in the order in which they came up, until the clinic says that it has them: at least once, and the same again changes nothing.

An answer has a number, which only grows. Asked again, the clinic gets what is new since the last number that it confirmed; of a report that was answered
twice meanwhile, only the last answer. What fell (a result that was withdrawn) is answered as gone. If the outbox is lost all is answered again, numbered anew.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

from pydantic import Field

from deploy.outposts.answers import Told
from deploy.outposts.taking import durable
from schemas.models.fact import Model

GONE = "gone"


class Numbered(Model):
    """An answer with its number."""

    answer: int = Field(ge=1, description="Number of the answer.")
    kind: str = Field(description="Sign of the kind of report.")
    number: int = Field(description="Running number of the report.")
    about: str = Field(description="What it is about: report, received, sampled, told, status.")
    word: str = Field(description="What is answered.")
    more: str = Field(default="", description="Keys of the fields to correct, or how often the report came.")

    @property
    def place(self) -> tuple[str, int, str]:
        """What a later answer replaces."""
        return self.kind, self.number, self.about


class _Kept(Model):
    has: int = 0
    answers: list[Numbered] = Field(default_factory=list)


class Outbox:
    """The outboxes of one bus."""

    def __init__(self, home: Path) -> None:
        """Take the folder of the bus."""
        self._folder = home / "outposts" / "answers"

    def since(self, clinic: str, stands: Sequence[Told] | None, since: int | None = None) -> list[Numbered]:
        """What a clinic does not have yet, or has not since a number, after what stands now was numbered; with None only what was numbered before."""
        with self._locked(clinic):
            kept = self._read(clinic)
            if stands is not None:
                kept = self._numbered(kept, stands)
                self._write(clinic, kept)
        after = kept.has if since is None else since
        last = {one.place: one for one in kept.answers}
        return [one for one in last.values() if one.answer > after]

    def confirm(self, clinic: str, upto: int) -> int:
        """The clinic has its answers up to a number; one that was never given changes nothing. Returns up to which it has them."""
        with self._locked(clinic):
            kept = self._read(clinic)
            if kept.has < upto <= max((one.answer for one in kept.answers), default=0):
                kept = kept.model_copy(update={"has": upto})
                self._write(clinic, kept)
        return kept.has

    def _numbered(self, kept: _Kept, stands: Sequence[Told]) -> _Kept:
        last = {one.place: one for one in kept.answers}
        now = {(one.kind, one.number, one.about): one for one in stands}
        new = [one for place, one in now.items() if place not in last or (last[place].word, last[place].more) != (one.word, one.more)]
        here = {place[:2] for place in now}  # a report that expired is answered no more, and nothing about it
        new += [Told(*place, GONE) for place, one in last.items() if place not in now and place[:2] in here and one.word != GONE]
        first = max((one.answer for one in kept.answers), default=0) + 1
        more = [Numbered(answer=answer, **one._asdict()) for answer, one in enumerate(new, first)]
        answers = [*kept.answers, *more]
        needed = {one.place: one.answer for one in answers}
        return kept.model_copy(update={"answers": [one for one in answers if needed[one.place] == one.answer]})

    @contextmanager
    def _locked(self, clinic: str) -> Iterator[None]:
        """Nobody else numbers or confirms answers of this clinic meanwhile."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._place(clinic).with_suffix(".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _place(self, clinic: str) -> Path:
        return self._folder / f"{blake2b(clinic.encode(), digest_size=8).hexdigest()}.json"

    def _read(self, clinic: str) -> _Kept:
        place = self._place(clinic)
        return _Kept.model_validate_json(place.read_bytes()) if place.exists() else _Kept()

    def _write(self, clinic: str, kept: _Kept) -> None:
        durable(self._place(clinic), kept.model_dump_json())
