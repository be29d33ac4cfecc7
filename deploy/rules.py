"""The agency files that a worker decides by, said on `control.rules`: what was decided under others is decided again, in pieces.

It is said by a worker that starts, when the last one that said so had other files. What it leaves undone (a worker still with the files of before reads it) the
next tick does.
"""

from __future__ import annotations

from connectors.publish import Publisher
from connectors.reader import Reader
from deploy.bus import Bus
from deploy.clock import PIECES, pieces
from schemas.agency import rules_of
from schemas.models.control import Rules

TOPIC = "control.rules"


def said(reader: Reader) -> set[str]:
    """The digests that the newest messages on the topic name; one when all is as the last worker said it."""
    newest = {(entry.partition, entry.key): entry.value.digest for entry in reader.read(TOPIC) if isinstance(entry.value, Rules)}
    return set(newest.values())


def tell(bus: Bus, reader: Reader, publisher: Publisher) -> int:
    """Say on every partition which files count, unless that is what was said last; returns the number of messages when the broker has them."""
    digest = rules_of(bus.agencies.values())
    if said(reader) == {digest}:
        return 0
    everywhere = range(bus.topics[TOPIC].partitions or 1)
    found = [(partition, Rules(digest=digest, first=first, last=last)) for first, last in pieces(PIECES) for partition in everywhere]
    for partition, rules in found:
        publisher.send(TOPIC, f"{rules.first}-{rules.last}", rules, partition)
    publisher.settle()
    return len(found)
