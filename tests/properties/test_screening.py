"""Of the answers to a psychological screening nothing is on the bus but whether support is offered: neither in what is written, nor in the rows of any stage."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from tests.oracle.facts import Sent
from tests.properties import bus
from tests.properties.effort import examples
from tests.properties.worlds import World, worlds

_OFFERED = ("222220000", "333333330", "000000001", "333333333")
_NOT_OFFERED = ("000000000", "111111110", "222210000", "300000000")
_SCALES = st.one_of(st.tuples(st.sampled_from(_OFFERED), st.sampled_from(_OFFERED)), st.tuples(st.sampled_from(_NOT_OFFERED), st.sampled_from(_NOT_OFFERED)))
_EVENTS = ("cared", "cared", "screening", "apart", "task-report")


def _answered(sent: Sequence[Sent], phq9: str, gad7: str) -> list[Sent]:
    """The records with these answers in each screening that can be understood. Of versions that contradict each other, which the digest decides, the first alone."""
    told: list[Sent] = []
    known = set()
    for source, fields in sent:
        name = tuple(str(fields.get(field)) for field in ("service", "screening_no", "revision"))
        if source != "screening":
            told.append((source, fields))
        elif name not in known:
            known.add(name)
            told.append((source, {**fields, "phq9": phq9, "gad7": gad7} if str(fields.get("phq9", "")).isdigit() else fields))
    return told


@given(worlds(4, _EVENTS), _SCALES)
@examples(12)
def test_no_byte_depends_on_a_score(world: World, answers: tuple[str, str]) -> None:
    """Two buses that differ in the answers alone, with the same offer, write the same messages one by one to every topic but that of what the source sent."""
    written = []
    for phq9 in answers:
        inside = bus.bus(world)
        bus.publish(inside, _answered(world.sent, phq9, "0000000"))
        inside.run()
        emits = [(hop.emit.topic, hop.emit.key, hop.emit.value) for hop in inside.hops]
        written.append([emit for emit in emits if not emit[0].startswith(("raw.", "reject"))])
    assert written[0] == written[1]


@given(worlds(4, _EVENTS))
@examples(6)
def test_the_offer_is_all_that_changes(world: World) -> None:
    """With other answers that ask for support, or do not, nothing is otherwise but the screening itself and the task that offers it."""
    stands = []
    for phq9 in ("000000000", "000000001"):
        inside = bus.bus(world)
        bus.publish(inside, _answered(world.sent, phq9, "0000000"))
        inside.run()
        stands.append({topic: sorted(one.model_dump_json() for one in inside.standing(topic).values()) for topic in inside.topics})
    other = {topic for topic in stands[0] if stands[0][topic] != stands[1][topic]}
    assert {topic for topic in other if not topic.startswith("raw.")} <= {"record.screening", "screening", "task", "reject"}
