"""Contents of records about no person: stocks, dispatches and absences."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.strategies import sampled_from as _of

from tests.properties.records import Draw, Fields, People, moments


@st.composite
def stock(draw: Draw, _people: People) -> Fields:
    """What a place has of an item; nobody is in it."""
    return {
        "at": draw(moments), "region": draw(_of(("530624", "530602"))), "item": draw(_of((*("口罩", "mask") * 3, "防护服", "sideways"))),
        "on_hand": draw(_of(("0", "10", "30", "100", "1000"))), "used": draw(_of(("0", "1", "10", "10", "10"))),
    }  # fmt: skip


@st.composite
def absence(draw: Draw, _people: People) -> Fields:
    """How many were ill at a school on a day; nobody is in it."""
    enrolled = draw(_of(("40", "40", "10")))
    return {"region": draw(_of(("530624107", "530602", ""))), "institution": draw(_of((*("小学", "school") * 3, "单位", "sideways"))), "enrolled": enrolled, "ill": draw(_of(("0", "3", "7", "12")))}


@st.composite
def dispatched(draw: Draw, _people: People) -> Fields:
    """A step of a dispatch from place to place; its kind and number are of its identity."""
    return {
        "at": draw(moments), "region": draw(_of(("", "530624"))), "from": draw(_of(("DEPOT-1", "DEPOT-1", "CLIN-1"))), "to": draw(_of(("CLIN-1", "CLIN-1", "CLIN-2", "DEPOT-1"))),
        "item": draw(_of((*("口罩", "mask") * 3, "防护服"))), "quantity": draw(_of((*("5", "20", "20", "100") * 3, "0"))), "by": draw(_of(("op-1", "OP-2"))),
    }  # fmt: skip


@st.composite
def complaint(draw: Draw, _people: People) -> Fields:
    """What somebody complains about; its number is its identity."""
    return {"at": draw(moments), "region": draw(_of(("530624100001", "530602", "530624"))), "about": draw(_of((*("封控", "code") * 3, "sideways"))), "concerns": draw(_of(("", "f1")))}


@st.composite
def answered(draw: Draw, _people: People) -> Fields:
    """What an authority says to it."""
    return {"at": draw(moments), "step": draw(_of(("受理", "accepted", "转办", "成立", "upheld", "不成立"))), "by": draw(_of(("op-1", "OP-2"))), "to": draw(_of(("", "", "530602", "5306")))}


@st.composite
def closed(draw: Draw, _people: People) -> Fields:
    """That an area, which is of its identity, is closed."""
    return {"since": draw(moments), "until": draw(st.one_of(st.just(""), moments)), "by": draw(_of(("gw-1", "GW-2")))}


CONTENTS: dict[str, Callable[[People], st.SearchStrategy[Fields]]] = {"stock-report": stock, "dispatch-report": dispatched, "absence": absence} | {
    "complaint": complaint, "complaint-answer": answered, "closure-report": closed,
}  # fmt: skip
"""By source, what a record may say beside its identity and version."""
