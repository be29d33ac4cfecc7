"""A bus that holds what officers' commands write to it, and what the stage `decisions` makes of that."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pydantic import BaseModel

from connectors.reader import Entry
from schemas.models.control import LevelInForce, RiskArea
from schemas.signing import Signatures
from streams import memory
from streams.decisions.stage import stage
from streams.policy import load
from streams.stage import Emit
from tests.deploy.cli.conftest import Filled, Run
from tests.deploy.fakes import entry

F = TypeVar("F", LevelInForce, RiskArea)


class Written:
    """A bus that holds what is written to it."""

    def __init__(self, filled: Filled) -> None:
        """Empty."""
        self._filled, self.entries = filled, list[Entry]()
        filled()

    def send(self, topic: str, key: str, value: BaseModel, partition: int = 0) -> None:
        """Hold a value."""
        self.entries.append(entry(topic, value, key=key, partition=partition, offset=len(self.entries)))
        self._filled(*self.entries)

    def settle(self) -> None:
        """All is there."""

    def close(self) -> None:
        """Nothing to let go."""

    def stands(self, topic: str, kind: type[F]) -> list[F]:
        """What the stage `decisions` tells on a topic by what was written."""
        inside = memory.Bus([stage(load(), Signatures())])
        inside.publish(Emit(one.topic, one.key, one.value) for one in self.entries if one.value is not None)
        inside.run()
        return [fact for fact in inside.standing(topic).values() if isinstance(fact, kind)]


def value(run: Run, *words: str) -> dict[str, Any]:
    """What a command says in JSON; it must end well."""
    ran = run(*words)
    assert ran.code == 0, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found
