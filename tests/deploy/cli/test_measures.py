"""`lianfang measures`: what is in force, what was refused, and who was refused too often; on whom is never said of a refusal."""

from __future__ import annotations

import json

import pytest

from schemas.models.case import What
from schemas.models.measure import MeasureAlert, MeasureInForce, MeasureRefused
from streams.measures import supervision
from streams.measures.decide import decide, known
from streams.policy import Refusals
from streams.stage import Emit
from tests.deploy.cli.conftest import Filled, Run
from tests.deploy.fakes import entry
from tests.streams.measures.asked import NOON, PERSON, POLICY, asked, line, told
from tests.streams.trial import Trial, values

IN_FORCE = decide(asked(official="CDC-1"), known(told(line(What.POSITIVE, -1))).signs, POLICY)
REFUSED = [decide(asked(days=number / 1000), [], POLICY) for number in range(4)]


@pytest.fixture(autouse=True)
def _bus(filled: Filled) -> None:
    """One measure in force, four refusals of somebody else in one hour, and the alert of these; and a measure that was taken back."""
    trial = Trial(supervision.stage(POLICY.model_copy(update={"refusals": Refusals(allowed=3)})))
    (alert,) = values(trial.give(*REFUSED), MeasureAlert)
    gone = decide(asked(official="CDC-2"), known(told(line(What.POSITIVE, -1))).signs, POLICY)
    emits = [Emit("measure.standing", IN_FORCE.id, IN_FORCE), Emit("measure.standing", gone.id, gone), Emit("measure.standing", gone.id, gone.taken_back()),
             *(Emit("measure.refused", one.official, one) for one in REFUSED), Emit("measure.alert", alert.official, alert)]  # fmt: skip
    filled(*(entry(emit.topic, emit.value, key=emit.key, offset=number) for number, emit in enumerate(emits)))


def test_what_is_in_force(run: Run) -> None:
    """The measures that stand, in both languages, with the person as the beginning of a key."""
    (one,) = json.loads(run("measures", "list", "--json").out)
    assert MeasureInForce.model_validate(one) == IN_FORCE
    text = run("measures", "list").out
    assert all(word in text for word in ("1 measures 在施措施", "red_code 赋红码", "case 病例", "CDC-1", PERSON[:8]))
    assert PERSON not in text
    assert json.loads(run("measures", "list", "--official", "OP-1", "--json").out) == json.loads(run("measures", "list", "--region", "53", "--json").out) == []


def test_refusals_are_counted_and_name_nobody(run: Run) -> None:
    """By official, hour, measure and reason; each by itself for programs."""
    text = run("measures", "refused").out
    assert all(word in text for word in ("4 refused 被拒措施", "OP-410100-1", "no_evidence 没有流行病学依据", "4101", "2022-06-13 12:00"))
    said = run("measures", "refused", "--official", "OP-410100-1", "--region", "41", "--json").out
    assert [MeasureRefused.model_validate(one) for one in json.loads(said)] == REFUSED
    assert PERSON not in said
    assert PERSON[:8] not in text


def test_alerts_say_how_many(run: Run) -> None:
    """Who, in which hour, how many refusals stand now and how many are allowed."""
    (one,) = json.loads(run("measures", "alerts", "--json").out)
    assert (one["official"], one["at"], one["refused"], one["allowed"]) == ("OP-410100-1", NOON, 4, 3)
    assert "1 alerts 越权告警" in run("measures", "alerts").out
