"""Nothing of a record comes into a log, a metric or the text of a reject: whole records through all tasks, good and spoiled, at the finest level of logs."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition

from connectors.envelope import Item, envelopes
from deploy.operate.logs import Json, Text
from deploy.simulation.outbreak import simulate
from schemas.brokers import Brokers
from schemas.codec import Codec
from schemas.measures import Measures
from schemas.models.raw import Reject
from schemas.settings import Settings
from schemas.topics import MODELS
from streams.runtime.engine import Fetched, Gate
from streams.runtime.store import Store
from streams.runtime.task import Shared, Task
from streams.runtime.turn import Turn
from streams.stage import Stage
from tests.oracle.facts import body
from tests.properties import bus
from tests.streams.runtime.test_task import Producer, Registry

MARK = "标记人"
"""In every field of a spoiled record."""
_ROUNDS = 3
"""Some stages read what later ones write."""
Message = tuple[bytes, bytes]


@pytest.fixture
def said() -> Iterator[tuple[io.StringIO, io.StringIO]]:
    """Everything that anybody logs, at every level, in both forms."""
    root, streams = logging.getLogger(), (io.StringIO(), io.StringIO())
    handlers = [logging.StreamHandler(stream) for stream in streams]
    before = root.level
    for handler, form in zip(handlers, (Text(), Json()), strict=True):
        handler.setFormatter(form)
        root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield streams
    root.setLevel(before)
    for handler in handlers:
        root.removeHandler(handler)


def records() -> list[tuple[str, dict[str, Any]]]:
    """An outbreak, and of each source three records that are spoiled: a mark in each field, in one of them no field missing, in one half of them."""
    good: list[tuple[str, Mapping[str, Any]]] = [(arrival.source, arrival.fields) for arrival in simulate(3, people=40, days=10).arrivals]
    first: dict[str, Mapping[str, Any]] = {}
    for source, fields in good:
        first.setdefault(source, fields)
    spoiled = []
    for source, fields in first.items():
        everywhere = {name: f"{value}{MARK}{number}" for number, (name, value) in enumerate(fields.items())}
        spoiled += [(source, everywhere), (source, dict(list(everywhere.items())[::2])), (source, {**fields, **dict(list(everywhere.items())[1::2])})]
    return [(source, dict(fields)) for source, fields in [*good, *spoiled]]


def values(sent: list[tuple[str, dict[str, Any]]]) -> set[str]:
    """What must not be found: every text of a record that is long enough to be told from words of ours, and names."""
    found = set()
    for _, fields in sent:
        for name, value in fields.items():
            text = str(value)
            if len(text) >= 8 or "name" in name.lower() or "姓名" in name:
                found.add(text)
    return {text for text in found if len(text) > 1} | {MARK}


class Run:
    """One task of each stage, each fed with what the others write."""

    def __init__(self, folder: Path) -> None:
        self.codec, self.measures = Codec(Registry(), MODELS), Measures()
        self.topics: dict[str, list[Message]] = defaultdict(list)
        self._folder = folder
        self._read: dict[tuple[str, str], int] = defaultdict(int)

    async def round(self) -> None:
        """Each stage reads all that is there."""
        for stage in bus.stages(bus.POLICY):
            await self._stage(replace(stage, refuses=1.0))

    async def _stage(self, stage: Stage) -> None:
        gate, producer = Gate(), Producer()
        settings = Settings(home=self._folder, batch_size=500)
        shared = Shared(stage, settings, Brokers(""), self.codec, gate, 1, Turn(), self._folder, _nowhere, lambda _: None, self.measures)
        task = Task(shared, 0, producer)
        task._store = Store(self._folder / stage.name)
        self.measures.look(lambda: task.look(lambda _: 0))
        task._inputs.place({TopicPartition(topic, 0): 0 for topic in stage.inputs})
        for topic in stage.inputs:
            begin = self._read[stage.name, topic]
            new = [SimpleNamespace(topic=topic, partition=0, offset=begin + at, key=key, value=value, timestamp=5) for at, (key, value) in enumerate(self.topics[topic][begin:])]
            self._read[stage.name, topic] += len(new)
            if new:
                task.offer(Fetched(1, new))
        while task._inputs.waiting:
            await task.batch()
        await task._settled()
        self.measures.text()
        await task.close()
        for one in producer.did:
            if isinstance(one, tuple) and not one[0].startswith("state."):
                self.topics[one[0]].append((one[2], one[3]))


async def _nowhere(_: Any) -> None:
    """Nothing to place."""


def test_nothing_of_a_record_is_told(tmp_path: Path, said: tuple[io.StringIO, io.StringIO]) -> None:
    """No value of any record is in a log, as text or JSON, nor in the metrics; and no reject says what it refuses."""
    sent, run = records(), Run(tmp_path)
    for source, fields in sent:
        for raw in envelopes(bus.sources()[source], Item(body(fields)), bus.KEYS):
            run.topics[f"raw.{source}"].append((raw.record.encode(), run.codec.encode(f"raw.{source}", raw)))
    run.topics["raw.scan-code"] += [(b"k", MARK.encode()), (b"k", f"\0{MARK}".encode())]

    async def go() -> None:
        for _ in range(_ROUNDS):
            await run.round()

    asyncio.run(go(), debug=True)
    rejects = [run.codec.decode(value) for _, value in run.topics["reject"]]
    problems = [reason.problem for one in rejects if isinstance(one, Reject) for reason in one.reasons]
    assert len(problems) > 20
    assert len(run.topics["case.linked"]) > 0
    assert [problem for problem in problems if MARK in problem] == []
    metrics = run.measures.text().decode()
    assert "lianfang_stage_rejects_total" in metrics
    text, documents = said[0].getvalue(), said[1].getvalue()
    assert all({"time", "level", "logger", "stage", "partition", "message"} <= json.loads(line).keys() for line in documents.splitlines())
    told = text + documents + metrics
    assert sorted(value for value in values(sent) if value in told) == []


def test_the_check_can_fail(said: tuple[io.StringIO, io.StringIO]) -> None:
    """A name that our code logs would be seen in both forms, and it is one of the values that are looked for."""
    sent = [("scan-code", {"name": "杨测试", "phone": "13800000001"})]
    logging.getLogger("streams.x").debug("%s", "杨测试")
    assert values(sent) == {"杨测试", "13800000001", MARK}
    assert all("杨测试" in stream.getvalue() for stream in said)


def test_labels_are_of_few_values(tmp_path: Path) -> None:
    """After garbage of every kind no label has a value but names of stages, topics and words of ours."""
    run = Run(tmp_path)
    run.topics["raw.scan-code"] += [(f"{MARK}{number}".encode(), f"{MARK}{number}".encode()) for number in range(300)]
    asyncio.run(run.round())
    told = run.measures.text().decode()
    assert 'lianfang_stage_rejects_total{reason="undecodable",stage="normalise",topic="raw.scan-code"} 300.0' in told
    assert set(re.findall(r'topic="([^"]*)"', told)) <= {topic for stage in bus.stages(bus.POLICY) for topic in stage.inputs}
