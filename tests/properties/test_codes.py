"""No two agencies can join their copies by what they call people and facts, unless their files name a joint purpose."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable

from hypothesis import given
from hypothesis import strategies as st

from schemas.agency import Agency, Joint
from schemas.models.release import Release
from streams import path
from streams.memory import Bus
from streams.stage import Emit
from tests.oracle.releases import called
from tests.properties import bus
from tests.properties.effort import examples
from tests.properties.worlds import World, worlds

_JOINT = Joint(name="chain", legal_basis="Law, article 20")
_CODE = re.compile(r"[0-9a-f]{32}")


def _agencies(together: Collection[str]) -> list[Agency]:
    """The shipped agencies; the first purpose of some of them is joint."""
    return [one.model_copy(update={"purposes": [one.purposes[0].model_copy(update={"joint": _JOINT}), *one.purposes[1:]]}) if one.name in together else one
            for one in bus.agencies()]  # fmt: skip


def _codes(emits: Iterable[Emit]) -> set[str]:
    return {code for emit in emits for code in _CODE.findall(f"{emit.key} {emit.value.model_dump_json()}")}


def _places(emits: Iterable[Emit]) -> set[str]:
    """Places that only a published text names have a token too; a place is called the same by everybody."""
    views = [emit.value.view for emit in emits if isinstance(emit.value, Release)]
    meetings = [meeting for view in views for meeting in [*(view.contacts or []), *(view.contact_of or [])]]
    return {line.place for view in views for line in view.timeline or [] if line.place} | {place for meeting in meetings for place in meeting.places}


def _written(world: World, agencies: list[Agency]) -> list[Emit]:
    """Every message that was ever written."""
    inside = bus.bus(world)
    built = path.build(bus.sources(), agencies, bus.POLICY, bus.KEYS)
    inside.restart([built[place] for place in world.stages])
    for portion in world.portions:
        bus.publish(inside, portion)
        inside.run()
    assert isinstance(inside, Bus)
    return [hop.emit for hop in inside.hops]


@given(worlds(), st.sets(st.sampled_from([agency.name for agency in bus.agencies()])))
@examples(30)
def test_agencies_share_no_code(world: World, together: set[str]) -> None:
    """Of all that was ever released or taken back, two agencies have codes in common only of people, and only those of a joint purpose of both.

    And no agency has a code that stands on any other topic, but for the ids of releases, which the audit names.
    """
    agencies = _agencies(together)
    written = _written(world, agencies)
    told = {agency.name: [emit for emit in written if emit.topic == f"deliver.{agency.name}"] for agency in agencies}
    inner = _codes(emit for emit in written if not emit.topic.startswith(("deliver.", "audit")))
    joint = {called(one, one.purposes[0], key, bus.KEYS) for one in agencies if one.name in together for key in inner}
    codes = {name: _codes(emits) - _places(emits) for name, emits in told.items()}
    for one, other in itertools.combinations(agencies, 2):
        common = codes[one.name] & codes[other.name]
        assert common <= joint if {one.name, other.name} <= together else not common
    for name, emits in told.items():
        ids = {emit.value.id for emit in emits if isinstance(emit.value, Release)}
        assert not (codes[name] - ids) & inner
