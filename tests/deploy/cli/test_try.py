"""`lianfang try` carries records through the whole path without a broker."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from deploy.docs.shipped import shipped
from tests.deploy.cli.conftest import Run

SOURCES = [name for name, source in shipped().sources.items() if source.split is None]


@pytest.mark.parametrize("name", SOURCES)
def test_examples_of_every_source(name: str, run: Run, tmp_path: Path) -> None:
    """The examples of a source file run through: what it says it gives is written as records, what it says is refused is refused."""
    source = shipped().sources[name]
    file = tmp_path / "examples.jsonl"
    file.write_text("".join(json.dumps(one.given, ensure_ascii=False) + "\n" for one in source.examples), "utf-8")
    told = run("try", name, str(file), "--json")
    assert told.code == 0, told.err
    said = json.loads(told.out)
    assert said["records"] == len(source.examples)
    topics = [hop["topic"] for hop in said["hops"]]
    assert topics.count(f"record.{source.kind}") >= sum(one.gives is not None for one in source.examples)
    assert topics.count("reject") == sum(one.refuses is not None for one in source.examples)


def test_table_for_people(run: Run, tmp_path: Path) -> None:
    """A positive result becomes a confirmed case and releases, told in tables with the Chinese words and without a name."""
    file = tmp_path / "results.jsonl"
    given = shipped().sources["lab-result"].examples[0].given | {"name": "杨测试", "phone": "138 0000 0001"}
    file.write_text(json.dumps(given, ensure_ascii=False), "utf-8")
    told = run("try", "lab-result", str(file))
    assert (told.code, told.err) == (0, "")
    assert "1 linked cases" in told.out
    assert "confirmed 确诊" in told.out
    assert "releases" in told.out
    assert "杨测试" not in told.out
    assert "13800000001" not in told.out


def test_nothing_is_kept(run: Run, tmp_path: Path, home: Path) -> None:
    """`try` leaves nothing behind in the home."""
    file = tmp_path / "r.jsonl"
    file.write_text(json.dumps(shipped().sources["travel"].examples[0].given, ensure_ascii=False), "utf-8")
    before = sorted(home.rglob("*"))
    assert run("try", "travel", str(file)).code == 0
    assert sorted(home.rglob("*")) == before


def test_wrong_words(run: Run, tmp_path: Path) -> None:
    """A source that is not there is a problem with the names of those that are; a file that is not there is a wrong use."""
    file = tmp_path / "r.jsonl"
    file.write_text("{}")
    told = run("try", "nothing", str(file))
    assert (told.code, told.out) == (1, "")
    assert "sources are absence, border-crossing" in told.err
    assert run("try", "travel", str(tmp_path / "none.jsonl")).code == 2
