"""What of the engine is never used, since it loses, doubles or hangs in ways that nothing here could mend."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.tree import imported, modules, named, parsed

UNSAFE = {
    "group_by": "re-keying without the record's time, behind whose gaps nothing is committed (427, 553, R401)",
    "forward": "an output without the record's time (427)",
    "through": "a topic that nobody declared",
    "send_soon": "a buffer that is no barrier",
    "take": "all of a batch acknowledged when its body raises",
    "noack": "the next acknowledgement passes over it (189, 315, 527)",
    "Table": "a row written before its changelog (R340)",
    "GlobalTable": "updates that some workers miss (R716, 283)",
    "SetTable": "the same",
    "tumbling": "windows that end by the machine's clock (385, 193)",
    "hopping": "windows that end by the machine's clock (385, 193)",
    "Record": "a class that the message names",
    "timer": "work that no replay repeats",
    "crontab": "work that no replay repeats",
}
"""Names of Faust, and what each brings."""
SETTINGS = {"processing_guarantee", "isolated_partitions", "stream_publish_on_commit", "table_standby_replicas", "web_tables_enabled"}
"""Settings that are never touched: with their defaults, and without tables, what they would do does not happen."""


def test_one_module_knows_faust() -> None:
    """All others see an app that was made there, and records."""
    knowing = {path for path in modules("schemas", "streams", "connectors", "deploy") if any(name.partition(".")[0] == "faust" for name in imported(parsed(path)))}
    assert knowing == {Path("streams/runtime/engine.py")}


@pytest.mark.parametrize("path", [Path("streams/runtime/engine.py"), Path("streams/runtime/runner.py")], ids=str)
def test_nothing_unsafe_is_used(path: Path) -> None:
    """Neither the module that knows Faust nor the one that has its app names any of it."""
    tree = parsed(path)
    assert named(tree) & set(UNSAFE) == set()
    assert {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword)} & SETTINGS == set()


def test_the_check_can_fail() -> None:
    """It sees a call, and a setting."""
    tree = ast.parse("stream.group_by(x)\nApp(processing_guarantee='exactly_once')")
    assert named(tree) & set(UNSAFE) == {"group_by"}
    assert {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword)} & SETTINGS == {"processing_guarantee"}


def test_one_task_at_a_time() -> None:
    """The agent has no `concurrency`: messages of a partition are handled in order, by one task (261)."""
    words = {node.arg for path in modules("streams/runtime") for node in ast.walk(parsed(path)) if isinstance(node, ast.keyword)}
    assert "concurrency" not in words
    assert "web_enabled" in words, "and what is open to everybody by default is off"
