"""What names a person is nowhere on the broker or on a worker's disk in clear, but on the topics of agencies; and without the key it is nowhere at all."""

from __future__ import annotations

from collections.abc import Iterator

from kafka import KafkaConsumer, TopicPartition

from schemas.models.case import LinkedCase
from schemas.models.identity import Mention
from schemas.models.raw import Raw
from schemas.models.record import Record
from schemas.raws import ERASED, generations
from tests.broker.live import Live
from tests.broker.people import positive, scan

NAME, PHONE, ACCOUNT = "欧阳标记", "13977700007", "ox-marked-7"
MARKS = [NAME.encode(), PHONE.encode(), ACCOUNT.encode()]


def test_raw_topics_name_nobody(live: Live) -> None:
    """A marked person goes through all stages: no byte of the marks is on any topic but those of agencies, in any changelog, in RocksDB or in the vault.

    The same search finds them where agencies read, and the vault opens every seal. When the person's keys are destroyed no seal of the person opens, and others do.
    """
    worker = live.commands.worker()
    live.publish("scan-code", [scan(1, 1, phone=PHONE, name=NAME, openid=ACCOUNT), scan(2, 2)])
    live.publish("lab-result", [positive(1, 1, phone=PHONE, name=NAME)])
    live.settle()
    found = {topic for topic, data in _bytes(live) if any(mark in data for mark in MARKS)}
    assert found
    assert {topic.partition(".")[0] for topic in found} == {"deliver"}
    assert opened(live, NAME) > 5
    assert worker.end() == 0
    for file in live.bus.settings.home.rglob("*"):
        if file.is_file() and file.suffix != ".jsonl":
            assert not [mark for mark in MARKS if mark in file.read_bytes()], file
    vault = live.bus.settings.keys.vault
    raws = [entry.value for entry in live.entries("raw.scan-code") if isinstance(entry.value, Raw)]
    marked = [alias for raw in raws if NAME.encode() in raw.body for alias in generations(raw)]
    marked += [alias for entry in live.entries("raw.lab-result") if isinstance(entry.value, Raw) for alias in generations(entry.value)]
    others = opened(live, "杨测试")
    assert vault.destroy(vault.close(marked)) == len(set(marked))
    assert (opened(live, NAME), opened(live, "杨测试")) == (0, others)
    after = [entry.value for entry in live.entries("raw.scan-code") if isinstance(entry.value, Raw)]
    assert [(raw.fault, raw.body) for raw in after if set(generations(raw)) & set(marked)] == [(ERASED, b"")]


def opened(live: Live, name: str) -> int:
    """How many seals and bodies of all that stages and connectors wrote open to this name."""
    keys, count = live.bus.settings.keys, 0
    topics = [topic for topic in live.bus.topics if topic.startswith(("raw.", "record.")) or topic in ("identity.mention", "case.linked")]
    for entry in (entry for topic in topics for entry in live.entries(topic)):
        value = entry.value
        seals = [(one.alias, one.data) for one in value.sealed] if isinstance(value, LinkedCase) else []
        seals += [(value.alias, value.sealed)] if isinstance(value, Mention | Record) else []
        count += sum(keys.open(alias, sealed).get("name") == name for alias, sealed in seals)
        count += isinstance(value, Raw) and name.encode() in value.body
    return count


def _bytes(live: Live) -> Iterator[tuple[str, bytes]]:
    """Key and value of each message that any reader gets from the broker, with its topic."""
    bus = live.bus
    consumer = KafkaConsumer(bootstrap_servers=bus.endpoints.brokers.split(","), enable_auto_commit=False, auto_offset_reset="earliest", group_id=None)
    try:
        for topic in bus.topics:
            name = bus.settings.namespace + topic
            parts = [TopicPartition(name, number) for number in consumer.partitions_for_topic(name)]
            consumer.assign(parts)
            consumer.seek_to_beginning(*parts)
            ends = consumer.end_offsets(parts)
            while any(consumer.position(part) < ends[part] for part in parts):
                for records in consumer.poll(timeout_ms=200).values():
                    yield from ((topic, (record.key or b"") + b"\0" + (record.value or b"")) for record in records)
    finally:
        consumer.close()
