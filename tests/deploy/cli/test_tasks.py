"""`lianfang tasks`: work lists, and reports that go in as a community's own system would send them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from connectors import registry
from deploy import work
from deploy.docs.golden import examples
from deploy.staff.proof import make
from schemas.document import load
from schemas.models.raw import Raw
from schemas.models.record import Handling, Remark, Report, Work
from schemas.models.task import Owner, Progress, Task
from schemas.tokens import Keys
from streams.normalise.interpret import interpret
from streams.stage import Emit
from tests.deploy.cli.conftest import Filled, Run
from tests.deploy.cli.people import Sent, publisher
from tests.deploy.fakes import entry
from tests.streams.trial import DAY, token

VISIT = next(one for one in examples("Task") if isinstance(one, Task))
LATE = VISIT.model_copy(update={"task": token("late"), "state": Progress.OVERDUE, "due": VISIT.due - DAY, "region": "530624100002"})
RECEIVE = next(one for one in examples("Task") if isinstance(one, Task) and one.work is Work.RECEIVE)
DONE = VISIT.model_copy(update={"task": token("done"), "state": Progress.DONE})
GONE = VISIT.model_copy(update={"task": token("gone")})


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What the commands write to the bus."""
    return publisher(monkeypatch)


@pytest.fixture(autouse=True)
def _bus(filled: Filled) -> None:
    """A bus with an open task, one that is late, one of a hospital, one that has ended and one that is gone."""
    values = [VISIT, LATE, RECEIVE, DONE, GONE, GONE.taken_back()]
    filled(*(entry("task", value, key=value.task, offset=number) for number, value in enumerate(values)))


def _listed(run: Run, *words: str) -> list[str]:
    return [one["task"] for one in json.loads(run("tasks", "list", *words, "--json").out)]


def test_what_is_due_first_comes_first(run: Run) -> None:
    """Open tasks by when they are due; what has ended is shown when it is asked for, last."""
    assert _listed(run) == [LATE.task, RECEIVE.task, VISIT.task]
    assert _listed(run, "--all") == [LATE.task, RECEIVE.task, VISIT.task, DONE.task]


@pytest.mark.parametrize(("words", "found"), [
    (("--worker", "GW-0031"), [LATE, VISIT]), (("--worker", "HOSP-530624-01"), []), (("--region", "530624100002"), [LATE]), (("--overdue",), [LATE]),
    (("--clinic", "HOSP-530624-01"), [RECEIVE]), (("--clinic", "CLIN-530624-11"), [RECEIVE]),
], ids=lambda part: " ".join(part) if isinstance(part, tuple) else "")  # fmt: skip
def test_lists_for_those_who_work(words: tuple[str, ...], found: list[Task], run: Run) -> None:
    """By grid worker, by region, by facility (what it has to do, and what it answers for until another accepts), and what is late."""
    assert _listed(run, *words) == [one.task for one in found]


def test_tables_speak_both_languages(run: Run) -> None:
    """List, one task and what is late, for people."""
    table = run("tasks", "list").out
    assert all(word in table for word in ("3 tasks 任务", "visit 入户走访", "overdue 逾期", "grid_worker 网格员 GW-0031", "HOSP-530624-01"))
    shown = run("tasks", "show", RECEIVE.task[:6]).out
    assert all(word in shown for word in ("receive 接诊", "referred 转诊", "CLIN-530624-11"))
    assert all(word in run("tasks", "late").out for word in ("530624100", "visit 入户走访"))


def test_late_by_region() -> None:
    """The most first, then by region and kind, with the oldest."""
    more = LATE.model_copy(update={"task": token("more"), "due": LATE.due - 5, "region": "530624100003"})
    other = LATE.model_copy(update={"region": None})
    assert work.late_by_region([VISIT, LATE, other, more], 9) == [("530624100", "visit", 2, more.due), ("", "visit", 1, LATE.due)]
    assert [one.tasks for one in work.late_by_region([LATE, more], 12)] == [1, 1]


def _reported(sent: Sent) -> Report:
    """What normalise makes of the only message that was sent."""
    ((topic, key, raw),) = sent.sent
    assert isinstance(raw, Raw)
    assert (topic, key) == ("raw.task-report", raw.record)
    source = registry.sources()[raw.source]
    (fact,) = [one.value for one in interpret(source, load(raw.body), raw.record, raw.version, Keys(bytes(32))) if isinstance(one, Emit)]
    assert isinstance(fact, Report)
    return fact


@pytest.mark.parametrize(("word", "handling"), [
    ("accept", Handling.ACCEPTED), ("done", Handling.DONE), ("skip", Handling.NOT_APPLICABLE), ("refuse", Handling.REFUSED),
])  # fmt: skip
def test_a_report_is_a_record_about_the_person(word: str, handling: Handling, run: Run, sent: Sent) -> None:
    """It names the person by the key of the task, and says which kind of task, what became of it, why, when, and for which facility."""
    told = run("tasks", word, RECEIVE.task[:8], "--by", "D-1", "--reason", "full", "--at", "2020-01-21T09:30")
    assert told.code == 0
    fact = _reported(sent)
    assert (fact.alias, fact.work, fact.handling, fact.remark) == (RECEIVE.person, Work.RECEIVE, handling, Remark.FULL)
    assert (fact.by, fact.place, fact.region, fact.at) == ("D-1", "HOSP-530624-01", RECEIVE.region, 1579570200000)


@pytest.mark.parametrize(("area", "code"), [("530624", 0), ("530628", 1)])
def test_work_is_of_an_area(area: str, code: int, run: Run, sent: Sent, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a register of staff whoever works in another county says nothing about a task here."""
    public = make(home / "key", "")
    (home / "staff.yaml").write_text(json.dumps({"staff": {"GW-0031": {"roles": ["worker"], "area": area, "key": public}}}))
    monkeypatch.setenv("LIANFANG_STAFF", str(home / "staff.yaml"))
    monkeypatch.setenv("LIANFANG_STAFF_KEY", str(home / "key"))
    told = run("tasks", "done", VISIT.task, "--by", "GW-0031")
    assert (told.code, len(sent.sent)) == (code, 1 - code)
    assert ("the area of GW-0031 is" in told.err) == (code == 1)


def test_hand_over(run: Run, sent: Sent) -> None:
    """It says who has it now; of a grid worker's task no facility is named, and the time is now."""
    assert run("tasks", "hand-over", VISIT.task, "--to", "gw-0032", "--by", "GW-0031").code == 0
    fact = _reported(sent)
    assert (fact.handling, fact.to, fact.place) == (Handling.HANDED_OVER, "GW-0032", None)
    assert fact.at > VISIT.opened


def test_said_twice_is_one_record() -> None:
    """The same report has the same number, another moment another."""
    one, same, other = (work.report(VISIT, Handling.DONE, "GW-0031", VISIT.opened + after) for after in (0, 0, 1000))
    assert one == same
    assert one["report_no"] != other["report_no"]


@pytest.mark.parametrize(("words", "said"), [
    (("show", "none"), "no tasks begin with none"), (("show", ""), "4 tasks begin with"), (("done", VISIT.task, "--by", "x", "--at", "2020-01-01T00:00"), "before the task opened"),
])  # fmt: skip
def test_what_cannot_be_meant_is_refused(words: tuple[str, ...], said: str, run: Run, sent: Sent) -> None:
    """Nothing is sent, and what to do is said."""
    told = run("tasks", *words)
    assert (told.code, sent.sent) == (1, [])
    assert said in told.err


def test_owners_of_examples() -> None:
    """The examples are of both sorts of owner, so that the lists above tell them apart."""
    assert {VISIT.owned_by, RECEIVE.owned_by} == {Owner.GRID_WORKER, Owner.FACILITY}


def test_the_record_says_who_did_what_in_time(run: Run) -> None:
    """Work that was done by its time, later, or not at all, by owner; what is not due yet or did not apply is nobody's, and a region looks at its own alone."""
    (mine,) = json.loads(run("tasks", "record", "--json").out)
    assert mine == {"owned_by": "grid_worker", "owner": VISIT.owner, "in_time": int(DONE.at <= DONE.due), "late": int(DONE.at > DONE.due), "overdue": 1}
    assert [one["overdue"] for one in json.loads(run("tasks", "record", "--region", "530624100002", "--json").out)] == [1]
    assert json.loads(run("tasks", "record", "--region", "5307", "--json").out) == []
    assert "履职记录" in run("tasks", "record").out


@pytest.mark.parametrize(("after", "kept"), [(-1, (1, 0, 0)), (0, (1, 0, 0)), (1, (0, 1, 0))])
def test_in_time_is_by_the_moment_it_was_due(after: int, kept: tuple[int, int, int]) -> None:
    """To the millisecond; the last moment is in time."""
    (found,) = work.record([DONE.model_copy(update={"at": DONE.due + after})])
    assert (found.in_time, found.late, found.overdue) == kept


def test_who_keeps_least_comes_first() -> None:
    """By the share in time; owners of one code and other kinds are told apart, and what did not apply counts nothing."""
    done, late = DONE.model_copy(update={"at": DONE.due}), LATE.model_copy(update={"owner": "GW-9"})
    skipped = done.model_copy(update={"state": Progress.NOT_APPLICABLE, "owner": "GW-8"})
    facility = done.model_copy(update={"owned_by": Owner.FACILITY})
    assert [(one.owner, one.owned_by, one.in_time) for one in work.record([done, skipped, facility, late])] == [
        ("GW-9", "grid_worker", 0), (DONE.owner, "grid_worker", 1), (DONE.owner, "facility", 1)]  # fmt: skip
