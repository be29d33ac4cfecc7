"""What happens at one moment is put in order by content, never by an id: for any numbers of the same records the answer is that of the oracle."""

from __future__ import annotations

import pytest

from tests.oracle.content import difference
from tests.oracle.facts import Sent
from tests.properties import bus
from tests.properties.records import Fields
from tests.properties.worlds import EVERY, World

_AT = "2020-01-22T09:30:00+08:00"
_YANG: Fields = {"name": "杨测试", "phone": "13800000001"}
_LI: Fields = {"name": "李样本", "phone": "13800000002"}
_POSITIVE: Sent = (
    "lab-result",
    _YANG | {"lab": "LAB-1", "specimen_no": "1", "revision": "1", "sampled_at": _AT, "reported_at": _AT, "region": "530624", "result": "阳性"},
)


def _scan(number: str, **fields: str) -> Sent:
    return "scan-code", {"scan_no": number, "revision": "1", "place_code": "MKT-1", "region": "530624", "scanned_at": _AT} | fields


def _household(number: str, grid: str, worker: str) -> Sent:
    return "household", _YANG | {"household_no": "H-1", "member_no": number, "updated": "2020-02-01", "registered": _AT, "grid": grid, "grid_worker": worker}


def _visit(number: str, facility: str, **fields: str) -> Sent:
    seen = {"facility": facility, "visit_no": number, "updated": "2020-02-01", "seen_at": _AT, "region": "530624", "disposition": "疑似"}
    return "clinic-visit", _YANG | seen | fields


def _ties(number: str) -> dict[str, list[Sent]]:
    """By what is tied, records that differ from each other in it alone; `number` is in their identity."""
    account = {"openid": "ox-1"}
    later, meanwhile = "2020-01-22T15:00:00+08:00", "2020-01-22T12:00:00+08:00"
    return {
        "two households": [_POSITIVE, _household(number, "530624100001", "GW-1"), _household(f"{number}b", "530624100002", "GW-1")],
        "two grid workers": [_POSITIVE, _household(number, "530624100001", "GW-1"), _household(f"{number}b", "530624100001", "GW-2")],
        "two clinics": [_visit(number, "CLIN-1"), _visit(number, "CLIN-2"), _visit(number, "CLIN-3")],
        "two referrals": [_visit(number, "CLIN-1", referred_to="HOSP-1"), _visit(f"{number}b", "CLIN-1", referred_to="HOSP-2")],
        "out and in": [_POSITIVE, _scan(number, **_YANG, direction="out"), _scan(f"{number}b", **_YANG, direction="in"), _scan("z", **_LI, direction="pass"),
                       _scan("y", **_YANG, direction="in", scanned_at="2020-01-22T08:30:00+08:00"), _scan("x", **_YANG, direction="out", scanned_at=later)],
        "in twice in two regions": [_POSITIVE, _scan(number, **_YANG, direction="in"), _scan(f"{number}b", **_YANG, direction="in", region="530602"),
                                    _scan("x", **_YANG, direction="out", scanned_at=later)],
        "in twice under two names": [_POSITIVE, _scan(number, **account, name="杨测试", direction="in"), _scan(f"{number}b", **account, name="周假名", direction="in"),
                                     _scan("x", **account, direction="out", scanned_at=later), _scan("z", **_YANG, direction="pass", scanned_at=meanwhile)],
        "two symptoms": [_visit(number, "CLIN-1", symptoms="发热,咳嗽"), _visit(f"{number}b", "CLIN-1", symptoms="乏力")],
        "suspected and ruled out": [_visit(number, "CLIN-1"), _visit(f"{number}b", "CLIN-1", disposition="排除"), _visit(f"{number}c", "CLIN-1", disposition="隔离")],
    }  # fmt: skip


@pytest.mark.parametrize("number", ["1", "2", "3", "4", "5", "6"])
@pytest.mark.parametrize("tie", _ties(""))
def test_no_id_decides_between_things_of_one_moment(tie: str, number: str) -> None:
    """Records of one moment with other numbers, and so other ids, give what the oracle says from their content alone."""
    world = World([_ties(number)[tie]], [5], list(EVERY))
    inside = bus.bus(world)
    bus.publish(inside, world.sent)
    inside.run()
    wrong = difference(bus.stands(inside), bus.expected(world.sent))
    assert not wrong, wrong
