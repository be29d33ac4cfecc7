"""To whom a need is offered, when it passes on, and what each who looks may see of it."""

from __future__ import annotations

import itertools

import pytest

from schemas.models.control import Tick
from schemas.models.need import Need, NeedAsked, NeedKind, NeedLine, NeedState, Urgency, kind_key, need_name, offer_number
from schemas.models.record import OfferReport, OfferStep, ProviderReport
from streams.needs.stage import stage
from streams.policy import load
from tests.streams.trial import DAY, HOUR, Trial, at

POLICY = load()
NINE = at("2020-02-03 09:00")
HERE = "530624100001"


def need(number: str = "N-1", hours: float = 0, urgency: Urgency = Urgency.TODAY, person: str = "p1", region: str = HERE) -> NeedAsked:
    """A need so many hours after nine."""
    return NeedAsked.of(causes=[number], at=NINE + int(hours * HOUR), name=need_name("resident-need", number), person=person, alias=f"alias of {number}", need=NeedKind.FOOD,
                        urgency=urgency, quantity=1, region=region, source="resident-need")  # fmt: skip


def provider(place: str, region: str = HERE, capacity: int = 1, serves: str = "5306", hours: float = -48) -> ProviderReport:
    """What a provider offers."""
    return ProviderReport.of(causes=[f"{place} {hours}"], at=NINE + int(hours * HOUR), source="provider-report", record="r", alias=kind_key("food"), region=region,
                             need=NeedKind.FOOD, place=place, serves=serves, capacity=capacity)  # fmt: skip


def said(step: OfferStep, place: str = "SHOP-1", number: str = "N-1", hours: float = 1) -> OfferReport:
    """What a provider says to the offer of a need."""
    return OfferReport.of(causes=[f"{place} {number} {step} {hours}"], at=NINE + int(hours * HOUR), source="offer-answer", record="r", alias=kind_key("food"), need=NeedKind.FOOD,
                          place=place, number=offer_number(need_name("resident-need", number), place), step=step)  # fmt: skip


def tick(hours: float) -> Tick:
    """So many hours after nine."""
    return Tick(at=NINE + int(hours * HOUR))


def trial(*facts: NeedAsked | ProviderReport | OfferReport | Tick) -> Trial:
    """The stage with these in it."""
    inside = Trial(stage(POLICY))
    inside.give_each(facts)
    return inside


def lines(inside: Trial) -> dict[str, tuple[NeedState, str | None]]:
    """How far the need of each person is, and with which provider."""
    return {one.person: (one.line.state, one.line.place) for one in inside.stands("need") if isinstance(one, Need)}


def line(inside: Trial) -> NeedLine:
    """The only need."""
    (found,) = (one for one in inside.stands("need") if isinstance(one, Need))
    return found.line


NEAR, FAR = provider("SHOP-1"), provider("SHOP-2", "530602001")


def test_the_nearest_is_asked_first() -> None:
    """Of those that serve there: one next door that serves elsewhere is not asked, and one that has no room at all neither."""
    assert line(trial(FAR, NEAR, provider("SHOP-0", serves="53062410000"), need())).place == "SHOP-0"
    assert line(trial(FAR, NEAR, provider("SHOP-0", serves="530602"), provider("SHOP-00", capacity=0), need())).place == "SHOP-1"


def test_an_offer_passes_on() -> None:
    """When it is declined, at once; when nobody answers, to the millisecond; when all were asked, up the tree. Nobody is asked twice."""
    asked = line(trial(NEAR, FAR, need()))
    assert (asked.place, asked.due, asked.number) == ("SHOP-1", NINE + 4 * HOUR, offer_number(need_name("resident-need", "N-1"), "SHOP-1"))
    declined = line(trial(NEAR, FAR, need(), said(OfferStep.DECLINED)))
    assert (declined.place, declined.due) == ("SHOP-2", NINE + 5 * HOUR)
    assert line(trial(NEAR, FAR, need(), Tick(at=NINE + 4 * HOUR - 1))).place == "SHOP-1"
    assert line(trial(NEAR, FAR, need(), tick(4))).place == "SHOP-2"
    unmet = [line(trial(NEAR, FAR, need(), tick(hours))) for hours in (8, 20, 32)]
    assert [(one.state, one.escalated_to) for one in unmet] == [(NeedState.UNMET, HERE), (NeedState.UNMET, HERE[:9]), (NeedState.UNMET, HERE[:6])]


def test_what_was_accepted_stays() -> None:
    """However late it was accepted, the provider has it; an urgent need takes an offer from one that can wait, but nothing that was accepted."""
    assert lines(trial(NEAR, FAR, need(), tick(9), said(OfferStep.ACCEPTED, hours=9))) == {"p1": (NeedState.ACCEPTED, "SHOP-1")}
    urgent = need("N-2", 1, Urgency.NOW, "p2")
    assert lines(trial(NEAR, FAR, need(), urgent)) == {"p1": (NeedState.OFFERED, "SHOP-2"), "p2": (NeedState.OFFERED, "SHOP-1")}
    assert lines(trial(NEAR, FAR, need(), urgent, said(OfferStep.ACCEPTED)))["p2"] == (NeedState.OFFERED, "SHOP-2")
    assert lines(trial(NEAR, need(), said(OfferStep.DONE, hours=3), said(OfferStep.DECLINED, hours=4))) == {"p1": (NeedState.DONE, "SHOP-1")}


def test_room_is_of_a_day() -> None:
    """Who has no room is asked at midnight in China, fifteen hours after nine; until then nobody has the second need."""
    two = (NEAR, need(), said(OfferStep.ACCEPTED), need("N-2", 1, person="p2"))
    assert lines(trial(*two))["p2"] == (NeedState.UNMET, None)
    assert lines(trial(*two, Tick(at=NINE + 15 * HOUR - 1)))["p2"] == (NeedState.UNMET, None)
    assert lines(trial(*two, tick(15)))["p2"] == (NeedState.OFFERED, "SHOP-1")


def test_a_new_day_does_not_begin_the_wait_anew() -> None:
    """Who found nobody yesterday and finds nobody today has been waiting since then: half a day later it is the township's, and stays there after midnight."""
    today = (need("N-3", 16, person="p3"), said(OfferStep.ACCEPTED, number="N-3", hours=16))
    inside = trial(NEAR, need(), said(OfferStep.ACCEPTED), need("N-2", 1, person="p2"), *today, tick(16))
    (waits,) = (one.line for one in inside.stands("need") if isinstance(one, Need) and one.person == "p2")
    assert (waits.state, waits.escalated_to) == (NeedState.UNMET, HERE[:9])


def test_reports_of_one_person_are_one_need() -> None:
    """Of several people, or a day later, they are several; the most urgent and the first count. An answer to any of them is one to the need."""
    again = need("N-2", 2, Urgency.NOW)
    inside = trial(NEAR, need(), again)
    assert (line(inside).urgency, line(inside).since) == (Urgency.NOW, NINE)
    assert len(inside.stands("case.needed")) == 2
    assert len(trial(NEAR, need(), need("N-2", 25)).stands("need")) == 2
    assert lines(trial(NEAR, need(), again, said(OfferStep.ACCEPTED, number="N-2"))) == {"p1": (NeedState.ACCEPTED, "SHOP-1")}


def test_an_answer_to_the_offer_of_another_counts_for_nothing() -> None:
    """The number is that of one provider: another that learned it cannot take the need."""
    stolen = said(OfferStep.ACCEPTED).model_copy(update={"place": "SHOP-2"})
    assert lines(trial(NEAR, FAR, need(), stolen)) == {"p1": (NeedState.OFFERED, "SHOP-1")}


def test_what_is_taken_back_leaves_nothing() -> None:
    """A need that is taken back frees the room; when all is, nothing stands, and the clock alone is kept."""
    facts = (NEAR, need(), said(OfferStep.DECLINED), need("N-2", 1, person="p2"))
    inside = trial(*facts)
    for fact in facts:
        inside.give(fact.taken_back())
    assert not inside.stands("need")
    assert not inside.stands("case.needed")


FACTS = (NEAR, FAR, need(), need("N-2", 1, Urgency.NOW, "p2"), said(OfferStep.DECLINED, number="N-2"), tick(4))


@pytest.mark.parametrize("order", [pytest.param(order, id=str(number)) for number, order in enumerate(itertools.islice(itertools.permutations(FACTS), 0, 720, 31))])
def test_the_order_does_not_matter(order: tuple[NeedAsked | ProviderReport | OfferReport | Tick, ...]) -> None:
    """The urgent need was declined by the near shop, which has room for the other; whatever came first."""
    assert lines(trial(*order)) == {"p1": (NeedState.OFFERED, "SHOP-2"), "p2": (NeedState.UNMET, None)}


def test_a_day_is_a_day() -> None:
    """What was accepted on one day takes no room of the next."""
    facts = (NEAR, need(), said(OfferStep.ACCEPTED), need("N-2", 24, person="p2"))
    assert lines(trial(*facts))["p2"] == (NeedState.OFFERED, "SHOP-1")
    assert NINE + 24 * HOUR == NINE + DAY
