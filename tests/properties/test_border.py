"""People who come in and go out with papers of all kinds, in any order, with corrections, and ticks at the edges of what the papers allow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from schemas.models.record import Papers
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
_START = int(_FIRST.timestamp() * 1000)
_EDGES = (-DAY, -1, 0, 1, DAY)
"""What is a day or a moment before and after, milliseconds."""
_SOME = st.lists(st.one_of(st.none(), st.builds(lambda day, more: _START + day * DAY + more, st.sampled_from((0, 1, 2, 7, 8, 30, 31, 37)), st.sampled_from((-1, 0, 1)))), min_size=8, max_size=8)
Late = list[int | None]


def crossing(number: int, at: int, direction: str, version: int = 1, port: str = "PORT-RUILI", **more: str) -> Sent:
    """One version of a crossing at a moment, by a certificate, without name and phone if nothing else is said."""
    return ("border-crossing", {
        "port": port, "crossing_no": str(number), "revision": str(version), "name": "", "phone": "", "document_kind": "边民证", "document_no": "MB0012345", "nationality": "MM",
        "crossed_at": (datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=at)).isoformat(), "region": "533102", "direction": direction, "from_country": "缅甸",
    } | more)  # fmt: skip


@st.composite
def crossings(draw: Draw) -> World:
    """Up to six crossings of one or two people, some corrected to another moment, direction or kind of papers, or void, with a name, a phone, both or neither."""
    sent: list[Sent] = []
    names = st.sampled_from(draw(st.sampled_from((("Aung Sample",), ("",), ("Aung Sample", "")))))
    for number in range(draw(st.integers(1, 6))):
        phone, port = draw(st.sampled_from(("13800000001", "13800000001", "13800000002", ""))), draw(st.sampled_from(_PORTS))
        for version in range(1, draw(st.sampled_from((1, 1, 1, 2))) + 1):
            kind, document = draw(st.sampled_from(_PAPERS))
            at = _START + draw(st.sampled_from((0, 0, 1, 6, 7, 7, 8, 30))) * DAY + draw(st.sampled_from((0, 0, 3_600_000, 1, -1)))
            state = {"state": "作废"} if version == 2 and draw(st.booleans()) else {}
            direction = draw(st.sampled_from(("入境", "入境", "出境")))
            sent.append(crossing(number, at, direction, version, port, name=draw(names), phone=phone, document_kind=kind, document_no=document, **state))
    return draw(arrivals(sent))


@st.composite
def stays(draw: Draw) -> tuple[World, Late]:
    """A stay that ends about the last moment that the papers allow, or does not end, perhaps corrected to another such moment; and how late it is about then."""
    kind, document = draw(st.sampled_from(_PAPERS))
    over = _START + bus.POLICY.stays[Papers({"边民证": "border_certificate", "护照": "passport", "无": "none"}[kind])]
    who = {"document_kind": kind, "document_no": document, "name": "Aung Sample", "phone": draw(st.sampled_from(("", "13800000001"))), "birth_date": "1985", "sex": "男"}
    sent = [crossing(1, _START, "入境", 1, draw(st.sampled_from(_PORTS[:5])), **who)]
    states = [{}, {"state": draw(st.sampled_from(("有效", "作废")))}][: draw(st.integers(0, 2))]
    sent += [crossing(2, over + draw(st.sampled_from(_EDGES)), "出境", version, **who, **state) for version, state in enumerate(states, 1)]
    ticks = st.sampled_from([over + more for more in (*_EDGES, DAY // 2, DAY // 2 + 1, DAY + 1)])
    return draw(arrivals(sent)), draw(st.lists(st.one_of(st.none(), ticks, ticks), min_size=8, max_size=8))


@st.composite
def shuttles(draw: Draw) -> World:
    """As many crossings of a certificate as the policy lets nobody pass without a name, or nearly, the last about the end of the window; perhaps one with a name."""
    rule = bus.POLICY.crossings
    count = rule.often - draw(st.sampled_from((0, 0, 0, 0, 0, 1)))
    ats = [*(number * DAY for number in range(count - 1)), rule.window + draw(st.sampled_from((0, 0, *_EDGES)))]
    named = draw(st.sampled_from((None,) * 8 + (*range(count),)))
    port = draw(st.sampled_from(_PORTS[:5]))
    ways = ["入境", *(draw(st.sampled_from(("入境", "出境"))) for _ in ats[1:])]
    sent = [crossing(number, _START + at, way, port=port, name="Aung Sample" if number == named else "") for number, (at, way) in enumerate(zip(ats, ways, strict=True))]
    return draw(arrivals(sent))


@given(crossings(), _SOME)
@examples(15)
def test_overstays_are_those_of_the_oracle(world: World, late: Late) -> None:
    """Whose stay is over, who crosses often without a name, who has no phone, and for whom somebody has to look."""
    same_after_each_portion(bus.bus(world), world, late, bus.POLICY)


@given(stays())
@examples(30)
def test_the_last_moment_of_a_stay_is_that_of_the_oracle(stay: tuple[World, Late]) -> None:
    """An exit in the last moment, a moment and a day before and after, and ticks as near."""
    same_after_each_portion(bus.bus(stay[0]), *stay, bus.POLICY)


@given(shuttles(), _SOME)
@examples(25)
def test_who_crosses_often_is_whom_the_oracle_finds(world: World, late: Late) -> None:
    """The crossing that makes it so many in the window, and a name that takes it back."""
    same_after_each_portion(bus.bus(world), world, late, bus.POLICY)
