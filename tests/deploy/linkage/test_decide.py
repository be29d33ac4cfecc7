"""Decisions, and looks."""

from __future__ import annotations

import pytest

from deploy.linkage.decide import decided, reasons, taken_back
from deploy.linkage.look import TOPIC, record_look
from schemas.models.identity import Doubt, Look, Review, Verdict
from schemas.vocabulary import vocabulary
from streams.identity.links import stage
from tests.deploy.linkage.people import A, B, decision
from tests.streams.identity.small import OPENED
from tests.streams.trial import Trial


@pytest.mark.parametrize("what", ["decide", "undo", "look"])
def test_reasons_are_in_both_languages(what: str) -> None:
    """Each word has its Chinese and its English, and can be typed."""
    assert set(vocabulary("reasons")) >= {"decide", "undo", "look"}
    for word, (chinese, english) in reasons(what).items():
        assert word.replace("-", "").isalpha()
        assert not chinese.isascii()
        assert english.isascii()


def test_the_first_decision() -> None:
    """A decision names the pair in its order, the verdict, who and why, and when."""
    (made,) = decided(B, A, Verdict.SAME, "S-1", "called", 1000, [])
    assert (made.a, made.b, made.verdict, made.decider, made.reason, made.at, made.retracted) == (A, B, Verdict.SAME, "S-1", "called", 1000, False)


def test_a_decision_replaces_what_stands() -> None:
    """The new one comes first and is the later, whatever the clock says; those that stand are then taken back by who decided now."""
    stands = [decision(A, B, Verdict.SAME, 100), decision(A, B, Verdict.DIFFERENT, 5000)]
    made, *gone = decided(A, B, Verdict.SAME, "S-2", "called", 1000, stands)
    assert made.at == 5001
    assert [(one.id, one.retracted, one.decider, one.reason) for one in gone] == [(one.id, True, "S-2", "called") for one in stands]


def test_the_stage_takes_decisions_as_they_are_made() -> None:
    """Message by message: the pair is joined, then parted, never in between, and as before once all is taken back."""
    made = Trial(stage(OPENED))
    first = decided(A, B, Verdict.SAME, "S-1", "called", 1000, [])
    made.give_each(first)
    assert len(made.stands("identity.link")) == 2
    second = decided(A, B, Verdict.DIFFERENT, "S-2", "called", 900, first)
    made.give_each(second)
    assert made.stands("identity.link") == []
    made.give_each(taken_back(second[:1], "S-3", "mistake"))
    assert made.rows() == []
    assert not [one for one in made.stands("identity.review") if isinstance(one, Review) and one.doubt is not Doubt.SCORE]


class Sent:
    """A publisher that keeps what it gets."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.sent: list[tuple[str, str, object]] = []
        self.settled = False

    def send(self, topic: str, key: str, value: object) -> None:
        """Keep it."""
        self.sent.append((topic, key, value))

    def settle(self) -> None:
        """Note that it was waited for."""
        self.settled = True


def test_a_look_is_settled_before_anything_is_shown() -> None:
    """A look goes to its topic under the pair, and is acknowledged."""
    seen = Look.of(causes=["p"], at=1, a=A, b=B, by="S-1", reason="review")
    sent = Sent()
    record_look(sent, seen)
    assert sent.sent == [(TOPIC, f"{A} {B}", seen)]
    assert sent.settled
