"""Levels and risk areas follow from the set of what people signed: proposals, approvals, ends, what took them back, and forgeries among them, in any order."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from schemas.models import control
from schemas.models.control import Level
from schemas.models.fact import Signed
from schemas.signing import Signatures
from schemas.staff import Member
from streams.decisions.stage import stage
from streams.memory import Bus
from streams.policy import load
from streams.stage import Emit
from tests.office import BUS, OFFICE, signed
from tests.oracle.cases import Content
from tests.oracle.decisions import Signer, in_force
from tests.properties.effort import examples
from tests.properties.partitioned import PartitionedBus
from tests.streams.trial import DAY, at

_NOW = at("2020-01-20 08:00")
_POLICY = load()
_STAGE = stage(_POLICY, Signatures(OFFICE, BUS))
_ZONE = ZoneInfo("Asia/Shanghai")
Told = tuple[str, Signed]
_who = st.sampled_from((*("OP-1", "OP-2", "OP-3") * 4, *OFFICE.staff, "OP-LEFT", "OP-NOBODY"))
_region = st.sampled_from(("53", "530624", "530629"))
_law = st.sampled_from((*("突发公共卫生事件应急条例, art. 27", "突发公共卫生事件应急条例, art. 33") * 3, "An order"))


def _signer(one: Member) -> Signer:
    first = datetime.combine(one.since, time(), _ZONE).timestamp() * 1000 if one.since else float("-inf")
    end = datetime.combine(one.until + timedelta(days=1), time(), _ZONE).timestamp() * 1000 if one.until else float("inf")
    return Signer(one.public, frozenset(one.roles), one.area, first, end)


_OFFICE = {code: [_signer(one) for one in OFFICE.ever(code)] for code in {*OFFICE.staff, *OFFICE.former}}


@st.composite
def _proposals(draw: Callable[[Any], Any]) -> Told:
    since = _NOW + draw(st.integers(-3, 3)) * DAY
    content = {"at": _NOW + draw(st.sampled_from((0, 0, 20 * DAY))), "region": draw(_region), "legal_basis": draw(_law), "since": since, "by": draw(_who),
               "until": since + draw(st.sampled_from((14, 14, 14, 1, 30, 0, 31, 91))) * DAY, "reason": "outbreak"}  # fmt: skip
    if draw(st.booleans()):
        return "level.proposal", control.LevelProposal.of(causes=[], level=draw(st.sampled_from((*(Level.ALERT, Level.EMERGENCY) * 3, Level.PEACE))), **content)
    return "area.proposal", control.AreaProposal.of(causes=[], **(content | {"region": draw(st.sampled_from(("4301", "MM", "CN")))}))


def _answers(draw: Callable[[Any], Any], to: Told) -> Told:
    """An approval or an end of a proposal, now and then for another division."""
    matter, proposal = to[0].partition(".")[0], to[1]
    assert isinstance(proposal, control.LevelProposal | control.AreaProposal)
    region = draw(st.sampled_from((*[proposal.region] * 5, "53")))
    content = {"at": _NOW + draw(st.integers(0, 2)) * DAY, "region": region, "proposal": proposal.id, "by": draw(_who)}
    if draw(st.sampled_from((*[True] * 4, False))):
        return f"{matter}.approval", getattr(control, f"{matter.title()}Approval").of(causes=[proposal.id], **content)
    end = {"until": proposal.since + draw(st.integers(0, 3)) * DAY, "reason": "over"}
    return f"{matter}.end", getattr(control, f"{matter.title()}End").of(causes=[proposal.id], **content, **end)


def _said(draw: Callable[[Any], Any], one: Told) -> Told:
    """Signed as it should be, mostly; or by somebody else, for another topic or bus, with something changed after, with a key that is over, or by nobody."""
    topic, fact = one
    how = draw(st.sampled_from((*["well"] * 18, "key", "other", "topic", "bus", "changed", "unsigned")))
    if how == "unsigned":
        return one
    if how == "topic":
        return topic, signed("area.end" if topic != "area.end" else "level.end", fact)
    made = signed(topic, fact, code="OP-2" if how == "other" else "", which=int(how == "key"), bus="" if how == "bus" else BUS)
    return topic, made.model_copy(update={"at": made.at + 1}) if how == "changed" else made


@st.composite
def histories(draw: Callable[[Any], Any]) -> list[Told]:
    """What was written to the six topics, with what was taken back, copied and written twice."""
    proposals = draw(st.lists(_proposals(), min_size=1, max_size=4))
    plain = proposals + [_answers(draw, one) for one in proposals for _ in range(draw(st.integers(1, 4)))]
    made = [_said(draw, one) for one in plain]
    made += [_said(draw, (topic, fact.taken_back())) for topic, fact in plain if draw(st.sampled_from((*[False] * 9, True)))]
    return made + [one for one in made if draw(st.booleans())]


def _content(fact: Any) -> Content:
    found: Content = fact.model_dump(mode="json", exclude={"id", "causes", "retracted"})
    return found


def _order(content: Content) -> str:
    return json.dumps(content, sort_keys=True)


def _agrees(inside: Bus | PartitionedBus, told: list[Told]) -> None:
    inside.publish(Emit(topic, str(fact.region), fact) for topic, fact in told)  # type: ignore[attr-defined]
    inside.run()
    for topic, contents in in_force(told, _OFFICE, BUS, _POLICY).items():
        assert sorted(map(_content, inside.standing(topic).values()), key=_order) == sorted(contents, key=_order)


@given(histories(), st.randoms(use_true_random=False), st.integers(1, 5))
@examples(60)
def test_any_order_gives_what_the_oracle_says(told: list[Told], order: random.Random, batch: int) -> None:
    """In the order of writing and in another, in batches of any size, and again after that."""
    inside = Bus([_STAGE], lambda _: batch)
    _agrees(inside, told)
    before = inside.standing("control.level"), inside.standing("control.area")
    _agrees(inside, told)
    shuffled = Bus([_STAGE], lambda waiting: waiting)
    _agrees(shuffled, order.sample(told, len(told)))
    assert (shuffled.standing("control.level"), shuffled.standing("control.area")) == before


@given(histories(), st.integers(2, 4))
@examples(12)
def test_every_partition_is_told(told: list[Told], partitions: int) -> None:
    """On each partition stands the same."""
    inside = PartitionedBus([_STAGE], partitions, lambda waiting: waiting)
    _agrees(inside, told)
    for topic in ("control.level", "control.area"):
        logs = [inside._logs.get((topic, partition), []) for partition in range(partitions)]
        assert all(log == logs[0] for log in logs)
