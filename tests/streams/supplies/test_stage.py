"""What a place has of an item, when it is warned of, and what a dispatch changes."""

from __future__ import annotations

import itertools

from schemas.models.control import Tick
from schemas.models.record import DispatchReport, DispatchStep, StockReport, SupplyItem
from schemas.models.supply import Cover, Dispatch, Supply
from streams.policy import load
from streams.supplies.stage import stage
from tests.streams.trial import DAY, HOUR, Trial, at

POLICY = load()
NOON = at("2020-02-01 12:00")


def stock(on_hand: int, used: int, days: float = 0, place: str = "CLIN-1") -> StockReport:
    """A report so many days after noon."""
    return StockReport.of(causes=[f"{place} {days}"], at=NOON + int(days * DAY), source="stock-report", record="r", alias="a", region="530624", place=place,
                          item=SupplyItem.MASK, on_hand=on_hand, used=used)  # fmt: skip


def moved(step: DispatchStep, quantity: int = 50, days: float = 1, to: str = "CLIN-1", number: str = "D-1") -> DispatchReport:
    """A step so many days after noon of a dispatch from a depot."""
    return DispatchReport.of(causes=[f"{number} {step}"], at=NOON + int(days * DAY), source="dispatch-report", record="r", alias="a", number=number, place="DEPOT-1",
                             to=to, item=SupplyItem.MASK, quantity=quantity, step=step, by="OP-1")  # fmt: skip


def tick(days: float) -> Tick:
    """So many days after noon."""
    return Tick(at=NOON + int(days * DAY))


def trial(*facts: StockReport | DispatchReport | Tick) -> Trial:
    """The stage with these in it."""
    inside = Trial(stage(POLICY))
    inside.give_each(facts)
    return inside


def of(inside: Trial, place: str = "CLIN-1") -> Supply:
    """What stands of a place."""
    (found,) = (one for one in inside.stands("supply") if isinstance(one, Supply) and one.place == place)
    return found


def test_a_shortage_is_warned_of_before_it_happens() -> None:
    """Ten days of cover are enough; three days before the end it is low, to the millisecond, and at the end it is empty. Nobody has to report for that."""
    inside = trial(stock(100, 10))
    assert (of(inside).state, of(inside).cover, of(inside).short_on) == (Cover.OK, 10.0, NOON + 10 * DAY)
    inside.give(Tick(at=NOON + 7 * DAY - 1))
    assert of(inside).state is Cover.OK
    inside.give(tick(7))
    assert of(inside).state is Cover.LOW
    inside.give(tick(10))
    assert of(inside).state is Cover.EMPTY
    inside.give(stock(200, 10, 9.5))
    assert of(inside).state is Cover.OK


def test_the_use_is_the_mean_of_a_week() -> None:
    """Of what was reported in the seven days up to the latest report; one of exactly a week before counts no more."""
    inside = trial(stock(90, 70, 0), stock(60, 10, 1), stock(30, 20, 7))
    assert (of(inside).on_hand, of(inside).use_per_day, of(inside).cover) == (30, 15.0, 2.0)


def test_a_dispatch_from_proposal_to_receipt() -> None:
    """Only what is sent leaves, and only what is received, as it was counted there, is there; what is intended or on its way is shown beside."""
    inside = trial(stock(20, 10), stock(500, 0, place="DEPOT-1"), moved(DispatchStep.PROPOSED))
    assert (of(inside).on_hand, of(inside).to_get, of(inside, "DEPOT-1").to_give) == (20, 50, 50)
    inside.give(moved(DispatchStep.ACCEPTED), moved(DispatchStep.SENT))
    assert (of(inside).on_hand, of(inside).to_get, of(inside).coming) == (20, 0, 50)
    assert (of(inside, "DEPOT-1").on_hand, of(inside, "DEPOT-1").to_give, of(inside, "DEPOT-1").short_on) == (450, 0, None)
    inside.give(moved(DispatchStep.RECEIVED, 48))
    assert (of(inside).on_hand, of(inside).coming, of(inside).cover) == (68, 0, 6.8)
    (one,) = inside.stands("dispatch")
    assert isinstance(one, Dispatch)
    assert (one.step, one.quantity) == (DispatchStep.RECEIVED, 48)


def test_what_is_in_a_later_report_counts_once() -> None:
    """A stock that was counted after the receipt has the goods in it."""
    inside = trial(stock(20, 10), moved(DispatchStep.SENT), moved(DispatchStep.RECEIVED), stock(60, 10, 2))
    assert of(inside).on_hand == 60
    inside.give(stock(60, 10, 2).taken_back())
    assert of(inside).on_hand == 70


def test_a_refused_dispatch_gives_nothing() -> None:
    """Neither intended nor on its way; but what was sent all the same is."""
    inside = trial(stock(20, 10), moved(DispatchStep.PROPOSED), moved(DispatchStep.REFUSED))
    assert (of(inside).to_get, of(inside).coming) == (0, 0)
    inside.give(moved(DispatchStep.SENT))
    assert (of(inside).to_get, of(inside).coming) == (0, 50)


def test_a_corrected_destination_leaves_nothing_behind() -> None:
    """The place that was named first has nothing to come any more; a dispatch of which no step stands is none."""
    inside = trial(stock(20, 10), stock(20, 10, place="CLIN-2"), moved(DispatchStep.SENT))
    inside.give(moved(DispatchStep.SENT).taken_back(), moved(DispatchStep.SENT, to="CLIN-2"))
    assert (of(inside).coming, of(inside, "CLIN-2").coming) == (0, 50)
    inside.give(moved(DispatchStep.SENT, to="CLIN-2").taken_back())
    assert (of(inside, "CLIN-2").coming, inside.stands("dispatch")) == (0, [])


def test_nothing_is_left_of_what_is_taken_back() -> None:
    """Without its report a place has no view, and the state no row."""
    inside = trial(stock(20, 10), moved(DispatchStep.SENT))
    inside.give(stock(20, 10).taken_back(), moved(DispatchStep.SENT).taken_back())
    assert inside.stands("supply") == []
    assert list(inside.state.sweep(b"", b"\xff")) == []


def test_any_order_and_any_batches() -> None:
    """Whatever comes first, and in how many batches: the same stands."""
    facts: list[StockReport | DispatchReport | Tick] = [stock(20, 10), moved(DispatchStep.SENT), moved(DispatchStep.RECEIVED, days=1 + HOUR / DAY), tick(5)]
    expected = of(trial(*facts))
    for order in itertools.permutations(facts):
        whole = Trial(stage(POLICY))
        whole.give(*order)
        assert of(whole) == of(trial(*order)) == expected
