"""Everything that is measured: the one list from which collectors, the page of metrics, the dashboard and the alert rules follow.

A metric is named in code as `metrics.LAG_SECONDS` and its labels as a tuple of its own type, so that a misspelt one is an error of types. No label may have
more values than the bus has stages, topics, partitions, sources, agencies, and words of a fixed list; none is taken from a message.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

Labels = TypeVar("Labels", bound=tuple[object, ...])


class Part(StrEnum):
    """The command that measures."""

    WORKER = "worker"
    SERVE = "serve"
    DELIVER = "deliver"


class Why(StrEnum):
    """Of what kind a reason for a reject is."""

    UNDECODABLE = "undecodable"
    NO_VALUE = "no-value"
    WRONG_KEY = "wrong-key"
    FAILED = "step-failed"
    RECORD = "record"
    FIELD = "field"


class Alone(NamedTuple):
    """No labels."""


class OfStage(NamedTuple):
    """Of a stage."""

    stage: str


class OfPartition(NamedTuple):
    """Of a stage on one partition."""

    stage: str
    partition: int


class OfInput(NamedTuple):
    """Of one input of a stage on one partition."""

    stage: str
    topic: str
    partition: int


class OfVerdict(NamedTuple):
    """Of what became of the messages of an input."""

    stage: str
    topic: str
    verdict: str


class OfReason(NamedTuple):
    """Of a kind of reason for rejects of an input."""

    stage: str
    topic: str
    reason: Why


class OfFailure(NamedTuple):
    """Of a kind of failure, by the name of its class."""

    stage: str
    failure: str


class OfSource(NamedTuple):
    """Of a source."""

    source: str


class OfCode(NamedTuple):
    """Of an answer to a source by its HTTP status; the source is empty when there is none of the name."""

    source: str
    code: int


class OfRefusal(NamedTuple):
    """Items of a source that were not taken, by why."""

    source: str
    reason: str


class OfItem(NamedTuple):
    """Of items of a source that were taken or not."""

    source: str
    accepted: str


class OfAgency(NamedTuple):
    """Of an agency."""

    agency: str


class OfAnswer(NamedTuple):
    """Of answers of an agency's receiver: delivered, refused, or an attempt that is made again."""

    agency: str
    answer: str


class OfPart(NamedTuple):
    """Of a command: worker, serve or deliver."""

    part: str


@dataclass(frozen=True)
class Metric(Generic[Labels]):
    """What is measured: its name, what it means, its labels, and who measures it."""

    name: str
    says: str
    labels: type[Labels]
    parts: tuple[Part, ...]

    @property
    def label_names(self) -> tuple[str, ...]:
        """The names of its labels."""
        return tuple(getattr(self.labels, "_fields", ()))

    @property
    def unit(self) -> str:
        """What it counts: the last word of its name, without the `total` of counters."""
        return self.name.removesuffix("_total").rpartition("_")[2]


@dataclass(frozen=True)
class Counter(Metric[Labels]):
    """Only rises; a new process begins at 0."""


@dataclass(frozen=True)
class Gauge(Metric[Labels]):
    """As it is at the moment of reading; gone when what it is of is gone."""


@dataclass(frozen=True)
class Histogram(Metric[Labels]):
    """How many were at most so large, for each of some limits."""

    limits: tuple[float, ...]


AnyMetric = Counter[tuple[object, ...]] | Gauge[tuple[object, ...]] | Histogram[tuple[object, ...]]
_WORKER, _SERVE, _DELIVER, _ALL = (Part.WORKER,), (Part.SERVE,), (Part.DELIVER,), tuple(Part)
_SECONDS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
_RECOVERIES = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
_MANY = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0, 10000.0)

LAG_SECONDS = Gauge("lianfang_stage_lag_seconds", "Age of the oldest message that was fetched and is not committed; 0 when there is none.", OfInput, _WORKER)
LAG_MESSAGES = Gauge("lianfang_stage_lag_messages", "Messages on the topic, as of the last fetch, that are not committed.", OfInput, _WORKER)
MESSAGES = Counter("lianfang_stage_messages_total", "Messages by what became of them: applied, duplicate, rejected; all together were received.", OfVerdict,
                   _WORKER)  # fmt: skip
REJECTS = Counter("lianfang_stage_rejects_total", "Reasons for rejects by kind; one message may have several.", OfReason, _WORKER)
BATCH_MESSAGES = Histogram("lianfang_batch_messages", "Messages in a committed batch.", OfStage, _WORKER, _MANY)
COMPUTE_SECONDS = Histogram("lianfang_batch_compute_seconds", "Time that a batch is computed.", OfStage, _WORKER, _SECONDS)
COMMIT_SECONDS = Histogram("lianfang_batch_commit_seconds", "Time from a transaction's begin until its batch is in the store.", OfStage, _WORKER, _SECONDS)
FACTS = Counter("lianfang_stage_facts_total", "Facts written.", OfStage, _WORKER)
STATE_BYTES = Gauge("lianfang_state_bytes", "State on this machine: tables on disk and what waits in memory.", OfPartition, _WORKER)
STATE_ROWS = Gauge("lianfang_state_rows", "Rows of the state, as RocksDB estimates.", OfPartition, _WORKER)
RECOVERY_SECONDS = Histogram("lianfang_recovery_seconds", "Time that bringing a partition's state up to its changelog took.", OfStage, _WORKER, _RECOVERIES)
RECOVERY_ROWS = Counter("lianfang_recovery_rows_total", "Rows of changelogs that were read to recover state.", OfStage, _WORKER)
RECOVERY_LEFT = Gauge("lianfang_recovery_left_rows", "Offsets of the changelog that a recovery under way has still to read.", OfPartition, _WORKER)
PARTITIONS = Gauge("lianfang_stage_partitions", "Partitions of a stage that this worker reads.", OfStage, _WORKER)
REBALANCES = Counter("lianfang_rebalances_total", "Assignments of partitions that this worker was given.", OfStage, _WORKER)
REJOINS = Counter("lianfang_rejoins_total", "Times that a stage joined its group again after a failure.", OfFailure, _WORKER)
FENCED = Counter("lianfang_batches_fenced_total", "Batches that the broker refused: another worker has the partition, or the time was over.", OfStage, _WORKER)
HELD = Gauge("lianfang_inputs_held", "1 for each input that a stage has stopped reading, since it would refuse too much of it.", OfInput, _WORKER)
INTAKE_ANSWERS = Counter("lianfang_intake_answers_total", "Answers to publishers, by HTTP status.", OfCode, _SERVE)
INTAKE_ITEMS = Counter("lianfang_intake_items_total", "Items in requests that the broker acknowledged, by whether they were understood.", OfItem, _SERVE)
INTAKE_REFUSED = Counter("lianfang_intake_refused_total", "Items of which nothing was taken, by reason: not_collected.", OfRefusal, _SERVE)
INTAKE_SECONDS = Histogram("lianfang_intake_seconds", "Time from a request to its answer.", OfSource, _SERVE, _SECONDS)
INTAKE_WAITING = Gauge("lianfang_intake_waiting", "Requests that are being handled.", Alone, _SERVE)
DELIVERIES = Counter("lianfang_deliveries_total", "Attempts to deliver by answer: delivered, refused, or again.", OfAnswer, _DELIVER)
OUTSTANDING = Gauge("lianfang_deliveries_outstanding", "Releases that the receiver has not answered: under way, or still on the topic.", OfAgency, _DELIVER)
OUTSTANDING_SECONDS = Gauge("lianfang_deliveries_oldest_seconds", "Age of the oldest release under way that is not answered; 0 when there is none.", OfAgency,
                            _DELIVER)  # fmt: skip
DELIVERY_STOPPED = Gauge("lianfang_delivery_stopped", "1 when the delivery to an agency has ended by a failure.", OfAgency, _DELIVER)
PUBLISHER_WAITING = Gauge("lianfang_publisher_waiting", "Messages that were sent and are not acknowledged.", OfPart, _SERVE)
BROKER_SECONDS = Gauge("lianfang_broker_silent_seconds", "Time since the broker answered a question.", OfPart, _ALL)
READY = Gauge("lianfang_ready", "1 when the command is ready, as /ready says.", OfPart, _ALL)
DISK_FREE = Gauge("lianfang_disk_free_bytes", "Free space where the command keeps its files.", OfPart, _ALL)

METRICS: tuple[Metric[tuple[object, ...]], ...] = tuple(value for value in list(globals().values()) if isinstance(value, Metric))
"""All of them, in the order in which they stand above."""
