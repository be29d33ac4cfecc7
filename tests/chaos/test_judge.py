"""The judge sees what must never be shown, also when it is gone again in the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import cast

import pytest
from pydantic import BaseModel

from connectors.reader import Entry, Reader
from deploy.bus import Bus
from schemas.agency import Agency
from schemas.models.case import Evidence, LinkedCase, What
from schemas.models.fact import Fact
from schemas.models.release import Release
from schemas.tokens import Keys
from streams.cases.fold import linked_case
from streams.cases.status import course, in_order
from streams.policy import Policy, load
from streams.routing.match import grounds
from streams.routing.project import release
from tests.chaos.history import History
from tests.simulation.anomalies import Name


class _Settings:
    keys = Keys(b"s" * 32)


class _Bus:
    """The configuration of a bus without its broker."""

    settings = _Settings()

    @cached_property
    def agencies(self) -> dict[str, Agency]:
        """The shipped ones."""
        return Bus().agencies

    @cached_property
    def policy(self) -> Policy:
        """The shipped one."""
        return load(None)


class _Topics:
    """A reader of topics that are lists."""

    def __init__(self, topics: dict[str, list[BaseModel]]) -> None:
        self._topics = topics

    def read(self, topic: str) -> Iterator[Entry]:
        """Every message."""
        return (Entry(topic, 0, number, 0, _key(value), value) for number, value in enumerate(self._topics.get(topic, ())))


def _key(value: BaseModel) -> str:
    return f"{value.person} {value.purpose}" if isinstance(value, Release) else str(getattr(value, "person", ""))


def _piece(what: What, at: int) -> Evidence:
    return Evidence.of(causes=["c"], at=at, until=at, person="p", alias="p", what=what, source="clinic-visit", region="530624", place="CLIN-530624-03")


def _case(pieces: Iterable[Evidence]) -> LinkedCase:
    evidence, policy = in_order(pieces), load(None)
    case = linked_case("p", evidence, course(evidence, policy), policy)
    assert case
    return case


def _release(case: LinkedCase) -> Release:
    agency = Bus().agencies["daguan-county-cdc"]
    (ground,) = grounds(agency, case)
    return release(agency, case, ground, _Settings.keys)


FIRST, SECOND, NEVER = _piece(What.SUSPECTED, 1_000), _piece(What.CONFIRMED, 2_000), _piece(What.CONFIRMED, 3_000)
EARLY, LATE, ABORTED = _case([FIRST]), _case([FIRST, SECOND]), _case([FIRST, NEVER])
INVENTED = LATE.model_copy(update={"community": "530624100001"})


def _told(cases: list[Fact], releases: list[Fact]) -> set[Name]:
    found: set[Name] = set()
    topics: dict[str, list[BaseModel]] = {"case.evidence": [FIRST, SECOND], "case.linked": [*cases], "deliver.daguan-county-cdc": [*releases]}
    History(cast("Bus", _Bus()), cast("Reader", _Topics(topics)), lambda name, _: found.add(name)).check()
    return found


@pytest.mark.parametrize(("cases", "releases", "names"), [
    ([EARLY, LATE], [_release(EARLY), _release(LATE)], set()),
    ([LATE], [_release(LATE), _release(LATE).taken_back()], set()),
    ([EARLY, ABORTED, LATE], [_release(EARLY)], {Name.ABORTED_READ}),
    ([LATE, EARLY], [_release(LATE)], {Name.NON_MONOTONIC}),
    ([INVENTED], [], {Name.WRONG_ANSWER}),
    ([EARLY], [_release(LATE)], {Name.WRONG_RELEASE}),
    ([EARLY, LATE], [_release(LATE), _release(EARLY)], {Name.NON_MONOTONIC}),
    ([EARLY, LATE.taken_back()], [], {Name.ABORTED_READ}),
    ([EARLY, LATE], [_release(EARLY), _release(LATE).taken_back()], {Name.WRONG_RELEASE}),
], ids=["right", "taken back", "of an aborted batch", "back in time", "another fold", "of no case", "release back in time", "taken back unseen", "release taken back unseen"])  # fmt: skip
def test_history_names_what_was_shown(cases: list[Fact], releases: list[Fact], names: set[Name]) -> None:
    """Cases that were folds of what stood, and releases of such cases, pass; anything else gets its name."""
    assert _told(cases, releases) == names
