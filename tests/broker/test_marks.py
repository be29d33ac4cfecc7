"""Marks in all that names a person, through every way in; then every byte that anything wrote is searched for them."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import psutil
import pytest
from kafka.admin import KafkaAdminClient

from connectors import registry
from deploy.demo.receiver import Receiver
from tests.broker.live import Live
from tests.broker.processes import Command
from tests.broker.test_operate import OFFER, county
from tests.leak.marked import Marks, bad, good

MAY_HOLD = {"deliver": {"name", "phone"}}
"""Where a mark may be found, by the beginning of a topic's name, and of what kind: agencies read names and phones where their files say so."""
SOURCES = ("scan-code", "clinic-visit", "lab-result", "household", "entry-exit", "clockin", "travel", "border-crossing", "task-report")
_NUMBERS = {".index", ".timeindex"}
"""Files of the broker that hold offsets and moments alone, ten megabytes each."""
_COMMANDS = (("cases", "list"), ("tasks", "list"), ("rejects", "list"), ("reconcile",), ("identity", "review", "list"), ("erase", "list"), ("topics",), ("settings",),
             ("vault", "status"), ("trace", "scan-code", "no-such"), ("cases", "show", "0123456789", "--by", "CDC-1", "--reason", "tracing"))  # fmt: skip


@pytest.mark.chaos
@pytest.mark.timeout(900)
def test_marks_are_nowhere(live: Live, home: Path, tmp_path: Path) -> None:
    """Good and bad records of every source over files and HTTP, commands that list and fail, a webhook that delivers, and a worker that is aborted.

    No mark is on a topic, in the broker's files, in a log, a metric, an answer, a group's name, a state, the vault or a temporary file, but where it may be; there
    the same search finds it.
    """
    marks, temporary = Marks(), tmp_path / "temporary"
    temporary.mkdir()
    more = {"LIANFANG_LOG_LEVEL": "DEBUG", "PYTHONFAULTHANDLER": "1", "TMPDIR": str(temporary)} | OFFER
    receiver = Receiver(b"right")
    try:
        worker, serve, deliver = running = [
            live.commands.start("worker", **more), live.commands.start("serve", "--port", "0", **more, LIANFANG_HTTP_MAX_BYTES="500000"),
            live.commands.start("deliver", "--agency", "daguan-county-cdc", **more | county(tmp_path, receiver, "right")),
        ]  # fmt: skip
        answers = [*_over_http(serve, marks), *_over_files(live, marks, tmp_path / "inputs", more)]
        live.settle(120)
        answers += [httpx.get(_url(one, "offers /metrics") + "/metrics", trust_env=False).content for one in running]
        assert [psutil.Process(one.pid).rlimit(psutil.RLIMIT_CORE) for one in running] == [(0, 0)] * 3
        worker.signal(signal.SIGABRT)
        assert worker.ends() == -signal.SIGABRT
        answers += [_ended(live.commands.start(*words, **more)) for words in _COMMANDS]
        assert [one.end() for one in (serve, deliver)] == [0, 0]
        assert "Fatal Python error: Aborted" in worker.said
        told = {f"answer {number}": text for number, text in enumerate(answers)} | {"groups": _groups(live)} | {f"log of {one.pid}": one.said.encode() for one in running}
        assert {name: found for name, text in told.items() if (found := marks.found(text))} == {}
        assert _in_files(live, home, tmp_path, marks) == MAY_HOLD
    finally:
        receiver.close()


def _over_http(server: Command, marks: Marks) -> Iterator[bytes]:
    """Bodies and headers of all answers; that a record's number is named in the address is the sender's doing, and told nowhere else."""
    with httpx.Client(base_url=_url(server, "Running on"), trust_env=False, timeout=90) as http:
        for source in SOURCES:
            one = registry.sources()[source]
            given = one.examples[0].given
            for body in [json.dumps(good(one, given, marks, 1)).encode(), *bad(one, given, marks)]:
                answer = http.post(f"/v1/sources/{source}/records?who={marks.mark('name')}", content=body, headers={"Content-Type": "application/json"})
                yield answer.content + str(answer.headers).encode()
        for path in (f"/v1/sources/{marks.mark('name')}/records", f"/{marks.mark('phone')}"):
            yield http.post(path, json={}).content


def _over_files(live: Live, marks: Marks, folder: Path, more: Mapping[str, str]) -> Iterator[bytes]:
    """What `publish` says of good and bad lines of some sources, one of each way of being identified."""
    folder.mkdir()
    for source in SOURCES[:3]:
        one = registry.sources()[source]
        given = one.examples[0].given
        file = folder / f"{source}.jsonl"
        file.write_bytes(b"\n".join([json.dumps(good(one, given, marks, 2), ensure_ascii=False).encode(), *bad(one, given, marks)]))
        yield _ended(live.commands.start("publish", source, str(file), **more))


def _ended(command: Command) -> bytes:
    """All that a command says until it ends."""
    command.ends()
    return command.said.encode()


def _url(command: Command, before: str) -> str:
    """The address that a command tells on the line in which it says some words."""
    command.says(before, 120)
    found = re.search(rf"{before}[^\n]*?(http://127\.0\.0\.1:\d+)", command.said)
    assert found, command.said
    return found[1]


def _groups(live: Live) -> bytes:
    """Names of all consumer groups, and who is in them."""
    admin = KafkaAdminClient(bootstrap_servers=live.bus.endpoints.brokers)
    try:
        names = [one["group_id"] for one in admin.list_groups()]
        return repr((names, admin.describe_groups(names))).encode()
    finally:
        admin.close()


def _in_files(live: Live, home: Path, folder: Path, marks: Marks) -> dict[str, set[str]]:
    """In the files of the broker by first words of topics, and in all others by their names, which kinds of marks; those that were published are not looked at."""
    found: dict[str, set[str]] = {}
    prefix = live.bus.settings.namespace
    for file in [*home.rglob("*"), *folder.rglob("*")]:
        if not file.is_file() or folder / "inputs" in file.parents or file.suffix in _NUMBERS:
            continue
        kinds = marks.found(file.read_bytes()) + marks.found(str(file).encode())
        topic = file.parent.name.removeprefix(prefix).split(".")[0] if file.parent.name.startswith(prefix) else str(file)
        if kinds:
            found.setdefault(topic, set()).update(kinds)
    return found
