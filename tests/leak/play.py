"""Random plays: what sources send, and what changes meanwhile; each is run over the real stages, and every message that they write is looked at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from schemas.agency import Agency, rules_of
from schemas.models.control import SLOTS, LevelInForce, Rules
from schemas.models.identity import Judgement, Verdict
from schemas.source import THINGS
from streams import path
from streams.memory import Bus
from streams.stage import Emit
from tests.leak.files import files
from tests.leak.watch import Watch, rest
from tests.oracle.answer import Oracle
from tests.oracle.facts import Sent, standing
from tests.properties import bus
from tests.properties.test_levels import levels
from tests.properties.worlds import World, worlds
from tests.streams.trial import DAY, at

_DAYS = {"scan": 9, "gate": 1, "visit": 6, "lab": 5, "clockin": 1, "travel": 8, "step": 6, "report": 2}
POLICY = bus.DEEPER.model_copy(update={"keep": {kind: days * DAY for kind, days in _DAYS.items()}})
"""Records are kept for days only, and contacts of contacts are traced under a level that allows it."""
_START = at("2020-01-20 08:00")


@dataclass(frozen=True)
class Change:
    """What happens with one portion of the records: the files of the agencies from now on, the time, levels that stand or fall, a verdict, an erasure."""

    agencies: list[Agency]
    tick: int | None
    levels: list[tuple[LevelInForce, bool]]
    verdict: tuple[int, int, Verdict] | None
    erased: int | None


changes = st.builds(
    Change, files, st.one_of(st.none(), st.builds(lambda days: _START + days * DAY, st.sampled_from((0, 1, 2, 3, 4, 5, 9, 20, 40)))),
    st.lists(st.tuples(levels, st.integers(0, 3).map(lambda number: number == 0)), max_size=2),
    st.one_of(st.none(), st.tuples(st.integers(0, 30), st.integers(0, 30), st.sampled_from((Verdict.SAME, Verdict.DIFFERENT)))),
    st.one_of(st.none(), st.none(), st.none(), st.integers(0, 30)),
)  # fmt: skip
Play = tuple[World, list[Change]]
_PLAYS = st.tuples(worlds(8), st.lists(changes, min_size=5, max_size=5))


def plays(number: int, first: int) -> list[Play]:
    """So many plays that follow from a seed."""
    found: list[Play] = []

    @seed(first)
    @settings(max_examples=number, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(_PLAYS)
    def collect(play: Play) -> None:
        found.append(play)

    collect()
    return found


def run(play: Play) -> Counter[str]:
    """Run one play; gives how many messages were looked at, by the first word of their topic.

    Raises:
        Leak: Something is where it must not be.
    """
    world, changes = play
    inside, watch, oracle = bus.bus(world, POLICY, ()), Watch(), Oracle(bus.sources(), (), POLICY, bus.KEYS)
    aliases = _aliases(world)
    sent: list[Sent] = []
    stands: dict[str, LevelInForce] = {}
    decided: dict[str, Judgement] = {}
    erased: set[str] = set()
    now = 0
    for portion, change in zip([*world.portions, []], changes, strict=False):
        _start(inside, world, change)
        bus.publish(inside, portion)
        watch.told.hear(portion)
        sent += portion
        _levels(inside, change, stands)
        if (verdict := _verdict(change, aliases)) is not None:
            decided[verdict.id] = verdict
            inside.publish([Emit("identity.decision", f"{verdict.a} {verdict.b}", verdict)])
            watch.told.join(verdict.a, verdict.b)
        if change.erased is not None and aliases:
            erased.add(aliases[change.erased % len(aliases)])
            bus.erase(inside, aliases[change.erased % len(aliases)])
        begin = len(inside.hops)
        inside.run()
        watch.look((hop.emit for hop in inside.hops[begin:]), change.agencies, now)
        now = max(now, change.tick or 0)
        cases = oracle.answer(sent, decided.values(), now or None, erased, stands.values())["case.linked"]
        rest({topic: inside.standing(topic).values() for topic in inside.topics if topic.startswith("deliver.")}, cases, change.agencies, now)
    return watch.counts


def _start(inside: Bus, world: World, change: Change) -> None:
    """Go on with the files of this change; that is told, and perhaps how late it is."""
    built = path.build(bus.sources(), change.agencies, POLICY, bus.KEYS)
    inside.restart([built[place] for place in world.stages])
    digest = rules_of(change.agencies)
    inside.publish(Emit("control.rules", str(first), Rules(digest=digest, first=first, last=last)) for first, last in ((0, 99), (100, SLOTS - 1)))
    if change.tick is not None:
        bus.pass_time(inside, change.tick)


def _levels(inside: Bus, change: Change, stands: dict[str, LevelInForce]) -> None:
    for fact, falls in change.levels:
        bus.declare(inside, [fact, fact.taken_back()] if falls else [fact])
        stands[fact.id] = fact
        if falls:
            del stands[fact.id]


def _aliases(world: World) -> list[str]:
    told, _ = standing(world.sent, bus.sources(), bus.KEYS)
    return sorted({token for one in told if one.kind not in THINGS for token in (one.alias, *one.tokens.values())})


def _verdict(change: Change, aliases: list[str]) -> Judgement | None:
    if change.verdict is None or len(aliases) < 2:
        return None
    one, other, verdict = change.verdict
    a, b = sorted((aliases[one % len(aliases)], aliases[other % len(aliases)]))
    return None if a == b else Judgement.of(causes=[], at=0, a=a, b=b, verdict=verdict, decider="S-1", reason="called")
