"""The way of a result through the bus, hop by hop, as a reader of committed messages sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from schemas.codec import Codec
from schemas.models.case import What
from tests.bench.arrivals import Arrival

COUNTY = "deliver.daguan-county-cdc"


def _meetings(view: Any) -> Iterator[str]:
    return (meeting.person for meeting in view.contact_of or [])


HOPS: tuple[tuple[str, str, Callable[[Any], Iterator[str]]], ...] = (
    ("record", "record.lab", lambda fact: iter((fact.alias,))),
    ("its evidence", "case.evidence", lambda fact: iter((fact.person,) if fact.what is What.POSITIVE else ())),
    ("order", "trace.order", lambda fact: iter((fact.person,))),
    ("exposure", "exposure", lambda fact: iter((fact.person,))),
    ("contact", "contact", lambda fact: iter((fact.person,))),
    ("its evidence, of the contact", "case.evidence", lambda fact: iter((fact.other,) if fact.what is What.CONTACT else ())),
    ("linked case of the contact", "case.linked", _meetings),
    ("release", COUNTY, lambda fact: _meetings(fact.view)),
)
"""What follows from a result, the topic on which it comes, and in what it says whose result it was: an alias or a person's key."""
TOPICS = tuple(dict.fromkeys(topic for _, topic, _ in HOPS))


class Way:
    """When each hop was first seen for each of some results."""

    def __init__(self, codec: Codec, names: Mapping[str, int]) -> None:
        """Take the aliases of those whose results are awaited, and the number of each."""
        self.seen: list[dict[int, float]] = [{} for _ in HOPS]
        self._codec, self._names = codec, names
        self._done = 0

    def follow(self, came: Sequence[Arrival]) -> dict[int, float]:
        """Look at what is new in a list that grows; when the release of each came, by number."""
        new = came[self._done :]
        self._done += len(new)
        for at, topic, data in new:
            fact = self._codec.decode(data, topic)
            if not getattr(fact, "retracted", False):
                self._note(at, topic, fact)
        return self.seen[-1]

    def _note(self, at: float, topic: str, fact: Any) -> None:
        for seen, (_, where, whose) in zip(self.seen, HOPS, strict=True):
            if where == topic:
                for name in whose(fact):
                    if name in self._names:
                        seen.setdefault(self._names[name], at)

    def legs(self, sent: Mapping[int, float]) -> dict[str, list[float]]:
        """Seconds of each hop since the one before, the first since the result was sent."""
        before, found = sent, dict[str, list[float]]()
        for (name, _, _), seen in zip(HOPS, self.seen, strict=True):
            found[name] = [seen[number] - before[number] for number in sent]
            before = seen
        return found
