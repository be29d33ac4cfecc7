"""What stood on the bus before its secret of tokens was renewed, taken in row by row (`streams.normalise.renewal` renames them).

A row is joined with what is known of its record: all versions that either knows, and what stands of the highest. So the same row twice changes nothing, and of
two in any order the later counts: in it are more versions, or a version that was understood anew, or what stood has expired or was erased. Of the version that
stands, that nothing is left of it outweighs what it said, for a version that expired or was erased never stands again.
"""

from __future__ import annotations

from schemas.models.fact import fact_id
from schemas.models.raw import Pointer, Reason, Reject
from schemas.models.rotation import Carried
from streams.normalise.erasing import Erasing
from streams.normalise.expiry import Expiry
from streams.normalise.rows import Said, Seen, Version, held, hold, kept, rank, remembered, standing, whose
from streams.normalise.written import changes
from streams.rows import Table
from streams.stage import Emit, Message, Outcome, State, Verdict


class Carrying:
    """Takes rows of the bus before into a table that `streams.normalise.rows` writes."""

    def __init__(self, table: Table, expiry: Expiry, erasing: Erasing, form: int) -> None:
        """Take the table, what ends there, and the version of its rows."""
        self._table, self._expiry, self._erasing, self._form = table, expiry, erasing, form

    def take(self, carried: Carried, message: Message, state: State) -> Outcome:
        """Let a row stand, as far as nothing here stands against it; one of another form is refused."""
        if carried.form != self._form:
            return Outcome(Verdict.REJECTED, [self._refused(carried, message)])
        source, record, come = whose(carried.row)
        place = self._table.about(source, record)
        data = state.get(place)
        have = held(data) if data else Seen()
        here = [one._replace(topic=message.topic, partition=message.partition, offset=message.offset) for one in come.versions]
        seen = joined(have, Seen(tuple(here), self._left(place, come.said, source, record, state)))
        if (row := hold(seen, source, record)) == data:
            return Outcome(Verdict.DUPLICATE)
        state.put(place, row)
        return Outcome(Verdict.APPLIED, changes(have.said, source, record, [] if seen.said.use.held else kept(seen.said, source, record)))

    def _left(self, place: bytes, said: Said, source: str, record: str, state: State) -> Said:
        """What stands of it, or is held, by the time, the levels and the erasures of this bus."""
        if not said.facts:
            return said
        if self._erasing.over(said, state):
            return Said(at=said.at)
        _, expired, use = self._expiry.left(place, kept(said, source, record), state)
        return Said(at=expired) if expired else said._replace(use=use)

    def _refused(self, carried: Carried, message: Message) -> Emit:
        problem = f"a row of form {carried.form}, and this program reads {self._form}: carry it again with one program for both buses"
        where = Pointer(topic=message.topic, partition=message.partition, offset=message.offset)
        cause = fact_id("carried", carried.record, carried.form)
        reasons = [Reason(field="", problem=problem)]
        found = Reject.of(causes=[cause], at=0, source="", record=carried.record, version=0, digest="", reasons=reasons, pointer=where)
        return Emit("reject", carried.record, found)


def joined(have: Seen, come: Seen) -> Seen:
    """What two rows of one record know together."""
    found: dict[tuple[int, bool, str], Version] = {rank(one): one for one in have.versions}
    for one in come.versions:
        known = found.get(rank(one))
        if known is None or one.replay > known.replay:
            found[rank(one)] = one
    stands = standing(found.values())
    said = [one.said for one in (have, come) if stands and _same(standing(one.versions), stands)]
    return Seen(remembered(found.values()), min(said, key=lambda one: (bool(one.facts), -one.at), default=Said()))


def _same(one: Version | None, other: Version) -> bool:
    return one is not None and (rank(one), one.replay) == (rank(other), other.replay)
