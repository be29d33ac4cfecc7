"""Where a process keeps what it measures, and how Prometheus reads it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

import prometheus_client
from prometheus_client import CollectorRegistry

from schemas.metrics import METRICS, Counter, Gauge, Histogram, Labels, Metric

prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call]  # when each series began: twice as many of them, and nobody asks
CONTENT_TYPE = prometheus_client.CONTENT_TYPE_LATEST
_METRICS = {metric.name: metric for metric in METRICS}
_NOTED = 1_000
"""Values of a series that are noted at most before they are given on, if nobody reads."""
_Series = tuple[str, tuple[object, ...]]
_log = logging.getLogger(__name__)


class Measures:
    """The measures of one process. Counters and histograms are told when something happens; gauges are looked up at each reading, and forgotten before it."""

    def __init__(self) -> None:
        """Nothing was measured; collectors are made when they are first needed."""
        self._registry = CollectorRegistry()
        self._made: dict[str, Any] = {}
        self._series: dict[_Series, Any] = {}
        self._looks: list[Callable[[], None]] = []
        self._making, self._reading, self._noting = threading.Lock(), threading.Lock(), threading.Lock()
        self._sums: dict[_Series, float] = {}
        self._seen: dict[_Series, list[float]] = {}

    def add(self, counter: Counter[Labels], labels: Labels, by: float = 1) -> None:
        """Count. It is only noted, and given to Prometheus' library at the next reading, for that takes ten times as long."""
        series = counter.name, labels
        with self._noting:
            self._sums[series] = self._sums.get(series, 0.0) + by

    def observe(self, histogram: Histogram[Labels], labels: Labels, value: float) -> None:
        """Take one value."""
        series = histogram.name, labels
        with self._noting:
            seen = self._seen.setdefault(series, [])
            seen.append(value)
            full = len(seen) >= _NOTED
        if full:
            self._give()

    def set(self, gauge: Gauge[Labels], labels: Labels, value: float) -> None:
        """Say how something is; to be called by what `look` was given, and only there."""
        self._of(gauge, labels).set(value)

    def look(self, what: Callable[[], None]) -> None:
        """Call this at each reading; it sets gauges. It may be called in any thread."""
        self._looks.append(what)

    def text(self) -> bytes:
        """Everything in Prometheus' text format. A look that fails is logged, and the others are there."""
        with self._reading:
            self._give()
            for made in list(self._made.values()):
                if isinstance(made, prometheus_client.Gauge):
                    made.clear()
            for look in self._looks:
                try:
                    look()
                except Exception as error:  # noqa: BLE001 - what is looked at may be closing at this moment
                    _log.warning("a look at measures failed: %s", type(error).__name__)
            return prometheus_client.generate_latest(self._registry)

    def of_process(self) -> None:
        """Also tell memory, CPU and open files of this process."""
        prometheus_client.ProcessCollector(registry=self._registry)

    def _give(self) -> None:
        """Give what was noted to Prometheus' library."""
        with self._noting:
            sums, self._sums = self._sums, {}
            seen, self._seen = self._seen, {}
        for (name, labels), by in sums.items():
            self._kept(_METRICS[name], labels).inc(by)
        for (name, labels), values in seen.items():
            series = self._kept(_METRICS[name], labels)
            for value in values:
                series.observe(value)

    def _kept(self, metric: Metric[Labels], labels: Labels) -> Any:
        """A series that stays, so that it need not be looked for each time."""
        series = self._series.get((metric.name, labels))
        if series is None:
            series = self._series[metric.name, labels] = self._of(metric, labels)
        return series

    def _of(self, metric: Metric[Labels], labels: Labels) -> Any:
        made = self._made.get(metric.name)
        if made is None:
            with self._making:
                made = self._made.get(metric.name) or self._make(metric)
                self._made[metric.name] = made
        return made.labels(*labels) if labels else made

    def _make(self, metric: Metric[Labels]) -> Any:
        name, says, labels, registry = metric.name, metric.says, metric.label_names, self._registry
        if isinstance(metric, Histogram):
            return prometheus_client.Histogram(name, says, labels, buckets=metric.limits, registry=registry)
        kind = prometheus_client.Counter if isinstance(metric, Counter) else prometheus_client.Gauge
        return kind(name, says, labels, registry=registry)
