"""Erasure by two people: who is meant, who may approve, and what is carried out again after a stop."""

from __future__ import annotations

import pytest

from deploy.erasure import PIECES, Erasures, NotErased, aliases_of, approved, ended, erasures, proposed, said
from schemas.models.control import SLOTS, ErasureProposal
from schemas.models.identity import Link
from schemas.vault.derived import Derived

A, B, C = "a" * 32, "b" * 32, "c" * 32


def link(alias: str, person: str) -> Link:
    """A link that stands."""
    return Link.of(causes=[], at=1, alias=alias, person=person, reasons=[], since=1)


LINKS = [link(A, A), link(B, A), link(C, C)]


def proposal(*also: str) -> ErasureProposal:
    """The proposal to erase the person of two aliases."""
    return proposed(A, LINKS, also, "OP-1", "request", 5)


def test_all_aliases() -> None:
    """All that are linked now, those named by hand, and the key itself."""
    assert aliases_of(A, LINKS) == [A, B]
    assert proposal("d" * 32).aliases == [A, B, "d" * 32]
    assert aliases_of(A, [link(B, A), link(A, A).taken_back()]) == [A, B]


@pytest.mark.parametrize(("person", "also", "problem"), [("d" * 32, (), "no person has this key"), (B, (), "no person has this key"), (A, (C,), "of another person")])
def test_nobody_and_somebody_else(person: str, also: tuple[str, ...], problem: str) -> None:
    """Who is no person, or is another one's alias, is not erased by mistake."""
    with pytest.raises(NotErased, match=problem):
        proposed(person, LINKS, also, "OP-1", "request", 5)


def test_not_alone() -> None:
    """Who proposed it cannot approve it, and an approval by the same hand that is on the topic counts for nothing."""
    one, vault = proposal(), Derived(bytes(32))
    with pytest.raises(NotErased, match="another person"):
        approved(erasures([one], []), one, LINKS, vault, "OP-1", 6)
    assert vault.epoch() == 0
    alone = approved(erasures([one], []), one, LINKS, vault, "OP-2", 6).model_copy(update={"by": "OP-1"})
    assert erasures([one], [alone]).approvals == {}
    assert erasures([], [alone]) == Erasures()


def test_again_is_the_same() -> None:
    """Approved again after a stop, the first approval is carried out: no further generation is ended, and links that came meanwhile are not in it."""
    one, vault = proposal(), Derived(bytes(32))
    first = approved(erasures([one], []), one, [*LINKS, link("d" * 32, A)], vault, "OP-2", 6)
    assert (first.aliases, first.generations) == ([A, B, "d" * 32], [1, 1, 1])
    again = approved(erasures([one], [first]), one, LINKS, vault, "OP-3", 9)
    assert again == first
    assert vault.current([A])[A].generation == 2
    assert (vault.destroy(ended(again)), vault.destroy(ended(again))) == (3, 0)


def test_every_slot_of_every_alias() -> None:
    """What is said covers each slot once for each alias that ever had a key."""
    one = proposal()
    approval = approved(erasures([one], []), one, LINKS, Derived(bytes(32)), "OP-2", 6).model_copy(update={"generations": [1, 0]})
    told = list(said(approval))
    assert [slot for piece in told for slot in range(piece.first, piece.last + 1)] == list(range(SLOTS))
    assert ({piece.alias for piece in told}, len(told), {piece.cause for piece in told}) == ({A}, PIECES, {approval.id})


@pytest.mark.parametrize("beginning", ["", "0" * 12, "short"])
def test_which_one(beginning: str) -> None:
    """A proposal is named by twelve digits of its id or more, and by no other."""
    one = proposal()
    found = erasures([one], [])
    assert found.one(one.id[:12]) == one
    with pytest.raises(NotErased, match="erase list"):
        found.one(beginning)
