"""`lianfang scenario`: what can be seen without a broker; `tests/broker/test_scenario.py` plays one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from deploy.cli.scenario import SHIPPED
from tests.deploy.cli.conftest import Run


def test_the_shipped_stories_are_listed(run: Run) -> None:
    """Each with its title in both languages."""
    told = json.loads(run("scenario", "list", "--json").out)
    assert [one["name"] for one in told] == sorted(path.stem for path in SHIPPED.glob("*.yaml"))
    assert all(one["title"] and one["title_zh"] and one["steps"] for one in told)
    assert "row_06_returnee" in run("scenario", "list").out


def test_a_story_is_shown_step_by_step(run: Run) -> None:
    """What is sent in each step stands behind it."""
    told = run("scenario", "show", "row_06_returnee").out
    assert "1. " in told
    assert "travel" in told


@pytest.mark.parametrize(("text", "says"), [(None, "there is no story"), ("title: x\n", "is no story"), ("a: [", "is no story"), ("\xff", "is no story")])
def test_what_is_no_story_is_said(text: str | None, says: str, run: Run, tmp_path: Path) -> None:
    """A missing file, one that lacks what a story has, and one that is no YAML end with what is wrong; nothing is started."""
    path = tmp_path / "mine.yaml"
    if text is not None:
        path.write_text(text, "latin-1")
    for words in ("show", "run"):
        told = run("scenario", words, str(path))
        assert (told.code, told.out) == (1, "")
        assert says in told.err
