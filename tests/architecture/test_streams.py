"""The path is pure, and says nothing about persons."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import imported, modules, named, parsed

STREAMS = modules("streams")
STEPS = [path for path in STREAMS if not path.is_relative_to("streams/runtime")]
PERSONAL = {"record", "records", "value", "values", "fact", "facts", "message", "messages", "raw", "emit", "emits", "batch", "body", "key", "fields", "person", "alias"}
METHODS = {"debug", "info", "warning", "error", "critical", "exception", "log"}


def logged(tree: ast.AST) -> Iterator[ast.Call]:
    """Calls of a logger."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
            owner = node.func.value
            if isinstance(owner, ast.Name) and owner.id in {"log", "logger", "logging", "_log", "_LOG"}:
                yield node


@pytest.mark.parametrize("path", STEPS, ids=str)
def test_steps_are_pure(path: Path) -> None:
    """No step reads a clock, draws, waits, logs, opens files by itself, or knows Kafka: its result is a function of message and state."""
    outside = {"time", "random", "secrets", "logging", "asyncio", "threading", "os", "socket", "subprocess", "kafka", "aiokafka", "faust", "httpx"}
    assert {name.partition(".")[0] for name in imported(parsed(path))} & outside == set()
    drawn = {node.attr for node in ast.walk(parsed(path)) if isinstance(node, ast.Attribute)} & {"now", "utcnow", "today", "uuid1", "uuid4", "urandom"}
    assert drawn == set()


@pytest.mark.parametrize("path", STREAMS, ids=str)
def test_nothing_is_printed(path: Path) -> None:
    """Nothing on the path prints."""
    assert "print" not in named(parsed(path))


def test_logs_say_no_values() -> None:
    """A line of a log is a fixed text with names of stages, numbers and kinds of errors; nothing in it is taken from a message."""
    calls = [(path, call) for path in STREAMS for call in logged(parsed(path))]
    assert calls, "the runtime logs; if it does no longer, this test is to go"
    for path, call in calls:
        text, *arguments = call.args
        assert isinstance(text, ast.Constant), f"{path}:{call.lineno} logs a text that is put together"
        for argument in arguments:
            assert not named(argument) & PERSONAL, f"{path}:{call.lineno} logs something of a message"


@pytest.mark.parametrize(("line", "caught"), [
    ("log.warning('x %s', record)", True), ("log.info(f'{record}')", True), ("log.error('x %s', message.value)", True), ("log.warning('x %s', stage.name)", False),
])  # fmt: skip
def test_the_check_of_logs_can_fail(line: str, caught: bool) -> None:
    """The check above sees a value in a log, put together or passed."""
    (call,) = logged(ast.parse(line))
    text, *arguments = call.args
    assert (not isinstance(text, ast.Constant) or any(named(one) & PERSONAL for one in arguments)) == caught
