"""What is carried over when the secret of tokens is renewed gives the answer of the oracle under both secrets, whenever, in whatever pieces and however often."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from schemas.models.rotation import Carried
from schemas.tokens import Keys
from streams.memory import Bus
from streams.normalise.renewal import Renewal
from streams.normalise.stage import VERSION
from streams.policy import Policy
from streams.stage import Emit
from tests.levels import STORY
from tests.oracle.answer import Answer
from tests.oracle.content import difference
from tests.oracle.facts import Sent, body
from tests.properties import bus
from tests.properties.effort import examples
from tests.properties.partitioned import PartitionedBus
from tests.properties.test_expiry import moments
from tests.properties.worlds import World, worlds

SECRETS = (b"the secret of the tests, of no use elsewhere", b"what renewed the secret of the tests, of no use")
NOW = Keys(SECRETS)
RENEWAL = Renewal(bus.sources(), bus.KEYS, NOW)
_ROWS = 1
"""Number of the table of records in the state of normalise."""
pieces = st.lists(st.lists(st.integers(0, 9), max_size=3), min_size=4, max_size=4)
"""After each portion which tenths of the rows, as they are then, are carried, one after another."""


class Remembering(Keys):
    """Both secrets, with the digests of bodies that name a person by a key of before; the oracle is given them with the key of now."""

    def __init__(self, bodies: dict[bytes, bytes]) -> None:
        """Take for each body under keys of now the one that was sent."""
        super().__init__(SECRETS)
        self._bodies = bodies

    def digest(self, data: bytes) -> str:
        """The digest of what was sent."""
        return super().digest(self._bodies.get(data, data))


def named_now(sent: Sent) -> Sent:
    """A record that says a key of the bus, as its source would say it after the renewal."""
    source, fields = sent
    return source, dict(fields) | ({"person": NOW.renewed(str(fields["person"]))} if fields.get("person") else {})


def carry(before: Bus, now: Bus | PartitionedBus, tenths: Iterable[int]) -> None:
    """Carry some tenths of the rows as they are now."""
    rows = [data for key, data in before.rows("normalise") if key[0] == _ROWS]
    for tenth in tenths:
        found = [one for place, data in enumerate(rows) if place % 10 == tenth and (one := RENEWAL(data))]
        now.publish([Emit("carried", record, Carried(record=record, form=VERSION, row=row)) for record, row in found])


def carried_over(world: World, now: Bus | PartitionedBus, pieces: list[list[int]], last: int, policy: Policy, tick: int | None = None) -> None:
    """Run all portions but the last ones before the renewal, carrying pieces meanwhile, then everything, then the last portions after it."""
    before = Bus(bus.stages(policy)[:1])
    cut = max(0, len(world.portions) - last)
    for portion, tenths in zip(world.portions[:cut], pieces, strict=False):
        bus.publish(before, portion)
        before.run()
        carry(before, now, tenths)
        now.run()
    bus.declare(now, STORY)  # also where they were told before: rows that came earlier are used anew
    if tick is not None:
        bus.pass_time(before, tick)
        before.run()
        bus.pass_time(now, tick)
    carry(before, now, range(10))
    now.run()
    old = [one for portion in world.portions[:cut] for one in portion]
    bodies = {body(named_now(one)[1]): body(one[1]) for one in old}
    told = [named_now(one) for one in old]
    _agree(now, told, bodies, policy, tick)
    for portion in world.portions[cut:]:
        bus.publish(now, [one if one in old else named_now(one) for one in portion], NOW)
        now.run()
        told += map(named_now, portion)
    carry(before, now, range(10))
    now.run()
    _agree(now, told, bodies, policy, tick)


def _agree(now: Bus | PartitionedBus, told: list[Sent], bodies: dict[bytes, bytes], policy: Policy, tick: int | None) -> None:
    expected = bus.expected(told, policy, now=tick, keys=Remembering(bodies))
    wrong = difference(_without_rejects(bus.stands(now, NOW)), _without_rejects(expected))
    assert not wrong, wrong


def _without_rejects(answer: Answer) -> Answer:
    """What was refused before the renewal is told there, and not again."""
    return {topic: found for topic, found in answer.items() if topic != "reject"}


@given(worlds(), pieces, st.integers(0, 2), st.booleans())
@examples(20)
def test_what_is_carried_over_is_the_answer_under_both_secrets(world: World, pieces: list[list[int]], last: int, late: bool) -> None:
    """Rows carried at any moment, in any pieces, any number of times, before or after the levels, and again after records came to the new bus: as the oracle says."""
    carried_over(world, bus.bus(world, levels=() if late else STORY, keys=NOW), pieces, last, bus.POLICY)


@given(worlds(), pieces, st.integers(0, 2), st.integers(2, 4))
@examples(8)
def test_carried_over_on_any_number_of_partitions(world: World, pieces: list[list[int]], last: int, partitions: int) -> None:
    """The same where the new bus has several partitions."""
    carried_over(world, bus.partitioned(world, partitions, keys=NOW), pieces, last, bus.POLICY)


@given(worlds(), pieces, st.integers(0, 2), moments)
@examples(10)
def test_what_expired_before_or_on_the_way_is_not_carried_over(world: World, pieces: list[list[int]], last: int, tick: int) -> None:
    """Time passes on both buses: what is kept no longer stands on neither."""
    carried_over(world, bus.bus(world, bus.FORGETFUL, keys=NOW), pieces, last, bus.FORGETFUL, tick)
