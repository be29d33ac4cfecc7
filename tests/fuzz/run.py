"""Many inputs, and an account of every one."""

from __future__ import annotations

import resource
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from connectors.envelope import envelopes
from connectors.transports import files
from connectors.transports.http import Intake
from schemas.models.raw import Raw, Reason
from schemas.source import Source
from streams.normalise.interpret import Interpreter
from tests.connectors.sources.cases import case, rows, step
from tests.connectors.transports.serving import Broker
from tests.fuzz.mutate import Document, Input, Wire, made
from tests.fuzz.path import through
from tests.properties import bus

SECONDS, MEGABYTES = 5.0, 400
"""What one input may take at most, in seconds of computing, and all together in memory beyond what the program has at its beginning."""
TOGETHER = 250
"""Inputs that go through the path together."""
_ENDINGS = {Wire.LINES: ".jsonl", Wire.ARRAY: ".json", Wire.TABLE: ".csv"}


@dataclass(slots=True)
class Account:
    """What became of the inputs, by wire and outcome, and of their records; and the slowest input with its seconds."""

    inputs: Counter[str] = field(default_factory=Counter)
    records: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, int] = (0.0, -1)


class Failed(AssertionError):
    """An input ended as none may; the message says how to try it again."""


def good() -> list[tuple[str, Document]]:
    """The examples of all sources; and of those that make several records of an item, whole items, for their examples are single records."""
    published = case(step("1月26日", "1月26日, 10时许到虚构市人民医院就诊", places=["武汉", "虚构市人民医院"], summary="就诊"), step("1月28日"))
    together = rows(published)
    items: list[tuple[str, Document]] = [("trajectory", published), ("trajectory-csv", together), *(("trajectory-csv", row) for row in together["rows"])]
    return [*((source.name, example.given) for source in bus.sources().values() for example in source.examples), *items * 3]


async def fuzz(seed: int, numbers: Sequence[int], account: Account | None = None) -> Account:
    """Try the inputs of these numbers; raises Failed."""
    account = account or Account()
    broker, seeds = Broker(), good()
    interpreters = {name: Interpreter(source, bus.KEYS) for name, source in bus.sources().items()}

    def meaning(source: Source, fields: Mapping[str, Any]) -> Sequence[Reason]:
        return interpreters[source.name](fields, "", 0)[1]

    intake = Intake(bus.sources(), bus.KEYS, broker.connect, meaning, token=None, max_waiting=8)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tempfile.TemporaryDirectory() as folder:
        async with TestClient(TestServer(intake.app(2**20))) as client:
            for start in range(0, len(numbers), TOGETHER):
                some = numbers[start : start + TOGETHER]
                sent = [await _tried(seed, number, made(seed, number, seeds), client, broker, Path(folder), account) for number in some]
                _account(seed, sent, account)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    if grown > MEGABYTES:
        raise Failed(f"seed {seed}: memory grew by {grown} MB")
    return account


@dataclass(frozen=True, slots=True)
class _Sent:
    """One input, the raw messages that came of it, and of HTTP the answer; status 0 stands for a file."""

    number: int
    wire: Wire
    raws: list[Raw]
    status: int = 0
    items: list[dict[str, Any]] = field(default_factory=list)


async def _tried(seed: int, number: int, one: Input, client: TestClient[Any, Any], broker: Broker, folder: Path, account: Account) -> _Sent:
    """Send one input; raises Failed when a connector fails on it or takes too long."""
    began = time.process_time()
    try:
        if one.wire is Wire.POST:
            broker.batches.clear()
            async with client.post(f"/v1/sources/{one.source}/records", data=one.data, headers=one.headers) as response:
                found = _Sent(number, one.wire, *await _answered(response, broker))
        else:
            path = folder / f"file{_ENDINGS[one.wire]}"
            path.write_bytes(one.data)
            source = bus.sources()[one.source]
            found = _Sent(number, one.wire, [raw for item in files.items(path, source) for raw in envelopes(source, item, bus.KEYS)])
    except Exception as error:
        raise Failed(f"{_again(seed, number)}: {type(error).__name__}: {error}") from error
    seconds = time.process_time() - began
    account.slowest = max(account.slowest, (seconds, number))
    if seconds > SECONDS:
        raise Failed(f"{_again(seed, number)}: {seconds:.1f} seconds")
    return found


async def _answered(response: ClientResponse, broker: Broker) -> tuple[list[Raw], int, list[dict[str, Any]]]:
    answer = await response.json()
    taken = response.status in (202, 422)
    assert taken or (400 <= response.status < 500 and answer["problem"]), f"answered {response.status}"
    assert taken or not broker.held, "refused, and published all the same"
    return broker.held, response.status, answer["items"] if taken else []


def _account(seed: int, sent: Sequence[_Sent], account: Account) -> None:
    """Send what came through the path, and count what became of it; raises Failed."""
    raws = [raw for one in sent for raw in one.raws]
    try:
        became = through(raws)
    except Exception as error:
        if len(sent) == 1:
            raise Failed(f"{_again(seed, sent[0].number)}: {type(error).__name__}: {error}") from error
        for one in sent:
            _account(seed, [one], account)
        raise Failed(f"seed {seed}, inputs {sent[0].number} to {sent[-1].number} together: {type(error).__name__}: {error}") from error
    at = 0
    for one in sent:
        refused = [number in became.refused for number in range(at, at + len(one.raws))]
        conflicts = sum(number in became.conflicts for number in range(at, at + len(one.raws)))
        at += len(one.raws)
        account.records.update(accepted=len(refused) - sum(refused) - conflicts, rejected=sum(refused), conflicts=conflicts)
        account.inputs[f"{one.wire}: {_outcome(one, refused)}"] += 1
        if one.status:
            _agrees(seed, one, refused)


def _outcome(one: _Sent, refused: Sequence[bool]) -> str:
    if not one.raws:
        return "refused" if one.status else "holds nothing"
    return "rejected" if all(refused) else "accepted in part" if any(refused) else "accepted"


def _agrees(seed: int, one: _Sent, refused: Iterable[bool]) -> None:
    """What the answer calls accepted is accepted, and what it names problems of is rejected, record for record."""
    verdicts = iter(refused)
    for item in one.items:
        mine = [next(verdicts) for _ in item["records"]]
        if item["accepted"] == any(mine) or bool(item["problems"]) == item["accepted"]:
            raise Failed(f"{_again(seed, one.number)}: item {item['item']} was answered {item['problems'] or 'accepted'}, and normalise {'refused' if any(mine) else 'took'} it")


def _again(seed: int, number: int) -> str:
    return f"python -m tests.fuzz --seed {seed} --only {number}"
