"""Carrying what stands from a bus onto the one beside it, whose tokens are under one secret more.

The changelog of normalise is read where it was stopped, as the broker remembers it; each row is renamed and written under the renamed record. A kill at any
instant leaves some rows to be written twice, which changes nothing. What people decided is compared and completed, so it can be repeated too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError
from pydantic import BaseModel

from connectors.publish import Publisher
from connectors.reader import Entry, Reader
from deploy.admin import Refused
from deploy.bus import Bus
from deploy.everywhere import counting
from deploy.linkage.decide import KEY
from deploy.rotation import COPIED, NotRenewed, Rotations, renamed, rotations
from schemas.models.identity import Judgement
from schemas.models.rotation import Carried, RotationApproval, RotationProposal
from schemas.renewal import after
from schemas.settings import Settings
from schemas.signing import Signatures
from streams.normalise.renewal import Renewal
from streams.normalise.stage import VERSION
from streams.runtime.version import VERSION as STAMP
from streams.runtime.version import stamp
from streams.standing import standing

GROUP = "lianfang.carry"
"""Of the consumer whose place the broker remembers."""
_CHANGELOG, _ROWS = "state.normalise", 1
"""The changelog, and the number of the table of records in it."""
_MOST = 2_000
"""Rows that are renamed and written before the place is remembered."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: rows carried by this command, and messages of the changelog that are left to read."""

    carried: int
    left: int


def beside(bus: Bus, role: str) -> Bus:
    """The bus onto which this one is carried, in a role. Raises NotRenewed for a drill."""
    settings = bus.settings
    if settings.drill:
        raise NotRenewed("a drill has a secret of its own, and ends: `lianfang drill end`")
    return Bus(Settings(**settings.model_dump() | {"namespace": after(settings.namespace)}), role)


def decided(reader: Reader, signatures: Signatures) -> Rotations:
    """What is decided by the topics; of what is not signed by who may, nothing counts."""
    proposals = counting(reader, signatures, "rotation.proposal", RotationProposal)
    return rotations(proposals, counting(reader, signatures, "rotation.approval", RotationApproval))


def carry(bus: Bus, now: Bus, again: bool = False) -> Iterator[Progress]:
    """Carry the rows that were written since this was last asked, or all `again`, up to the end that the changelog has when this begins.

    Raises NotRenewed when the state is of another program, and what the broker refuses as Refused, CannotPublish.
    """
    renewal = Renewal(bus.sources, bus.settings.keys, now.settings.keys)
    mark = stamp(bus.stages[0])
    with _following(bus) as consumer, closing(now.publisher()) as publisher:
        parts = [TopicPartition(bus.settings.namespace + _CHANGELOG, number) for number in range(bus.topics[_CHANGELOG].partitions or 1)]
        consumer.assign(parts)
        ends = consumer.end_offsets(parts)
        if again:
            consumer.seek_to_beginning(*parts)
        carried = 0
        while left := sum(max(0, ends[part] - consumer.position(part)) for part in parts):
            yield Progress(carried, left)
            records = [record for found in consumer.poll(timeout_ms=200, max_records=_MOST).values() for record in found]
            if any(record.key == STAMP and record.value != mark for record in records):
                raise NotRenewed("the state of normalise was written by another version of the program: let workers of this version run on the bus first")
            carried += _written(renewal, publisher, [record.value for record in records if record.key[0] == _ROWS and record.value])
            if records:
                consumer.commit()
        yield Progress(carried, 0)


def _written(renewal: Renewal, publisher: Publisher, rows: list[bytes]) -> int:
    """Write rows, renamed; how many, when the broker has them."""
    renewal.foresee(rows)
    found = [one for row in rows if (one := renewal(row))]
    for record, row in found:
        publisher.send("carried", record, Carried(record=record, form=VERSION, row=row))
    publisher.settle()
    return len(found)


@contextmanager
def _following(bus: Bus) -> Iterator[KafkaConsumer]:
    """A consumer whose place is remembered; raises Refused for what the broker refuses."""
    try:
        consumer = KafkaConsumer(**bus.brokers.options(), isolation_level="read_committed", enable_auto_commit=False, auto_offset_reset="earliest",
                                 group_id=bus.settings.namespace + GROUP, bootstrap_timeout_ms=10_000)  # fmt: skip
    except KafkaError as error:
        raise Refused(f"no broker at {bus.brokers} ({type(error).__name__}): `lianfang status` tells what runs") from error
    try:
        yield consumer
    except KafkaError as error:
        raise Refused(f"the broker at {bus.brokers} refused ({type(error).__name__}): may this principal read {_CHANGELOG}? `lianfang acls plan`") from error
    finally:
        consumer.close()


def left(bus: Bus) -> int:
    """Messages of the changelog that were not carried yet."""
    with _following(bus) as consumer:
        parts = [TopicPartition(bus.settings.namespace + _CHANGELOG, number) for number in range(bus.topics[_CHANGELOG].partitions or 1)]
        ends, begins = consumer.end_offsets(parts), consumer.beginning_offsets(parts)
        return sum(max(0, ends[part] - max(consumer.committed(part) or 0, begins[part])) for part in parts)


def tell(bus: Bus, now: Bus, writer: Callable[[str], Publisher]) -> int:
    """Say on the bus beside what people and clocks said on this one and it does not hold yet; how many messages. `writer` gives a publisher by topic."""
    with closing(bus.reader()) as reader, closing(now.reader()) as there:
        missing = [(topic, entry) for topic in COPIED for entry in _missing(list(reader.read(topic)), list(there.read(topic)))]
        sent = [(topic, entry.key, entry.value, entry.partition) for topic, entry in missing if entry.value is not None]
        if not bus.settings.staff:  # else nobody signed them under the tokens of now, and they would be refused there
            sent += [("identity.decision", KEY.format(one), one, 0) for one in _decisions(reader, there, now.settings.keys.renewed)]
    for topic in dict.fromkeys(topic for topic, *_ in sent):
        with closing(writer(topic)) as publisher:
            for name, key, value, partition in sent:
                if name == topic:
                    publisher.send(topic, key, value, partition)
            publisher.settle()
    return len(sent)


def _missing(entries: list[Entry], there: list[Entry]) -> list[Entry]:
    """Those messages that are not on the same partition there, in their order."""
    known = {(entry.partition, entry.key, _said(entry.value)) for entry in there}
    return [entry for entry in entries if (entry.partition, entry.key, _said(entry.value)) not in known]


def _said(value: BaseModel | None) -> str:
    return "" if value is None else value.model_dump_json()


def _decisions(reader: Reader, there: Reader, called: Callable[[str], str]) -> list[Judgement]:
    """The decisions that are to be told: those that stand here and were never told there, and the ends of those that stand there and no more here."""
    here, told = list(_judgements(reader)), list(_judgements(there))
    stand, stand_there = ({one.id for one in _stand(found)} for found in (here, told))
    renamed_here = {renamed(one, called).id: one for one in here if not one.retracted}
    missing = [renamed(one, called) for one in _stand(here) if renamed(one, called).id not in {each.id for each in told}]
    over = [renamed(one, called).taken_back() for name, one in renamed_here.items() if name in stand_there and one.id not in stand]
    return [*missing, *over]


def _judgements(reader: Reader) -> Iterator[Judgement]:
    return (entry.value for entry in reader.read("identity.decision") if isinstance(entry.value, Judgement))


def _stand(found: list[Judgement]) -> list[Judgement]:
    return [one for one in standing("identity.decision", ((one.id, one) for one in found)).values() if isinstance(one, Judgement)]
