"""Isolations under any ticks and editions of the plan, about the very moments when they are due; and a policy that is changed while people isolate."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from schemas.models.case import Role
from streams.policy import Edition, Policy, Term
from tests.oracle.content import difference
from tests.properties import bus
from tests.properties.effort import examples
from tests.properties.records import moments
from tests.properties.test_expiry import same_after_each_portion
from tests.properties.worlds import World, worlds
from tests.streams.trial import DAY, HOUR, at

_KINDS = ("apart", "apart", "apart", "chain", "household", "task-report")
_TERMS = st.builds(
    lambda site, home: Term.model_construct(site=site * DAY, home=home * DAY) if site or home else None,
    st.sampled_from((0, 0, 0, 1, 3, 7)), st.sampled_from((7, 3, 14, 3, 1, 0)),
)  # fmt: skip


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """One to three editions that follow each other while people isolate, each with days of its own."""
    days = sorted(draw(st.sets(st.integers(0, 12), min_size=1, max_size=3)))
    editions = [
        Edition.model_construct(edition=f"e{day}", since=at("2020-01-20 08:00") + day * DAY, source="of the tests",
                                days={role: term for role in Role if (term := draw(_TERMS))})
        for day in days
    ]  # fmt: skip
    return bus.POLICY.model_copy(update={"isolation": editions})


ticks = st.builds(
    lambda moment, days, more: int(datetime.fromisoformat(moment).timestamp() * 1000) + days * DAY + more,
    moments, st.sampled_from((0, 1, 3, 4, 7, 10, 14)), st.sampled_from((0, 0, -1, 1, HOUR)),
)  # fmt: skip
_SOME = st.lists(st.one_of(st.none(), ticks), min_size=8, max_size=8)


@given(worlds(5, _KINDS), _SOME, policies())
@examples(12)
def test_isolations_are_those_of_the_oracle(world: World, ticks: list[int | None], policy: Policy) -> None:
    """Contacts, returns, discharges, orders and reports in any order, with corrections, editions and ticks to the millisecond: what stands is what the oracle says."""
    same_after_each_portion(bus.bus(world, policy), world, ticks, policy)


@given(worlds(5, _KINDS), _SOME, policies(), st.integers(2, 5))
@examples(3)
def test_isolations_on_any_number_of_partitions(world: World, ticks: list[int | None], policy: Policy, partitions: int) -> None:
    """The same with several partitions: a person's orders meet the person's case, and the isolation the tasks."""
    same_after_each_portion(bus.partitioned(world, partitions, policy), world, ticks, policy)


@given(worlds(4, _KINDS), policies(), policies(), ticks)
@examples(6)
def test_another_policy_counts_for_those_who_isolate(world: World, before: Policy, after: Policy, tick: int) -> None:
    """Workers begin anew with other editions: with the next tick everybody is judged by them, as if they had always been in force."""
    inside = bus.bus(world, before)
    bus.publish(inside, world.sent)
    bus.pass_time(inside, tick)
    inside.run()
    inside.restart(bus.stages(after))
    bus.pass_time(inside, tick + 1)
    inside.run()
    topics = ("isolation", "measure.beyond", "notice")
    have, want = bus.stands(inside), bus.expected(world.sent, after, now=tick + 1)
    wrong = difference({topic: have[topic] for topic in topics}, {topic: want[topic] for topic in topics})
    assert not wrong, wrong
