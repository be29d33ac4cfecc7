"""Roots, proofs and their verification: against the public vectors, and against the definition."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.log import merkle
from deploy.log.edge import Edge
from deploy.log.proofs import Unproved, grown, included
from tests.deploy.log import reference

VECTORS = Path(__file__).parent / "vectors"
LEAVES = [bytes.fromhex(one) for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def cases(name: str) -> list[Any]:
    """The published cases, each under the name of its file."""
    return [pytest.param(one, id=one["file"]) for one in json.loads((VECTORS / f"{name}.json").read_text("utf-8"))]


def hashes(one: dict[str, Any], *names: str) -> list[bytes]:
    """Fields of a case as bytes; a missing one is empty."""
    return [b64decode(one[name] or "") for name in names]


def nodes(entries: list[bytes]) -> merkle.Nodes:
    """The complete subtrees over some entries, by the definition."""
    return lambda level, index: reference.root(entries[index << level : (index + 1) << level])


@pytest.mark.parametrize("size", range(9))
def test_published_roots(size: int) -> None:
    """The roots of the published leaves are the published ones."""
    assert Edge().grow(LEAVES[:size])[0].root.hex() == ROOTS[size]
    assert merkle.span(0, size, nodes(LEAVES)).hex() == ROOTS[size]


@pytest.mark.parametrize("one", cases("inclusion"))
def test_published_inclusion(one: dict[str, Any]) -> None:
    """Each published proof of inclusion is taken or refused as it says."""
    root, leaf = hashes(one, "root", "leafHash")
    path = [b64decode(part) for part in one["proof"] or []]
    try:
        included(leaf, one["leafIdx"], one["treeSize"], path, root)
    except Unproved:
        assert one["wantErr"]
    else:
        assert not one["wantErr"]


@pytest.mark.parametrize("one", cases("consistency"))
def test_published_consistency(one: dict[str, Any]) -> None:
    """Each published proof of growth is taken or refused as it says; that from an empty tree, which is refused there, needs the empty root here."""
    before, after = hashes(one, "root1", "root2")
    path = [b64decode(part) for part in one["proof"] or []]
    try:
        grown(one["size1"], one["size2"], path, before, after)
    except Unproved:
        assert one["wantErr"]
    else:
        assert not one["wantErr"] or (one["size1"], before, path) == (0, merkle.EMPTY, [])


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 700), st.data())
def test_as_defined(size: int, data: st.DataObject) -> None:
    """Roots and proofs are those of the definition, are verified, and prove nothing about another entry, number, size or root."""
    entries = [number.to_bytes(2, "big") for number in range(size)]
    root, number, old = reference.root(entries), data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    path, growth = merkle.inclusion(number, size, nodes(entries)), merkle.consistency(old, size, nodes(entries))
    assert path == reference.path(number, entries)
    assert growth == reference.proof(old, entries)
    leaf, before = merkle.leaf(entries[number]), reference.root(entries[:old])
    included(leaf, number, size, path, root)
    grown(old, size, growth, before, root)
    other = data.draw(st.integers(0, size + 3).filter(lambda one: one != number))
    for wrong in ((merkle.leaf(b"other"), number, size, path, root), (leaf, other, size, path, root), (leaf, number, size, path, merkle.leaf(root)),
                  (leaf, number, size, [*path, root], root), (leaf, -1, size, path, root), (leaf, size, size, path, root)):  # fmt: skip
        with pytest.raises(Unproved):
            included(*wrong)
    shorter = data.draw(st.integers(0, size + 3).filter(lambda one: one != old))
    for false in ((shorter, size, growth, before, root), (old, size, [*growth, root], before, root), (old, size, growth, merkle.leaf(before), root),
                  (size + 1, size, growth, before, root)):  # fmt: skip
        with pytest.raises(Unproved):
            grown(*false)


def test_what_cannot_be_proved() -> None:
    """Nobody is given a proof for an entry that is not there, or for a log that shrank."""
    with pytest.raises(ValueError, match="no entry 3 in a log of 3"):
        merkle.inclusion(3, 3, nodes(LEAVES))
    with pytest.raises(ValueError, match="cannot go on from one of 4"):
        merkle.consistency(4, 3, nodes(LEAVES))
