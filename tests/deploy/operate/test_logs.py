"""Logs: one record a line, in UTC, with stage and partition; of errors no text, of libraries no details."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from deploy.operate.logs import Json, Text
from streams.runtime.where import PARTITION, STAGE

NAME = "杨测试"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is logged as JSON."""
    stream, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Json())
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


def fails() -> None:
    """Raise an error whose text names somebody."""
    raise ValueError(NAME)


def read(lines: io.StringIO) -> list[dict[str, Any]]:
    """The documents, one a line."""
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_each_record_says_where(lines: io.StringIO) -> None:
    """Time in UTC, level, logger, stage, partition, message; stage and partition are those of the task that logs, and null outside of one."""
    async def task(stage: str, partition: int) -> None:
        STAGE.set(stage)
        PARTITION.set(partition)
        await asyncio.sleep(0)
        logging.getLogger("streams.x").warning("a batch of %d", 3)
        await asyncio.to_thread(logging.getLogger("streams.y").warning, "in a thread")

    async def both() -> None:
        await asyncio.gather(asyncio.create_task(task("contacts", 0)), asyncio.create_task(task("cases", 1)))

    asyncio.run(both())
    logging.getLogger("deploy.z").error("outside")
    found = read(lines)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", one["time"]) for one in found)
    assert {(one["level"], one["logger"], one["stage"], one["partition"], one["message"]) for one in found} == {
        ("WARNING", "streams.x", "contacts", 0, "a batch of 3"), ("WARNING", "streams.x", "cases", 1, "a batch of 3"),
        ("WARNING", "streams.y", "contacts", 0, "in a thread"), ("WARNING", "streams.y", "cases", 1, "in a thread"),
        ("ERROR", "deploy.z", None, None, "outside"),
    }  # fmt: skip


def test_errors_have_no_text(lines: io.StringIO) -> None:
    """Of an error kind and places, from the outside in; of a library's record what it fills in is left out, also where asyncio shows an error in a sentence."""
    try:
        fails()
    except ValueError:
        logging.getLogger("connectors.x").exception("it failed")
        logging.getLogger("kafka.x").exception("cannot send %s", NAME)

    async def forgotten() -> None:
        task = asyncio.create_task(asyncio.to_thread(fails))
        await asyncio.wait([task])

    asyncio.run(forgotten())
    found = read(lines)
    assert NAME not in lines.getvalue()
    assert found[0]["error"].startswith("ValueError at test_logs.py:")
    assert "fails" in found[0]["error"]
    assert (found[1]["message"], found[1]["error"][:10]) == ("cannot send %s", "ValueError")


def test_text_is_for_people() -> None:
    """The same in one line, with the error in a second."""
    record = logging.LogRecord("deploy.x", logging.ERROR, "", 0, "it failed", (), None)
    STAGE.set("cases")
    try:
        assert re.fullmatch(r"\S+Z ERROR deploy\.x stage cases: it failed", Text().format(record))
    finally:
        STAGE.set(None)


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_nobody_caught(form: str) -> None:
    """An error that ends the process or a thread is told by kind and places, and details of libraries at no level."""
    program = f"""
import logging, threading
from deploy.operate import logs
from schemas.settings import Settings
tell = logs.begin(Settings(log_format={form!r}, log_level="DEBUG"))
tell("ready")
logging.getLogger("kafka.x").warning("%s", {NAME!r})
logging.getLogger("streams.runtime.engine").error("crashed %s", {NAME!r})
logging.getLogger("streams.x").debug("fine")
def fails(): raise ValueError({NAME!r})
thread = threading.Thread(target=fails); thread.start(); thread.join()
fails()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert NAME not in said
    assert said.count("ended by what nobody foresaw") == 2
    assert all(word in said for word in ("ready", "fine", "crashed %s", "ValueError at"))
    if form == "json":
        assert [json.loads(line)["level"] for line in done.stderr.splitlines()] == ["INFO", "ERROR", "DEBUG", "CRITICAL", "CRITICAL"]
