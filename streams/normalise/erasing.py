"""The erasure of a person: what was sealed under the person's keys is as if it had never stood, and stays so when the keys are destroyed.

An erasure (`control.erasure`) names an alias and a generation of its key. A record is erased with any person in it, for its bytes are sealed under the keys of
all (`schemas.raws`). Its version keeps its place among the others and says nothing, as one that expired: the same whether the record came before the erasure,
after it, or is read again when the key is destroyed and nobody can open it. What comes later of the same alias is sealed under the next generation and counts.
The same version sent again stays erased.

An erasure is said for some slots of records at a time, like a tick, so that no piece takes long: each reads the rows of its slots once.
"""

from __future__ import annotations

from collections.abc import Mapping

from schemas.models.control import Erasure
from schemas.models.raw import Raw, Reason
from schemas.raws import ERASED
from streams import clock
from streams.normalise.rows import Said, Version, sealed_under, whose
from streams.normalise.written import end, reject
from streams.rows import Table, name
from streams.stage import Emit, Outcome, State, Verdict

ERASURES = Table(3, "The last generation of an alias's key that is erased.", few=True)
_REASON = [Reason(field="", problem=ERASED)]


class Erasing:
    """Erasures over the rows of a table that `streams.normalise.rows` writes."""

    def __init__(self, table: Table) -> None:
        """Take the table."""
        self._table = table

    def left(self, under: Mapping[str, int], facts: list[Emit], state: State) -> list[Emit]:
        """The facts of a raw message under keys of these generations: none when somebody in it is erased."""
        erased = facts and any(generation <= _erased(alias, state) for alias, generation in under.items())
        return [] if erased else facts

    def over(self, said: Said, state: State) -> bool:
        """Whether somebody of whom a row keeps facts is erased."""
        return any(0 < generation <= _erased(alias, state) for alias, generation in sealed_under(said).items())

    def erase(self, said: Erasure, state: State) -> Outcome:
        """Take back what stands of the alias in the rows of some slots."""
        place = ERASURES.about(said.alias)
        if said.generation > _erased(said.alias, state):
            state.put(place, bytes((said.generation,)))
        outcome = Outcome(Verdict.APPLIED)
        for row, data in self._of(said, state):
            outcome.emits += end(row, *whose(data), state)
        return outcome

    def _of(self, said: Erasure, state: State) -> list[tuple[bytes, bytes]]:
        """The rows in which something stands that was sealed under the erased keys. They are all found before one is changed."""
        token = name(said.alias)
        found = [(row, data) for row, data in state.sweep(*clock.span(self._table, max(said.first, 0), said.last)) if token in data]
        return [(row, data) for row, data in found if 0 < sealed_under(whose(data)[2].said).get(said.alias, 0) <= said.generation]


def unreadable(outcome: Outcome, raw: Raw, now: Version) -> Outcome:
    """What becomes of a version that nobody can open any more: besides what follows from it, a reject says why it gives nothing."""
    return Outcome(Verdict.REJECTED, [*outcome.emits, reject(raw, now, _REASON)])


def _erased(alias: str, state: State) -> int:
    """The last generation of an alias's key that is erased, or 0."""
    data = state.get(ERASURES.about(alias))
    return data[0] if data else 0
