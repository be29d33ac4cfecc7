"""`lianfang border`: stays that are not known to have ended, and crossings by port."""

from __future__ import annotations

import json

import pytest

from schemas.models.case import What
from tests.deploy.cli.conftest import Filled, Run
from tests.deploy.fakes import entry
from tests.streams.tasks.cases import COMMUNITY, NOON, after, line, told
from tests.streams.trial import DAY

IN = line(What.STAY, place="PORT-RUILI", note="in", region=COMMUNITY)
ENTERED = line(What.ENTERED, place="PORT-RUILI", note="border_certificate", region=COMMUNITY)
OUT = line(What.STAY, 3, place="PATH-1", note="out", region="533102")


@pytest.fixture(autouse=True)
def _bus(filled: Filled) -> None:
    """One who is in and too long, one who is in by a passport, and one who went out again."""
    late = told(IN, ENTERED, person="1" * 32)
    passport = told(line(What.ENTERED, place="PORT-HEKOU", note="passport", region="532532"), person="2" * 32)
    gone = told(IN, ENTERED, OUT, person="3" * 32)
    task = after(7 * 24 + 1, IN, ENTERED, person="1" * 32)["overstay"]
    facts = [*(("case.linked", one.person, one) for one in (late, passport, gone)), ("task", task.task, task)]
    filled(*(entry(topic, fact, key=key, offset=number) for number, (topic, key, fact) in enumerate(facts)))


def test_who_is_in_the_country(run: Run) -> None:
    """By what is over first; with --over only those for whom somebody has to look."""
    found = json.loads(run("border", "list", "--json").out)
    assert [(one["person"][0], one["port"], one["until"] - NOON, one["task"]) for one in found] == [("1", "PORT-RUILI", 7 * DAY, "open"), ("2", "PORT-HEKOU", 30 * DAY, "")]
    assert [one["person"][0] for one in json.loads(run("border", "list", "--over", "--json").out)] == ["1"]
    assert [one["person"][0] for one in json.loads(run("border", "list", "--region", "5325", "--json").out)] == ["2"]
    text = run("border", "list").out
    assert all(word in text for word in ("2 stays 在境停留", "border_certificate 边民证", "2020-01-27 12:00", "open 待办"))


def test_crossings_by_port(run: Run) -> None:
    """Each way by itself."""
    found = {one["port"]: (one["in"], one["out"]) for one in json.loads(run("border", "ports", "--json").out)}
    assert found == {"PORT-RUILI": (2, 0), "PATH-1": (0, 1)}
