"""Counts follow what people count as, in any batches."""

from __future__ import annotations

from schemas.models.case import LinkedCase, Role, Status, What
from schemas.models.statistic import Counted, Measure, Statistic
from streams.stage import Verdict
from streams.standing import standing
from streams.statistics import counted, stage
from tests.streams.tasks.cases import line, told
from tests.streams.trial import Trial, token

FOUND = line(What.SUSPECTED, 0, region="530602")


def suspect(name: str, **more: object) -> LinkedCase:
    """Somebody suspected."""
    given = {"person": token(name), "timeline": [FOUND], "roles": [Role.CASE], "status": Status.SUSPECTED, "classification": Status.SUSPECTED, "since": FOUND.at, "onset": None}
    return told(**given | more)


def counts(inside: Trial, region: str = "53") -> dict[str, int]:
    """Standing counts of a region by `measure value`."""
    found = [one for one in standing("statistic", ((emit.key, emit.value) for emit in inside.wrote)).values() if isinstance(one, Statistic)]
    return {f"{one.measure} {one.value}": one.count for one in found if one.region == region and one.measure in (Measure.STATUS, Measure.ROLE)}


def said(*cases: LinkedCase) -> list[Counted]:
    """What the stage before says of some cases."""
    return [emit.value for emit in Trial(counted.stage()).give(*cases) if isinstance(emit.value, Counted)]


def test_people_are_counted_once_each() -> None:
    """Two people are two; what comes again counts no more, and is a duplicate."""
    inside = Trial(stage.stage())
    inside.give(*said(suspect("a"), suspect("b")))
    assert counts(inside) == {"status suspected": 2, "role case": 2}
    assert inside.give_each(said(suspect("a"))) == []
    assert set(inside.verdicts) == {Verdict.DUPLICATE}


def test_each_revision_takes_the_one_before_back() -> None:
    """A count that changes is retracted and asserted; a cell of nobody has no fact, and its rows are gone."""
    inside, before = Trial(stage.stage()), Trial(counted.stage())
    for case in (suspect("a"), suspect("b"), suspect("a", status=Status.CONFIRMED, classification=Status.CONFIRMED)):
        inside.give(*[emit.value for emit in before.give(case)])
    assert counts(inside) == {"status suspected": 1, "status confirmed": 1, "role case": 2}
    for case in (suspect("a"), suspect("b")):
        inside.give(*[emit.value for emit in before.give(case.taken_back())])
    assert counts(inside) == {}
    assert list(inside.state.scan(b"", b"\xff")) == list(before.state.scan(b"", b"\xff")) == []


def test_a_move_changes_only_what_is_below() -> None:
    """Who moves within the county is taken from one township and counted in the other; county and province hear nothing."""
    before = Trial(counted.stage())
    before.give(suspect("a", community="530624100001"))
    moved = before.give(suspect("a", community="530624107002"))
    assert sorted((emit.key, emit.value.retracted) for emit in moved) == [  # type: ignore[attr-defined]
        ("530624100", True), ("530624100001", True), ("530624107", False), ("530624107002", False),
    ]  # fmt: skip


def test_a_batch_writes_each_cell_once() -> None:
    """A hundred people in one batch make one fact of each cell of a region."""
    inside = Trial(stage.stage())
    emits = inside.give(*said(*(suspect(str(number)) for number in range(100))))
    assert len(emits) == len({(emit.key, emit.value.measure, emit.value.value) for emit in emits})  # type: ignore[attr-defined]
    assert counts(inside) == {"status suspected": 100, "role case": 100}
