"""The stage of needs alone, on hundreds of small worlds in which room, turns and times to answer are tight: what stands is what the oracle says, in any order."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas.models.control import Tick
from schemas.models.fact import Fact
from schemas.models.need import Need, NeedAsked, NeedKind, kind_key, need_name, offer_number
from schemas.models.record import OfferReport, ProviderReport
from streams.needs.stage import stage
from streams.policy import load
from tests.oracle.cases import each_once
from tests.oracle.facts import Told
from tests.oracle.needs import needs
from tests.properties.effort import examples
from tests.streams.trial import HOUR, Trial, at

POLICY = load()
_NINE = at("2020-02-03 09:00")
_HOURS = st.sampled_from((0, 0, 0.5, 1, 4, 5, 8, 15, 24, 25, 39))
"""When an offer passes on, when it is midnight, and what is one need, are among these."""
_PLACES = st.sampled_from(("SHOP-1", "SHOP-1", "SHOP-2"))
_NUMBERS = st.sampled_from(("N-1", "N-1", "N-2", "N-3"))


def _at(hours: float, late: int = 0) -> int:
    return _NINE + int(hours * HOUR) + late


_moments = st.builds(_at, _HOURS, st.sampled_from((0, 0, 0, -1, 1)))
_needs = st.fixed_dictionaries({
    "at": _moments, "person": st.sampled_from(("p1", "p2", "p3")), "urgency": st.sampled_from(("now", "today", "today", "soon")),
    "region": st.sampled_from(("530624100001", "530624100001", "530602")), "quantity": st.sampled_from((1, 3)),
})  # fmt: skip
_providers = st.fixed_dictionaries({
    "at": st.sampled_from((_NINE - 1, _NINE)), "place": _PLACES, "region": st.sampled_from(("530624100001", "530624", "53")), "serves": st.sampled_from(("53", "53", "530624")),
    "capacity": st.sampled_from((1, 1, 2, 0)),
})  # fmt: skip
_answers = st.fixed_dictionaries({"at": _moments, "place": _PLACES, "of": _NUMBERS, "step": st.sampled_from(("accepted", "declined", "declined", "done"))})
Says = dict[str, Any]


def _told(kind: str, number: str, alias: str, says: Says) -> Told:
    return Told(kind, "resident-need", number, 1, alias, None, says | {"need": "food"}, {}, "", (), b"")


def _facts(asked: dict[str, Says], offers: list[Says], answers: list[Says]) -> tuple[list[Fact], list[Told]]:
    """The same for the stage and for the oracle."""
    common = {"record": "r", "source": "s", "need": NeedKind.FOOD}
    facts: list[Fact] = [NeedAsked.of(causes=[number], name=need_name("resident-need", number), alias=says["person"], source="resident-need", need=NeedKind.FOOD, **says)
                         for number, says in asked.items()]  # fmt: skip
    told = [_told("need", number, says["person"], says) for number, says in asked.items()]
    for says in offers:
        facts.append(ProviderReport.of(causes=[], alias=kind_key("food"), **common, **says))
        told.append(_told("provider", "", "", says))
    for one in answers:
        says = {name: value for name, value in one.items() if name != "of"} | {"number": offer_number(need_name("resident-need", one["of"]), one["place"])}
        facts.append(OfferReport.of(causes=[], alias=kind_key("food"), **common, **says))
        told.append(_told("offer", "", "", says))
    return facts, told


@given(st.dictionaries(_NUMBERS, _needs, min_size=1), st.lists(_providers, max_size=3), st.lists(_answers, max_size=3), _moments, st.randoms(use_true_random=False))
@examples(150)
def test_needs_are_matched_as_the_oracle_says(asked: dict[str, Says], offers: list[Says], answers: list[Says], now: int, chance: Any) -> None:
    """By urgency and time, to the nearest, while there is room; declined, unanswered, accepted, done and unmet, with escalation, whatever came first."""
    facts, told = _facts(asked, offers, answers)
    arrival: list[Fact | Tick] = [*facts, Tick(at=now)]
    chance.shuffle(arrival)
    inside = Trial(stage(POLICY))
    inside.give_each(arrival)
    found = [one.model_dump(mode="json", exclude={"id", "causes", "retracted"}) for one in inside.stands("need") if isinstance(one, Need)]
    assert each_once(found) == each_once(needs(told, {}, POLICY, now)[0])
