"""Contents of records of needs, of providers and of their answers, about the edges of what is one need and of when an offer passes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from schemas.models.need import need_name, offer_number
from tests.properties.people import KEYS, Human
from tests.properties.records import Draw, Fields, People, household, later, moments

_BAD = "sideways"
NEEDS = ("N-1", "N-1", "N-2", "N-3")
"""Numbers of requests, and of the offers of all of them to both providers."""
OFFERS = tuple(offer_number(need_name("resident-need", KEYS.token("record", "resident-need", number)), place) for number in NEEDS for place in ("SHOP-1", "SHOP-2"))


@st.composite
def need(draw: Draw, people: People) -> Fields:
    """What somebody needs."""
    return _named(draw(people)) | {
        "at": draw(moments), "region": draw(_of(("530624100001", "530624100001", "530624100001003", "530602"))), "need": draw(_of((*("食品", "food") * 4, "买药", _BAD))),
        "urgency": draw(_of(("立即", "today", "当日", "近日"))), "people": draw(_of(("", "", "1", "3", "0"))),
    }  # fmt: skip


@st.composite
def provider(draw: Draw, _people: People) -> Fields:
    """What a provider offers; its code and the kind are of its identity."""
    return {
        "at": draw(moments), "region": draw(_of(("530624100001", "530624100", "5306"))), "serves": draw(_of(("530624", "5306", "530624100001", "530602"))), "a_day": draw(_of(("1", "1", "2", "0", "5"))),
    }  # fmt: skip


@st.composite
def answer(draw: Draw, _people: People) -> Fields:
    """What a provider says to an offer; its number, the provider and what it says are of its identity."""
    return {"at": draw(moments), "need": draw(_of(("食品", "食品", "食品", "food", "买药")))}


@st.composite
def needing(draw: Draw, people: People) -> list[tuple[str, Fields]]:
    """Needs of a few people about a time, at the edges of what is one need and of when an offer passes on, with providers who have room for few and answer or not."""
    at = draw(moments)
    told: list[tuple[str, Fields]] = [("household", draw(household(people)))] * draw(_of((0, 1)))
    told += [("provider-report", draw(provider(people)) | {"at": at, "serves": draw(_of(("530624", "5306")))}) for _ in range(draw(_of((1, 2))))]
    for _ in range(draw(_of((1, 2, 2)))):
        told.append(("resident-need", draw(need(people)) | {"at": later(draw, at, 0, 0.5, 4, 24), "need": "食品", "region": "530624100001"}))
    return told + [("offer-answer", {"at": later(draw, at, 0, 0.25, 0.5, 4, 24), "need": "食品"}) for _ in range(draw(_of((0, 1, 1, 2))))]


NEEDS_CONTENTS: dict[str, Callable[[People], st.SearchStrategy[Fields]]] = {"resident-need": need, "provider-report": provider, "offer-answer": answer}
"""By source, what a record may say beside its identity and version."""


def _of(values: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


def _named(who: Human) -> Fields:
    return {"name": who.name, "phone": who.phone, "id_no": who.id_no}
