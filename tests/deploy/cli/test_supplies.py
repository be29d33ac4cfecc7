"""`lianfang supplies`: what runs out, what to send where, and how far it is, as a depot's own system would say it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from connectors import registry
from deploy.docs.golden import examples
from schemas.document import load
from schemas.models.fact import Fact
from schemas.models.raw import Raw
from schemas.models.record import DispatchReport, DispatchStep
from schemas.models.supply import Dispatch, Supply
from schemas.tokens import Keys
from streams.normalise.interpret import interpret
from streams.stage import Emit
from tests.deploy.cli.conftest import Filled, Run
from tests.deploy.cli.people import Sent, publisher
from tests.deploy.fakes import entry

LOW, DEPOT, GOWNS = (one for one in examples("Supply") if isinstance(one, Supply))
SENT, PROPOSED = (one for one in examples("Dispatch") if isinstance(one, Dispatch))
ACCEPTED = PROPOSED.model_copy(update={"number": "D-81", "step": DispatchStep.ACCEPTED})
GONE = PROPOSED.model_copy(update={"number": "X-1"})


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What the commands write to the bus."""
    return publisher(monkeypatch)


@pytest.fixture(autouse=True)
def _bus(filled: Filled) -> None:
    """A clinic that is low, a depot, a hospital without gowns; dispatches on every step, and one that was taken back."""
    stands: list[tuple[str, str, Fact]] = [("supply", f"{one.place} {one.item}", one) for one in (LOW, DEPOT, GOWNS)]
    stands += [("dispatch", f"{one.number} {one.item}", one) for one in (SENT, PROPOSED, ACCEPTED, GONE, GONE.taken_back())]
    filled(*(entry(topic, one, key=key, offset=number) for number, (topic, key, one) in enumerate(stands)))


def _reports(sent: Sent) -> list[DispatchReport]:
    """What normalise makes of what was sent."""
    source, found = registry.sources()["dispatch-report"], []
    for _, key, raw in sent.sent:
        assert isinstance(raw, Raw)
        (emit,) = interpret(source, load(raw.body), key, raw.version, Keys(bytes(32)))
        assert isinstance(emit, Emit)
        assert isinstance(emit.value, DispatchReport)
        found.append(emit.value)
    return found


def test_what_runs_out_first_comes_first(run: Run) -> None:
    """What is gone, what has the least cover, and last where nothing is used; by item, region and state."""
    assert [one["place"] for one in json.loads(run("supplies", "list", "--json").out)] == [GOWNS.place, LOW.place, DEPOT.place]
    assert [one["place"] for one in json.loads(run("supplies", "list", "--item", "mask", "--state", "low", "--region", "5306", "--json").out)] == [LOW.place]
    text = run("supplies", "list").out
    assert all(word in text for word in ("3 supplies 物资", "mask 口罩", "low 告急", "empty 断供", "2020-02-04 08:00"))


def test_dispatches_that_are_not_over(run: Run) -> None:
    """By when their last step was."""
    assert [one["number"] for one in json.loads(run("supplies", "dispatches", "--json").out)] == [SENT.number, PROPOSED.number, ACCEPTED.number]
    assert "sent 已发出" in run("supplies", "dispatches").out


def test_a_proposal_is_explained_and_sent(run: Run, sent: Sent) -> None:
    """What is on its way counts: the clinic has 80 and 480 coming a day later, and gets what it lacks to fourteen days. Without --send nothing is written."""
    words = ("supplies", "propose", "--item", "mask", "--region", "530624", "--by", "OP-1", "--at", "2020-02-02T08:00")
    text = run(*words).out
    assert "none has less than 14.0 days of cover" in text
    assert "Nothing to send" in text
    assert sent.sent == []
    later = (*words[:-1], "2020-02-05T08:00", "--send")
    told = run(*later, "--json")
    (one,) = json.loads(told.out)["dispatches"]
    assert (one["from"], one["to"], one["quantity"], one["step"]) == (DEPOT.place, LOW.place, "80", "proposed")
    (report,) = _reports(sent)
    assert (report.number, report.place, report.to, report.quantity, report.step) == (one["number"], DEPOT.place, LOW.place, 80, DispatchStep.PROPOSED)
    assert json.loads(run(*later, "--json").out)["dispatches"] == [one]


@pytest.mark.parametrize(("command", "number", "step"), [("accept", "D-8", "accepted"), ("refuse", "D-81", "refused"), ("sent", "d-81", "sent"), ("received", "D-7", "received")])
def test_a_step(command: str, number: str, step: str, run: Run, sent: Sent) -> None:
    """It is a record of the source, with the places and the item of the dispatch, and the units as counted."""
    told = run("supplies", command, number, "--by", "DEPOT-530624-01/1", "--at", "2020-02-03T08:00", "--quantity", "70")
    assert told.code == 0, told.err
    (report,) = _reports(sent)
    assert (report.step, report.quantity, report.number, report.by) == (step, 70, number.upper(), "DEPOT-530624-01/1")


@pytest.mark.parametrize(("words", "problem"), [
    (("received", "D-8"), "is proposed, and is received only after it was sent"), (("accept", "D-7"), "is sent, and is accepted only after"),
    (("accept", "X-1"), "no dispatches begin with X-1"), (("accept", "D"), "3 dispatches begin with D"),
    (("accept", "D-8", "--at", "2020-01-01T08:00"), "that moment lies before"),
])  # fmt: skip
def test_what_cannot_be(words: tuple[str, ...], problem: str, run: Run, sent: Sent) -> None:
    """A step out of order, a dispatch that there is not, several, or a moment before: it is said why, and nothing is written."""
    told = run("supplies", *words, "--by", "OP-1")
    assert (told.code, sent.sent) == (1, [])
    assert problem in told.err


def test_costs_of_a_table(run: Run, tmp_path: Path) -> None:
    """A pair that the table does not have is named."""
    path = tmp_path / "costs.csv"
    path.write_text("from,to,cost\n", "utf-8")
    told = run("supplies", "propose", "--item", "mask", "--region", "530624", "--by", "OP-1", "--at", "2020-02-05T08:00", "--costs", str(path))
    assert (told.code, "no line from DEPOT-530624-01 to CLIN-530624-03" in told.err) == (1, True)
