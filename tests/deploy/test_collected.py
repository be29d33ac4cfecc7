"""What may not be collected under the level in force is refused before it is on the bus."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from pydantic import BaseModel

from connectors.envelope import Item, envelopes
from connectors.reader import CannotRead
from deploy.collected import Gate
from schemas.models.control import LevelInForce
from schemas.models.raw import Raw
from streams.policy import load
from tests.connectors.sample import KEYS, record, source
from tests.levels import emergency

DECLARED = emergency("53", since="2020-01-20", until="2020-01-26")[0]


class Topic:
    """`control.level`: gives what it holds, or cannot be read."""

    def __init__(self, *facts: LevelInForce) -> None:
        self.facts: list[BaseModel] = list(facts)
        self.away = self.closed = False
        self.looks = 0

    def look(self) -> list[BaseModel]:
        """As a broker."""
        self.looks += 1
        if self.away:
            raise CannotRead("away")
        return self.facts

    def close(self) -> None:
        """Let go."""
        self.closed = True


class Hand:
    """A clock that is turned by hand."""

    now = 0.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


@contextmanager
def gate(topic: Topic, clock: Hand | None = None, **more: Any) -> Iterator[Gate]:
    """A gate of the register; its levels are known."""
    found = Gate({"register": source(**more)}, load(), KEYS, topic, clock or Hand())
    try:
        yield found
    finally:
        found.close()


def raw(**more: Any) -> Raw:
    """A record of the register, as it came."""
    return next(envelopes(source(), Item(json.dumps(record(1, **more)).encode()), KEYS))


@pytest.mark.parametrize(
    "more", [{}, {"area": "440305"}, {"time": "2020-01-19T08:00:00+08:00"}, {"time": "2020-01-27T08:00:00+08:00"}, {"revision": "1579774000000"}],
    ids=["peace", "elsewhere", "before", "after", "version-is-a-time"],
)  # fmt: skip
def test_refused_where_no_level_covers_it(more: dict[str, Any]) -> None:
    """In peace, outside the region, before and after the level; a source whose version is a time has no corrections that can be told."""
    with gate(Topic(*([DECLARED] if set(more) & {"area", "time"} else []))) as found:
        found.fresh().result()
        why = found.refused(raw(**more))
    assert why.startswith("not collected: at its place and time the level was peace, and records of the kind gate are taken from alert on")
    assert not any(str(value) in why for value in record(1, **more).values() if len(str(value)) > 2)


@pytest.mark.parametrize(
    "more", [{"revision": "2"}, {"state": "void"}, {"time": "tomorrow"}, {"phone": "12"}, {"no": ""}, {"area": ""}],
    ids=["correction", "retraction", "time", "person", "nameless", "nowhere"],
)  # fmt: skip
def test_passes_what_the_fold_decides_or_normalise_refuses(more: dict[str, Any]) -> None:
    """A correction and a retraction of what may be on the bus, and what cannot be understood, in peace."""
    with gate(Topic()) as found:
        found.fresh().result()
        assert found.refused(raw(**more)) == ""


def test_a_place_that_is_not_known_is_in_peace() -> None:
    """A source that says no region sends nothing of everybody, whatever is declared."""
    with gate(Topic(DECLARED), map={name: rule for name, rule in source().model_dump(by_alias=True, exclude_none=True, exclude_defaults=True)["map"].items() if name != "region"}) as found:
        found.fresh().result()
        assert found.refused(raw()).startswith("not collected")


def test_taken_under_a_level_that_becomes_known_and_refused_when_it_is_taken_back() -> None:
    """What was read counts for a second, and no longer."""
    topic, clock = Topic(), Hand()
    with gate(topic, clock) as found:
        said = []
        for facts, now in (([], 0.0), ([DECLARED], 0.9), ([DECLARED], 1.0), ([DECLARED, DECLARED.taken_back()], 2.0)):
            topic.facts, clock.now = list(facts), now
            found.fresh().result()
            said.append(bool(found.refused(raw())))
    assert (said, topic.looks, topic.closed) == ([True, True, False, True], 3, True)


def test_never_guesses() -> None:
    """While the levels cannot be read it says so each time, also after they were known; then it knows them again."""
    topic, clock = Topic(DECLARED), Hand()
    with gate(topic, clock) as found:
        found.fresh().result()
        topic.away, clock.now = True, 1.0
        for _ in range(2):
            with pytest.raises(CannotRead):
                found.fresh().result()
        topic.away = False
        found.fresh().result()
        assert found.refused(raw()) == ""


def test_other_kinds_are_not_concerned() -> None:
    """A crossing is collected in peace too."""
    with gate(Topic(), kind="crossing") as found:
        assert not found.concerns("register")
        assert found.refused(raw()) == ""
