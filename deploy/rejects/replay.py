"""Replay: the raw messages of a source published again under a new number, so that normalise understands them anew.

Of a record with several versions the highest comes first: when a version that stood is refused now, the one below it is still to come and can stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator

from connectors.reader import Entry
from schemas.models.raw import Pointer, Raw

Rank = tuple[str, int, bool, str]


def replayed(read: Callable[[], Iterable[Entry]], only: Collection[str] | None = None) -> Iterator[Raw]:
    """The raw messages to publish; `read` gives those of the topic from its beginning, and is asked twice. `only` are digests, if not all are wanted.

    Messages that are the same but for their place come once, with the pointer of the first. Records with one version are given as they are read; only the
    others are kept in memory.
    """
    number, versions = 1, Counter[str]()
    seen: set[Rank] = set()
    for _, raw in _raws(read()):
        number = max(number, raw.replay + 1)
        if _rank(raw) not in seen:
            seen.add(_rank(raw))
            versions[raw.record] += 1
    several: dict[str, list[Raw]] = {}
    for entry, raw in _raws(read()):
        if _rank(raw) not in seen:
            continue
        seen.discard(_rank(raw))
        if only is not None and raw.digest not in only:
            continue
        place = Pointer(topic=entry.topic, partition=entry.partition, offset=entry.offset)
        again = raw.model_copy(update={"replay": number, "original": raw.original or place})
        if versions[raw.record] == 1:
            yield again
        else:
            several.setdefault(raw.record, []).append(again)
    for raws in several.values():
        yield from sorted(raws, key=_rank, reverse=True)


def _raws(entries: Iterable[Entry]) -> Iterator[tuple[Entry, Raw]]:
    for entry in entries:
        if isinstance(entry.value, Raw):
            yield entry, entry.value


def _rank(raw: Raw) -> Rank:
    return raw.record, raw.version, raw.retracts, raw.digest
