"""What a task measures of itself: how far it is behind, what it did, how large its state is, and how it recovers."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import attrgetter
from typing import Any

from schemas import metrics
from schemas.measures import Measures
from schemas.metrics import OfInput, OfPartition, OfReason, OfStage, OfVerdict, Why
from streams.runtime.batch import Computed
from streams.runtime.inputs import Inputs
from streams.runtime.store import Store

_TOPIC = attrgetter("topic")
_Firsts = dict[str, tuple[int, float]]
"""By topic how many records there are, and the time of the first in milliseconds."""


class Gauges:
    """For one task. Everything is counted once for a batch, when it is committed, and not for each message.

    `took`, `computed` and `committed` come in this order for each batch; that of the next may be computed before one is committed. `look` may be called in any
    thread at any time.
    """

    def __init__(self, measures: Measures, stage: str, partition: int, prefix: str) -> None:
        """Take where to measure, of which stage and partition, and what the broker's names of topics have before those of the contract."""
        self._measures, self._prefix = measures, prefix
        self._stage, self._place = OfStage(stage), OfPartition(stage, partition)
        self._computing: Sequence[Any] = ()
        self._open: deque[_Firsts] = deque()
        self._left: int | None = None

    @contextmanager
    def recovering(self) -> Iterator[Callable[[int, int], None]]:
        """Measure the recovery in the block, which calls what it is given after each portion; one that fails is none."""
        began = time.monotonic()
        self._left = 0
        try:
            yield self._recovered
            self._measures.observe(metrics.RECOVERY_SECONDS, self._stage, time.monotonic() - began)
        finally:
            self._left = None

    def _recovered(self, rows: int, left: int) -> None:
        """So many more rows of the changelog were read, and so many are left."""
        self._measures.add(metrics.RECOVERY_ROWS, self._stage, rows)
        self._left = left

    def took(self, records: Sequence[Any]) -> None:
        """These records are computed now."""
        self._computing = records

    def computed(self, batch: Computed, seconds: float) -> None:
        """That many of them were taken, in a batch that is going to be committed after the one before it."""
        taken, one = self._computing[: batch.taken], len(batch.counts) == 1
        self._open.append({taken[0].topic: (batch.taken, taken[0].timestamp)} if taken and one else _firsts(taken))
        self._computing = ()
        self._measures.observe(metrics.COMPUTE_SECONDS, self._stage, seconds)

    def committed(self, batch: Computed, seconds: float) -> None:
        """The oldest open batch, or one that migrates state, is committed and in the store."""
        if self._open:
            self._open.popleft()
        measures, stage = self._measures, self._stage.stage
        measures.observe(metrics.COMMIT_SECONDS, self._stage, seconds)
        if batch.taken:
            measures.observe(metrics.BATCH_MESSAGES, self._stage, batch.taken)
        measures.add(metrics.FACTS, self._stage, sum(map(len, batch.outputs.values())))
        for (topic, _), tally in batch.counts.items():
            for verdict, number in tally.items():
                if number:
                    measures.add(metrics.MESSAGES, OfVerdict(stage, topic, verdict.value), number)
        for (topic, why), number in batch.reasons.items():
            measures.add(metrics.REJECTS, OfReason(stage, topic, why), number)

    def look(self, inputs: Inputs, store: Store | None, behind: Callable[[Any], int]) -> None:
        """Tell how it stands; `behind` says how many messages of an input were not fetched yet."""
        measures, place = self._measures, self._place
        if self._left is not None:
            measures.set(metrics.RECOVERY_LEFT, place, self._left)
        if store and (size := store.size()):
            measures.set(metrics.STATE_BYTES, place, size[0])
            measures.set(metrics.STATE_ROWS, place, size[1])
        under_way = [*list(self._open), _firsts(self._computing)]
        for tp, (number, first) in inputs.waits().items():
            here = OfInput(place.stage, tp.topic.removeprefix(self._prefix), place.partition)
            open_ = [firsts[tp.topic] for firsts in under_way if tp.topic in firsts]
            oldest = min([at for _, at in open_] + ([first.timestamp] if first else []), default=None)
            measures.set(metrics.LAG_SECONDS, here, 0 if oldest is None else max(0.0, time.time() - oldest / 1000))
            measures.set(metrics.LAG_MESSAGES, here, number + sum(count for count, _ in open_) + behind(tp))
            for why in Why:  # from 0 on: of a series that begins with 1 Prometheus does not say that it rose
                measures.add(metrics.REJECTS, OfReason(here.stage, here.topic, why), 0)


def _firsts(records: Sequence[Any]) -> _Firsts:
    found: _Firsts = {}
    for topic, group in groupby(records, _TOPIC):
        run = list(group)
        count, first = found.get(topic, (0, run[0].timestamp))
        found[topic] = count + len(run), first
    return found
