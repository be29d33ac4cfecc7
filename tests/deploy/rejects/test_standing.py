"""How far refused records are."""

from __future__ import annotations

import pytest

from connectors.reader import Entry
from deploy.rejects.repair import approved, proposed
from deploy.rejects.standing import NotOne, Stand, one_reject, one_repair, refused
from schemas.models.fact import Fact
from tests.deploy.fakes import FakeReader, entry
from tests.deploy.rejects.pieces import FIELDS, KEYS, SCAN, raw, reject

REJECT = reject(raw())
REPAIR = proposed(REJECT, raw(), SCAN, FIELDS | {"place_code": "MKT-530624-07"}, KEYS, "OP-1", "wrong-code", 5)
APPROVAL = approved(REPAIR, [], "OP-2", 6)


def on(topic: str, *facts: Fact) -> list[Entry]:
    """Entries of a topic."""
    return [entry(topic, fact, offset=number) for number, fact in enumerate(facts)]


def reader(*entries: Entry) -> FakeReader:
    """A reader of the reject and some further entries."""
    return FakeReader([*on("reject", REJECT), *entries])


def test_open_proposed_repaired() -> None:
    """A refused record is open until a repair is proposed, and repaired once one is approved; one that was taken back is not there any more."""
    steps = [[], on("repair.proposal", REPAIR), [*on("repair.proposal", REPAIR), *on("repair.approval", APPROVAL)]]
    assert [[one.stand for one in refused(reader(*more))] for more in steps] == [[Stand.OPEN], [Stand.PROPOSED], [Stand.REPAIRED]]
    assert refused(FakeReader(on("reject", REJECT, REJECT.taken_back()))) == []
    assert [one.stand for one in refused(reader(*on("repair.proposal", REPAIR, REPAIR.taken_back())))] == [Stand.OPEN]


def test_found_by_their_beginnings() -> None:
    """A reject is found by the record or its own id, a repair by its id; nothing, or several, are told with what to do."""
    there = reader(*on("repair.proposal", REPAIR), *on("repair.approval", APPROVAL))
    assert one_reject(refused(there), REJECT.record[:8]).reject == one_reject(refused(there), REJECT.id[:8]).reject == REJECT
    assert one_repair(there, REPAIR.id[:8]) == (REPAIR, [APPROVAL])
    with pytest.raises(NotOne, match="lianfang rejects list"):
        one_reject(refused(there), "zz")
    with pytest.raises(NotOne, match="no repairs begin with zz"):
        one_repair(there, "zz")
    with pytest.raises(NotOne, match="several"):
        one_reject([*refused(there), *refused(there)], REJECT.record)
