"""The load: equal seeds give equal files, everything is in it that a run needs, and every record is told once however often it is sent."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from schemas.models.identity import Judgement, Verdict
from tests.chaos.decisions import stand
from tests.chaos.load import DECISIONS, Load, records, write

SECRET = b"s" * 32
SOURCES = {"scan-code", "clinic-visit", "lab-result", "household", "entry-exit", "clockin", "travel", "border-crossing", "task-report"}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Load]:
    """A small load and its folder."""
    folder = tmp_path_factory.mktemp("load")
    return folder, write(folder, 3, 2_000, 100, SECRET)


def _lines(folder: Path) -> dict[str, list[str]]:
    return {str(path.relative_to(folder)): path.read_text("utf-8").splitlines() for path in sorted(folder.glob("*/*.jsonl"))}


def test_equal_seeds_write_equal_files(written: tuple[Path, Load], tmp_path: Path) -> None:
    """The same seed gives the same portions, byte for byte."""
    folder, load = written
    assert write(tmp_path, 3, 2_000, 100, SECRET) == load
    assert _lines(tmp_path) == _lines(folder)


def test_every_source_and_everything_twice_late_and_again(written: tuple[Path, Load]) -> None:
    """All sources send; some records come again, and the share that comes from the start once more is in the portions at the end."""
    folder, load = written
    sent = Counter((Path(name).stem, line) for name, lines in _lines(folder).items() if Path(name).name != DECISIONS for line in lines)
    assert {source for source, _ in sent} == SOURCES
    assert sent.total() == load.messages
    told = [source for source, _ in records(folder)]
    assert len(told) == len(sent)
    assert 2_000 <= len(told) == load.facts
    assert sent.total() - len(sent) > len(sent) // 20
    first, last = ({line for name, lines in _lines(folder).items() if name.startswith(portion) for line in lines} for portion in (load.portions[0], load.portions[-1]))
    assert first
    assert last <= {line for (_, line), count in sent.items() if count > 1}


def test_stewards_decide_both_ways_and_take_back(written: tuple[Path, Load]) -> None:
    """People are joined and parted by decisions, some of which are taken back again."""
    lines = [line for name, found in _lines(written[0]).items() if name.endswith(DECISIONS) for line in found]
    made = [Judgement.model_validate_json(line) for line in lines]
    assert {one.verdict for one in made} == set(Verdict)
    assert any(one.retracted for one in made)
    assert 0 < len(stand(made)) < len({one.id for one in made})
