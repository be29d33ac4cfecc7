"""People who come in and go out with papers of all kinds, in any order, with corrections, and ticks at the edges of what the papers allow."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.oracle.facts import Sent
from tests.properties import bus
from tests.properties.effort import examples
from tests.properties.records import Draw
from tests.properties.test_expiry import same_after_each_portion
from tests.properties.test_signals import arrivals
from tests.properties.worlds import World
from tests.streams.trial import DAY

_FIRST = datetime.fromisoformat("2020-05-04T08:00:00+08:00")
"""When the neighbours are risk areas, so that who comes in is followed."""
_PAPERS = (("边民证", "MB0012345"), ("护照", "P1234567"), ("无", ""))
_PORTS = ("PORT-RUILI", "PORT-RUILI", "path-533102-014", "PORT-WANDING", "CHECK-532823-2", "PORT-NOWHERE", "PATH-110101-1")
"""Some of other counties than the record says, and two that the register does not know."""
_SOME = st.lists(st.one_of(st.none(), st.builds(lambda day, more: int(_FIRST.timestamp() * 1000) + day * DAY + more, st.sampled_from((0, 1, 2, 7, 8, 30, 31, 37)), st.sampled_from((-1, 0, 1)))), min_size=8, max_size=8)


@st.composite
def crossings(draw: Draw) -> World:
    """Up to six crossings of one or two people, some corrected to another moment, direction or kind of papers, or void, with a name, a phone, both or neither."""
    sent: list[Sent] = []
    names = st.sampled_from(draw(st.sampled_from((("Aung Sample",), ("",), ("Aung Sample", "")))))
    for number in range(draw(st.integers(1, 6))):
        phone = draw(st.sampled_from(("13800000001", "13800000001", "13800000002", "")))
        for version in range(1, draw(st.sampled_from((1, 1, 1, 2))) + 1):
            kind, document = draw(st.sampled_from(_PAPERS))
            at = _FIRST + timedelta(days=draw(st.sampled_from((0, 0, 1, 6, 7, 7, 8, 30))), hours=draw(st.sampled_from((0, 0, 1))), milliseconds=draw(st.sampled_from((0, 0, 0, 1, -1))))
            state = {"state": "作废"} if version == 2 and draw(st.booleans()) else {}
            sent.append(("border-crossing", {
                "port": draw(st.sampled_from(_PORTS)), "crossing_no": str(number), "revision": str(version), "name": draw(names), "phone": phone, "document_kind": kind, "document_no": document,
                "nationality": "MM", "crossed_at": at.isoformat(), "region": "533102", "direction": draw(st.sampled_from(("入境", "入境", "出境"))), "from_country": "缅甸",
            } | state))  # fmt: skip
    return draw(arrivals(sent))


@given(crossings(), _SOME)
@examples(25)
def test_overstays_are_those_of_the_oracle(world: World, late: list[int | None]) -> None:
    """Whose stay is over, who crosses often without a name, who has no phone, and for whom somebody has to look."""
    same_after_each_portion(bus.bus(world), world, late, bus.POLICY)
