"""At the edges of the policy's windows: whether two people met, worked out by hand, in either order of arrival."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from schemas.models.case import LinkedCase
from tests.oracle.content import difference
from tests.oracle.facts import Sent
from tests.properties import bus
from tests.properties.worlds import EVERY, World

_NINE = datetime.fromisoformat("2020-01-22T09:00:00+08:00")
_SECOND = timedelta(seconds=1)


def _hours(hours: float) -> timedelta:
    return timedelta(hours=hours)


def _scan(who: int, direction: str, after: timedelta) -> Sent:
    at = (_NINE + after).isoformat()
    return "scan-code", {"scan_no": f"{who} {at}", "revision": "1", "openid": f"ox-{who}", "place_code": "MKT-1", "region": "530624", "direction": direction, "scanned_at": at,
                         "name": "杨测试", "phone": f"1380000000{who}"}  # fmt: skip


def _positive(after: timedelta) -> Sent:
    at = (_NINE + after).isoformat()
    return "lab-result", {"lab": "LAB-1", "specimen_no": "1", "revision": "1", "name": "杨测试", "phone": "13800000001", "sampled_at": at, "reported_at": at, "region": "530624",
                          "result": "阳性"}  # fmt: skip


def _step(case: str, start: timedelta, end: timedelta, reported: timedelta) -> Sent:
    return "published", {"case": case, "step": "1", "revision": "1", "start": (_NINE + start).isoformat(), "end": (_NINE + end).isoformat(), "precise": "yes", "province": "53",
                         "place": "虚构市场", "reported": (_NINE + reported).isoformat()}  # fmt: skip


_DAY, _HALF = _hours(24), _hours(0.5)
_LATE = _hours(60)
"""When the other published case is found: its own window has only begun by then."""
_RETURNED = {
    "arrives as the area becomes one": (True, "42", "", "2020-01-23T00:00:00Z"),
    "arrives a second before": (False, "42", "", "2020-01-22T23:59:59Z"),
    "left a second before the area was none any more": (True, "42", "2020-03-24T23:59:59Z", "2020-03-26T00:00:00Z"),
    "left when the area was none any more": (False, "42", "2020-03-25T00:00:00Z", "2020-03-26T00:00:00Z"),
    "left the city, which was one for longer": (True, "4201", "2020-03-25T00:00:00Z", "2020-03-26T00:00:00Z"),
    "left fourteen days ago": (True, "4201", "2020-01-15T08:00:00Z", "2020-01-29T08:00:00Z"),
    "left a second longer ago": (False, "4201", "2020-01-15T07:59:59Z", "2020-01-29T08:00:00Z"),
}
"""By what happens, whether somebody is a returnee, where from, when left, and when arrived."""
_MET: dict[str, tuple[bool, list[Sent]]] = {
    "comes as the case leaves, after the longest stay": (True, [_positive(_DAY), _scan(1, "in", _hours(0)), _scan(1, "out", _hours(12)), _scan(2, "", _hours(12))]),
    "comes while the air is still bad": (True, [_positive(_DAY), _scan(1, "in", _hours(0)), _scan(1, "out", _hours(12)), _scan(2, "", _hours(12.5))]),
    "comes a second later": (False, [_positive(_DAY), _scan(1, "in", _hours(0)), _scan(1, "out", _hours(12)), _scan(2, "", _hours(12.5) + _SECOND)]),
    "the way out is too late to be of the same stay": (False, [_positive(_DAY), _scan(1, "in", _hours(0)), _scan(1, "out", _hours(12) + _SECOND), _scan(2, "", _hours(6))]),
    "leaves as the case comes": (True, [_positive(_DAY), _scan(1, "", _hours(0)), _scan(2, "in", _hours(-12)), _scan(2, "out", _hours(0))]),
    "leaves a second before": (False, [_positive(_DAY), _scan(1, "", _hours(0)), _scan(2, "in", _hours(-12)), _scan(2, "out", -_SECOND)]),
    "two days before the specimen": (True, [_positive(_hours(48)), _scan(1, "", _hours(0)), _scan(2, "", _hours(0))]),
    "two days and a second before": (False, [_positive(_hours(48) + _SECOND), _scan(1, "", _hours(0)), _scan(2, "", _hours(0))]),
    "the case's stay ends as the window begins": (True, [_positive(_hours(60)), _scan(1, "in", _hours(0)), _scan(1, "out", _hours(12)), _scan(2, "", _hours(12))]),
    "fourteen days after the specimen": (True, [_positive(_hours(-14 * 24)), _scan(1, "", _hours(0)), _scan(2, "", _hours(0))]),
    "a second later than that": (False, [_positive(_hours(-14 * 24) - _SECOND), _scan(1, "", _hours(0)), _scan(2, "", _hours(0))]),
    "aboard after the longest step": (True, [_step("1", _hours(0), _DAY, _DAY), _step("2", _DAY + _HALF, _hours(26), _LATE + _DAY)]),
    "aboard a second later": (False, [_step("1", _hours(0), _DAY, _DAY), _step("2", _DAY + _HALF + _SECOND, _hours(26), _LATE + _DAY)]),
    "aboard for the longest step, which ends as the case boards": (True, [_step("1", _DAY, _hours(25), _DAY), _step("2", _hours(0), _DAY, _hours(24 * 20))]),
    "the case's step ends as the window begins": (True, [_step("1", _hours(0), _DAY, _hours(72)), _step("2", _DAY, _hours(25), _LATE + _DAY)]),
}  # fmt: skip
"""By what happens, whether the second person met the first, and the records of it."""


@pytest.mark.parametrize("backwards", [False, True], ids=["as it happened", "backwards"])
@pytest.mark.parametrize("name", _MET)
def test_who_met_at_the_edge_of_a_window(name: str, backwards: bool) -> None:
    """A window holds its first and its last moment and nothing beyond, whichever record comes last, when all before it is worked through; and the oracle says the same."""
    met, sent = _MET[name]
    inside = bus.bus(World([], [1], list(EVERY)))
    for one in reversed(sent) if backwards else sent:
        bus.publish(inside, [one])
        inside.run()
    contacts = [meeting for case in inside.standing("case.linked").values() if isinstance(case, LinkedCase) for meeting in case.contacts]
    assert len(contacts) == met
    wrong = difference(bus.stands(inside), bus.expected(sent))
    assert not wrong, wrong


@pytest.mark.parametrize("name", _RETURNED)
def test_who_is_a_returnee_at_the_edge_of_a_risk_area(name: str) -> None:
    """A risk area holds its first moment and not its last, and the window of return both of its own; and the oracle says the same."""
    returned, origin, left, arrived = _RETURNED[name]
    who = {"declaration_no": "D-1", "revision": "1", "name": "周假名", "phone": "13800000003"}
    sent: list[Sent] = [("travel", who | {"from": origin, "to": "530624100001", "departed": left, "arrived": arrived})]
    inside = bus.bus(World([], [1], list(EVERY)))
    bus.publish(inside, sent)
    inside.run()
    assert len(inside.standing("case.linked")) == returned
    wrong = difference(bus.stands(inside), bus.expected(sent))
    assert not wrong, wrong
