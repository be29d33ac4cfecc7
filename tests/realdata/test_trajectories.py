"""The published files in memory, where they are; elsewhere these tests are skipped and say so."""

from __future__ import annotations

import pytest

from tests.realdata import memory
from tests.realdata.answer import Answer
from tests.realdata.compare import differences, merged, records
from tests.realdata.data import Files, NoData, find


@pytest.fixture(scope="module")
def files() -> Files:
    """The published files, or the reason to skip."""
    try:
        return find()
    except NoData as why:
        pytest.skip(str(why))


@pytest.fixture(scope="module")
def cases(files: Files) -> Answer:
    """The province that is published in both forms, from its cases."""
    return memory.answer("trajectory", files.shared())


@pytest.fixture(scope="module")
def rows(files: Files) -> Answer:
    """The same province, from its rows."""
    return memory.answer("trajectory-csv", files.rows)


def test_steps_are_the_same_in_both_forms(files: Files) -> None:
    """Every step says the same through both connectors, word for word and in all that is read from it."""
    assert records("trajectory", files.shared()) == records("trajectory-csv", files.rows)


def test_views_are_the_same_in_both_forms(files: Files, cases: Answer, rows: Answer) -> None:
    """Both connectors give the same linked cases, contacts included, but for people whom the columns of a row do not tell apart."""
    assert differences(cases, rows, merged(files.rows)) == []


def test_nothing_is_lost(cases: Answer, rows: Answer) -> None:
    """Every record is applied, a duplicate, or refused with its reasons."""
    assert cases.problems + rows.problems == []
