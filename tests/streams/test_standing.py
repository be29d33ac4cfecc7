"""Where assertions and retractions meet a state."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.avro import unpack
from schemas.models.fact import Fact
from schemas.models.movement import Presence
from schemas.models.raw import Raw
from streams.memory import MemoryState
from streams.rows import Table
from streams.stage import Verdict
from streams.standing import VIEWS, changes, standing, take
from tests.streams.trial import taken_back, values

HERE = Table(1, "A row.").about("here")


def presence(number: int) -> Presence:
    """A presence."""
    return Presence.of(causes=[], at=number, until=number, alias="a" * 32, place="MKT-1")


def test_take() -> None:
    """A fact stands once and falls once; anything that changes nothing is a duplicate."""
    state = MemoryState()
    steps = [presence(1).taken_back(), presence(1), presence(1), presence(1).taken_back(), presence(1).taken_back()]
    verdicts = [take(state, HERE, fact).verdict for fact in steps]
    assert verdicts == [Verdict.DUPLICATE, Verdict.APPLIED, Verdict.DUPLICATE, Verdict.APPLIED, Verdict.DUPLICATE]
    assert state.get(HERE) is None
    take(state, HERE, presence(1))
    assert unpack(Presence, state.get(HERE) or b"") == presence(1)


def test_take_writes_and_touches_nothing_else() -> None:
    """What follows from a fact is for the stage to say."""
    outcome = take(MemoryState(), HERE, presence(1))
    assert (outcome.emits, outcome.touched) == ([], [])


FACTS = st.lists(st.integers(0, 6).map(presence), max_size=5, unique_by=lambda fact: fact.id)


@settings(deadline=None, max_examples=100)
@given(FACTS, FACTS)
def test_changes_lead_from_old_to_new(old: list[Presence], new: list[Presence]) -> None:
    """Who had the old facts and reads the changes has the new ones: what went is taken back before what came is asserted, and what stays is not written."""
    emits = list(changes(old, new, "presence", lambda fact: fact.place))
    written = values(emits, Presence)
    kept = {fact.id for fact in old} & {fact.id for fact in new}
    assert [fact for fact in written if fact.retracted] == taken_back(fact for fact in old if fact.id not in kept)
    assert [fact for fact in written if not fact.retracted] == [fact for fact in new if fact.id not in kept]
    assert [fact.retracted for fact in written] == sorted((fact.retracted for fact in written), reverse=True)
    assert {(emit.topic, emit.key) for emit in emits} <= {("presence", "MKT-1")}
    stands = standing("presence", [*(("", fact) for fact in old), *((emit.key, emit.value) for emit in emits)])
    assert sorted(stands) == sorted(fact.id for fact in new)


def test_facts_stand_by_id() -> None:
    """On a topic of facts each stands until it is taken back, whatever its key, and one that is taken back before it came leaves nothing."""
    one, two = presence(1), presence(2)
    assert standing("presence", [("k", one), ("k", two), ("k", one)]) == {one.id: one, two.id: two}
    assert standing("presence", [("k", one), ("other", one.taken_back()), ("k", two.taken_back())]) == {}


def test_views_stand_by_key() -> None:
    """On a view the latest fact of a key replaces the one before it, and a retraction of the latest, or of the one before, ends the key."""
    one, two = presence(1), presence(2)
    for topic in ("identity.link", "case.linked", "deliver.county-cdc"):
        assert topic.startswith(VIEWS)
        assert standing(topic, [("k", one), ("k", two), ("l", one)]) == {"k": two, "l": one}
        assert standing(topic, [("k", one), ("k", two), ("k", two.taken_back())]) == {}


def test_what_is_no_fact_does_not_stand() -> None:
    """A raw message has no identity as a fact."""
    raw = Raw(source="s", record="r", version=1, digest="d", body=b"", received_at=0)
    assert not isinstance(raw, Fact)
    assert standing("raw.s", [("r", raw)]) == {}
