"""What is taken back is gone, with everything that followed from it."""

from __future__ import annotations

from hypothesis import given

from schemas.models.notice import PublicNotice
from schemas.models.raw import Raw
from schemas.models.release import Release
from streams.memory import Bus
from streams.stage import Emit
from tests.oracle.content import difference
from tests.properties import bus
from tests.properties.effort import examples
from tests.properties.worlds import World, worlds

_LAST = 10**15
"""A version above all that worlds have."""
_TRACED = ("trace.order", "trace.found", "exposure", "contact", "case.exposed")


def _run(world: World) -> Bus:
    inside = bus.bus(world, bus.DEEPEST)
    bus.publish(inside, world.sent)
    inside.run()
    return inside


def _take_back(inside: Bus, *sources: str) -> None:
    """Retract every record of these sources, even of those that cannot retract by themselves, and work it through."""
    raws = {raw.record: raw for source in sources for emit in inside.topics.get(f"raw.{source}", []) if isinstance(raw := emit.value, Raw)}
    for raw in raws.values():
        inside.publish([Emit(f"raw.{raw.source}", raw.record, raw.model_copy(update={"version": _LAST, "retracts": True}))])
    inside.run()


@given(worlds())
@examples(20)
def test_nothing_stands_when_all_is_taken_back(world: World) -> None:
    """No record, no pair, no link, no presence, no order, no contact, no linked case and no release stands after every record was retracted; all are told of the levels still."""
    inside = _run(world)
    _take_back(inside, *bus.sources())
    left = {topic: inside.standing(topic) for topic in inside.topics if not topic.startswith(("raw.", "control.")) and topic not in ("reject", "audit")}
    left["notice.public"] = {key: one for key, one in left.get("notice.public", {}).items() if isinstance(one, PublicNotice) and one.level is None}
    for topic in [topic for topic in left if topic.startswith("deliver.")]:
        left[topic] = {key: one for key, one in left[topic].items() if not (isinstance(one, Release) and one.bulletin and one.bulletin.level)}
    assert not {topic for topic, standing in left.items() if standing}


@given(worlds())
@examples(20)
def test_what_was_taken_back_can_be_said_again(world: World) -> None:
    """After a retraction of everything the same said again, in higher versions, gives what it gives where nothing was said before: no stage remembers what it should not."""
    inside = _run(world)
    _take_back(inside, *bus.sources())
    again = [Emit(emit.topic, emit.key, raw.model_copy(update={"version": _LAST + 1 + raw.version}))
             for topic in sorted(inside.topics) if topic.startswith("raw.") for emit in inside.topics[topic]
             if isinstance(raw := emit.value, Raw) and raw.version < _LAST]  # fmt: skip
    fresh = bus.bus(world, bus.DEEPEST)
    for one in (inside, fresh):
        one.publish(again)
        one.run()
    wrong = difference({**bus.stands(inside), "reject": []}, {**bus.stands(fresh), "reject": []})
    assert not wrong, wrong


@given(worlds())
@examples(20)
def test_tracing_ends_with_its_cause(world: World) -> None:
    """Contacts, and contacts of contacts, do not keep each other alive: without a record that finds a case nothing stands traced, whatever was traced before."""
    inside = _run(world)
    _take_back(inside, "lab-result", "clinic-visit", "published")
    assert not {topic for topic in _TRACED if inside.standing(topic)}
