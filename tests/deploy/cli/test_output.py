"""What commands print."""

from __future__ import annotations

import json

import pytest

from deploy.cli.output import document, expected, local, progress, short, show, table


def test_table(capsys: pytest.CaptureFixture[str]) -> None:
    """A table has its title, columns and cells as they are, marks and all; None is an empty cell."""
    table("Title [bold]", ("a", "b"), [("[red]x", None), (1, "中文")])
    out = capsys.readouterr().out
    assert all(word in out for word in ("Title [bold]", "[red]x", "中文"))
    assert "None" not in out


def test_empty_table(capsys: pytest.CaptureFixture[str]) -> None:
    """A table without rows is its title alone."""
    table("Nothing", ("column",), [])
    assert capsys.readouterr().out == "\nNothing\n"


def test_document(capsys: pytest.CaptureFixture[str]) -> None:
    """JSON is one document with Chinese as it is; progress goes to stderr and does not disturb it."""
    progress("working")
    document({"名": ["中", 1]})
    said = capsys.readouterr()
    assert json.loads(said.out) == {"名": ["中", 1]}
    assert "中" in said.out
    assert said.err == "… working\n"


def test_show(capsys: pytest.CaptureFixture[str]) -> None:
    """For programs the JSON and nothing else, for people the table and nothing else."""
    show(True, [1], lambda: print("people"))
    assert json.loads(capsys.readouterr().out) == [1]
    show(False, [1], lambda: print("people"))
    assert capsys.readouterr().out == "people\n"


def test_times_and_keys() -> None:
    """Moments are told in China Standard Time, keys by their first eight digits."""
    assert local(1579656600000) == "2020-01-22 09:30"
    assert local(None) == ""
    for beyond in (10**15, -(10**15), 10**30):
        assert local(beyond) == f"{beyond} ms after 1970"
    assert short("0123456789abcdef") == "01234567"


def test_expected_errors_have_docs() -> None:
    """Each error whose message is told to people says so in its own words, or is one of Python's."""
    assert [kind.__name__ for kind in expected() if not kind.__doc__] == []
