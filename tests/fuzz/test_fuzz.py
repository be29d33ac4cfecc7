"""A few hundred of the inputs of `make fuzz`; and the account notices what it is there for."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from connectors.transports import documents
from streams.normalise import stage
from streams.normalise.interpret import Interpreter
from tests.fuzz.mutate import made
from tests.fuzz.run import Failed, fuzz, good
from tests.fuzz.topics import vandalised

SEED = 1


def test_every_input_ends_as_it_may() -> None:
    """Each of three hundred spoiled inputs over files and HTTP is accepted, rejected with a reason or refused with a 4xx, and what is accepted passes all stages."""
    account = asyncio.run(fuzz(SEED, range(300)))
    assert account.inputs.total() == 300
    seen = {what.split(": ")[1] for what in account.inputs}
    assert {"accepted", "accepted in part", "rejected", "refused"} <= seen
    assert account.records["accepted"] > 50


def test_garbage_on_topics_adds_up() -> None:
    """Two thousand spoiled messages straight onto the topics of all stages: each is counted, and each that is rejected has its reject."""
    found = vandalised(SEED, range(2_000))
    assert found.total() == 2_000
    assert found["rejected"] > 1_000
    assert found["applied"] > 5


def test_an_input_follows_from_its_number() -> None:
    """The same seed and number give the same bytes, another seed others; so one that fails can be tried again alone."""
    seeds = good()
    assert [made(3, number, seeds) for number in range(50)] == [made(3, number, seeds) for number in range(50)]
    assert [made(3, number, seeds) for number in range(50)] != [made(4, number, seeds) for number in range(50)]


def test_sees_an_answer_that_normalise_does_not_keep(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the intake calls accepted what normalise refuses, the account fails and says how to try it again."""
    taken = Interpreter.__call__

    def blind(self: Interpreter, fields: Any, record: str, version: int, generations: Any = None) -> Any:
        found, reasons = taken(self, fields, record, version, generations)
        return found, [] if record == "" else reasons

    monkeypatch.setattr(Interpreter, "__call__", blind)
    with pytest.raises(Failed, match=r"python -m tests.fuzz --seed 1 --only \d+: item .* was answered accepted, and normalise refused it"):
        asyncio.run(fuzz(SEED, range(300)))


def test_sees_a_connector_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """When a connector raises, whatever it is, the account fails with the number of the input."""
    def broken(*_: Any, **__: Any) -> Any:
        raise KeyError("gone")

    monkeypatch.setattr(documents, "_broken", broken)
    with pytest.raises(Failed, match=r"--only \d+: (KeyError|AssertionError: answered 500)"):
        asyncio.run(fuzz(SEED, range(300)))


def test_sees_a_record_that_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """When a stage raises on a record, the account fails although the runtime would refuse it alone."""
    def fails(*_: Any) -> Any:
        raise ValueError("a fault of the program")

    monkeypatch.setattr(stage, "_stand", fails)
    with pytest.raises(Failed, match="cannot handle it: ValueError at"):
        asyncio.run(fuzz(SEED, range(100)))
