"""`lianfang isolation`: who isolates, who was let go, one person, and orders beyond the plan."""

from __future__ import annotations

import json

import pytest

from deploy.docs.golden import examples
from schemas.models.case import Entry, What
from schemas.models.isolation import Isolation, MeasureBeyond
from schemas.models.record import Work
from schemas.models.task import Task
from streams.stage import Emit
from tests.deploy.cli.conftest import Filled, Run
from tests.deploy.fakes import entry
from tests.streams.routing.cases import case
from tests.streams.trial import token

ONE, GONE = (one for one in examples("Isolation") if isinstance(one, Isolation))
LIFTED = GONE.model_copy(update={"person": token("lifted")})
(TASK, *_) = (one for one in examples("Task") if isinstance(one, Task))
(BEYOND,) = (one for one in examples("MeasureBeyond") if isinstance(one, MeasureBeyond))


@pytest.fixture(autouse=True)
def _bus(filled: Filled) -> None:
    """Somebody who isolates, somebody who was let go, one that was taken back, and an order for too many days."""
    back = LIFTED.model_copy(update={"person": token("back")})
    emits = [Emit("isolation", one.person, one) for one in (GONE, ONE, LIFTED, back, back.taken_back())] + [Emit("measure.beyond", BEYOND.official, BEYOND)]
    lines = [Entry(at=at, until=at, what=what, source="s", note="by_phone", evidence=f"{at}", other="GW-7") for at, what in ((ONE.at, What.CARED), (ONE.at - 1, What.CARED), (ONE.at, What.ASKED))]
    emits += [Emit("case.linked", ONE.person, case(person=ONE.person, timeline=lines))]
    emits += [Emit("task", work, TASK.model_copy(update={"task": work, "person": ONE.person, "work": work})) for work in (Work.FOOD, Work.CHECK)]
    filled(*(entry(emit.topic, emit.value, key=emit.key, offset=number) for number, emit in enumerate(emits)))


def test_who_isolates_and_who_was_let_go(run: Run) -> None:
    """The last word on each person counts; in both languages, by the beginning of a key."""
    assert [Isolation.model_validate(one) for one in json.loads(run("isolation", "list", "--json").out)] == [ONE]
    assert [Isolation.model_validate(one) for one in json.loads(run("isolation", "list", "--lifted", "--json").out)] == [LIFTED]
    assert json.loads(run("isolation", "list", "--region", "41", "--json").out) == []
    text = run("isolation", "list").out
    assert all(word in text for word in ("1 isolating 隔离中", "contact 密切接触者", "第九版", ONE.person[:8], "530624100001"))
    assert ONE.person not in text
    assert "nobody yet" in run("isolation", "list", "--lifted").out


def test_one_person(run: Run) -> None:
    """With what it follows from; a beginning that several keys have, or none, says what to do."""
    said = json.loads(run("isolation", "show", ONE.person[:10], "--json").out)
    assert ([one["at"] for one in said.pop("visits")], [one["work"] for one in said.pop("services")]) == ([ONE.at], ["food"])
    assert Isolation.model_validate(said) == ONE
    text = run("isolation", "show", ONE.person).out
    assert all(said in text for said in (*ONE.causes, "GW-7", "电话联系", "生活物资配送"))
    told = run("isolation", "show", "nobody")
    assert told.code == 1
    assert "lianfang isolation list" in told.err


def test_orders_beyond_the_plan(run: Run) -> None:
    """By official, and not on whom."""
    assert [MeasureBeyond.model_validate(one) for one in json.loads(run("isolation", "beyond", "--region", "530624", "--json").out)] == [BEYOND]
    text = run("isolation", "beyond").out
    assert all(word in text for word in ("1 orders beyond the plan", "CDC-530624-01", "isolate_centrally 集中隔离"))
    assert json.loads(run("isolation", "beyond", "--region", "41", "--json").out) == []
