"""`lianfang notices`: what is told, in which words, and what was withdrawn."""

from __future__ import annotations

import json

import pytest

from deploy.docs.golden import examples
from schemas.models.notice import PublicNotice, ResidentNotice
from tests.deploy.cli.conftest import Filled, Run
from tests.deploy.fakes import entry

PLACE, LEVEL, GONE = (one for one in examples("PublicNotice") if isinstance(one, PublicNotice))
OPEN, LATE, GIVEN = (one for one in examples("ResidentNotice") if isinstance(one, ResidentNotice))


@pytest.fixture(autouse=True)
def _bus(filled: Filled) -> None:
    """A place, a level, an area that was withdrawn; three notices to a resident, one of which is late and one confirmed."""
    told = [("notice.public", one) for one in (PLACE, LEVEL, GONE.model_copy(update={"retracted": False}), GONE)] + [("notice", one) for one in (OPEN, LATE, GIVEN)]
    filled(*(entry(topic, one, key=one.notice, offset=number) for number, (topic, one) in enumerate(told)))


def _listed(run: Run, *words: str) -> list[str]:
    return [one["notice"] for one in json.loads(run("notices", "list", *words, "--json").out)]


def test_what_is_told(run: Run) -> None:
    """All that stands, by what it is about; of a region, of a kind, unconfirmed, or what was withdrawn."""
    assert _listed(run) == [one.notice for one in (OPEN, LEVEL, PLACE, LATE, GIVEN)]
    assert _listed(run, "--region", "530624") == [one.notice for one in (OPEN, PLACE, LATE)]
    assert _listed(run, "--kind", "level") == [LEVEL.notice]
    assert _listed(run, "--unconfirmed") == [OPEN.notice, LATE.notice]
    assert _listed(run, "--withdrawn") == [GONE.notice]


def test_the_table_names_nobody(run: Run) -> None:
    """Keys are short; who tells it, how far it is and who has to see to it are there."""
    text = run("notices", "list").out
    assert all(word in text for word in ("5 notices 通告与告知", "contact 密切接触者", "MKT-530624-01", "GW-0031", "overdue 逾期", "530624100", "given 已告知"))
    assert OPEN.person not in text


def test_one_in_both_languages(run: Run) -> None:
    """By the beginning of its name; of one that was withdrawn the words of the withdrawal."""
    text = run("notices", "show", PLACE.notice).out
    assert "涉疫公共场所提示" in text
    assert "at the market MKT-530624-01 in 530624100" in text
    assert json.loads(run("notices", "show", GONE.notice, "--json").out)["en"]["text"].endswith("is withdrawn; nobody has to report because of it.")


def test_one_that_is_not_one(run: Run) -> None:
    """The message says where names are."""
    told = run("notices", "show", "0")
    assert (told.code, "lianfang notices list --json" in told.err) == (1, True)


def test_a_text_before_it_is_used(run: Run) -> None:
    """Both languages, the fields with their classes, and the text of the withdrawal."""
    found = json.loads(run("notices", "preview", "place", "--json").out)
    assert found["fields"] == dict.fromkeys(("days", "place", "region", "since", "until"), "none")
    assert "[公共场所]" in found["zh"]["text"]
    assert "Whoever was at [public place] in [area]" in run("notices", "preview", "place").out
    assert json.loads(run("notices", "preview", "contact", "--json").out)["audience"] == "resident"
