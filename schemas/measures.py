"""Where a process keeps what it measures, and how Prometheus reads it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

import prometheus_client
from prometheus_client import CollectorRegistry

from schemas.metrics import Counter, Gauge, Histogram, Labels, Metric

prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call]  # when each series began: twice as many of them, and nobody asks
CONTENT_TYPE = prometheus_client.CONTENT_TYPE_LATEST
_log = logging.getLogger(__name__)


class Measures:
    """The measures of one process. Counters and histograms are told when something happens; gauges are looked up at each reading, and forgotten before it."""

    def __init__(self) -> None:
        """Nothing was measured; collectors are made when they are first needed."""
        self._registry = CollectorRegistry()
        self._made: dict[str, Any] = {}
        self._series: dict[tuple[str, tuple[object, ...]], Any] = {}
        self._looks: list[Callable[[], None]] = []
        self._making, self._reading = threading.Lock(), threading.Lock()

    def add(self, counter: Counter[Labels], labels: Labels, by: float = 1) -> None:
        """Count."""
        self._kept(counter, labels).inc(by)

    def observe(self, histogram: Histogram[Labels], labels: Labels, value: float) -> None:
        """Take one value."""
        self._kept(histogram, labels).observe(value)

    def set(self, gauge: Gauge[Labels], labels: Labels, value: float) -> None:
        """Say how something is; to be called by what `look` was given, and only there."""
        self._of(gauge, labels).set(value)

    def look(self, what: Callable[[], None]) -> None:
        """Call this at each reading; it sets gauges. It may be called in any thread."""
        self._looks.append(what)

    def text(self) -> bytes:
        """Everything in Prometheus' text format. A look that fails is logged, and the others are there."""
        with self._reading:
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
