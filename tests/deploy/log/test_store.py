"""The tree in files: as C2SP tlog-tiles says, the same however it was filled, and damage is seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.log.edge import Edge, bundled, place, unbundled
from deploy.log.merkle import leaf
from deploy.log.store import State, Store
from deploy.log.tiles import BadTree, Tiles
from tests.deploy.log import reference
from tests.deploy.log.pieces import entries, stored


@pytest.mark.parametrize(("number", "width", "path"), [
    (0, 256, "tile/0/000"), (1234067, 256, "tile/0/x001/x234/067"), (999, 7, "tile/0/999.p/7"), (1000, 256, "tile/0/x001/000"), (273, 112, "tile/0/273.p/112"),
])  # fmt: skip
def test_paths(number: int, width: int, path: str) -> None:
    """Tiles lie where tlog-tiles says."""
    assert place("0", number, width) == path


def files(folder: Path) -> set[str]:
    """The files of the tree."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.parts[-1] not in ("position", "index.sqlite", "checkpoint")}


def test_the_tree_of_the_specification(tmp_path: Path) -> None:
    """A tree of 70,000 has the files of the example in tlog-tiles, and of the partial ones those that a checkpoint may need."""
    stored(tmp_path, entries(70_000), batch=10_000)
    tiles = {name for name in files(tmp_path) if not name.startswith("tile/entries/")}
    full = {place("0", n, 256) for n in range(273)} | {place("1", 0, 256)}
    assert {name for name in tiles if ".p/" not in name} == full
    assert {"tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"} <= tiles
    assert not {name for name in tiles if name.startswith(("tile/0/272.p", "tile/1/000.p"))}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 300), min_size=1, max_size=6), st.data())
def test_batches_change_nothing(tmp_path_factory: pytest.TempPathFactory, batches: list[int], data: st.DataObject) -> None:
    """However entries come, the tree gives the root, the proofs and the entries of the definition, for each size that it had."""
    folder, given_ = tmp_path_factory.mktemp("log"), entries(sum(batches))
    store, state = Store(folder), State(Edge(), {})
    for count in batches:
        part = given_[state.edge.size : state.edge.size + count]
        edge, made = state.edge.grow(part)
        store.save(state, State(edge, {("audit", 1): edge.size}), part, made)
        state = store.load()
        assert (state.edge, state.edge.root) == (edge, reference.root(given_[: edge.size]))
    tiles = Tiles(folder, len(given_))
    size = data.draw(st.integers(1, len(given_)))
    number, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    assert tiles.root(size) == reference.root(given_[:size])
    assert tiles.inclusion(number, size) == reference.path(number, given_[:size])
    assert tiles.consistency(old, size) == reference.proof(old, given_[:size])
    assert tiles.entry(number) == given_[number]
    assert store.about(f"{number // 3:032x}") == [n for n in range(len(given_)) if n // 3 == number // 3]


def test_older_sizes_are_read_from_newer_files(tmp_path: Path) -> None:
    """Who holds an older size still reads its tree after it grew past the tile."""
    store = stored(tmp_path, entries(10))
    before = Tiles(tmp_path, 10)
    stored(store.folder, entries(600)[10:])
    assert before.root() == reference.root(entries(10))
    assert before.bundle(0) == entries(10)


def test_damage_is_seen(tmp_path: Path) -> None:
    """A changed, shortened or missing file at the edge is refused; so is an entry that is not there."""
    store = stored(tmp_path, entries(300))
    tile = tmp_path / "tile/0/001.p/44"
    right = tile.read_bytes()
    for wrong in (bytes(32) + right[32:], right[:-32], right[:-1]):
        tile.write_bytes(wrong)
        with pytest.raises(BadTree):
            store.load()
    tile.unlink()
    with pytest.raises(BadTree, match=r"is missing: `lianfang log run` makes"):
        store.load()
    (tmp_path / "tile/entries/000").write_bytes(b"\0\5abc")
    with pytest.raises(BadTree, match="the bundle 0 is damaged"):
        Tiles(tmp_path, 300).entry(3)
    (tmp_path / "tile/entries/000").write_bytes(bundled([b"abc"]))
    with pytest.raises(BadTree, match="has 1 entries and not 256"):
        Tiles(tmp_path, 300).entry(3)
    with pytest.raises(ValueError, match="no entry 300"):
        Tiles(tmp_path, 300).entry(300)


def test_a_crash_before_the_position_changes_nothing(tmp_path: Path) -> None:
    """Files that were written without the position are written over, also by other entries; what is about what is right then."""
    store = stored(tmp_path, entries(5))
    state = store.load()
    _, made = state.edge.grow(entries(9)[5:])
    for name, data in made.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert store.load() == state
    others = entries(3, "other")
    edge, made = state.edge.grow(others)
    store.save(state, State(edge, {}), others, made)
    assert Tiles(tmp_path, 8).root() == reference.root(entries(5) + others)
    assert Tiles(tmp_path, 8).bundle(0) == entries(5) + others


def test_bundles() -> None:
    """Entries stand behind their lengths; one that is longer than the format allows is refused."""
    assert unbundled(bundled([b"", b"abc", b"x" * 65535])) == [b"", b"abc", b"x" * 65535]
    with pytest.raises(ValueError, match="longer than 65535 bytes"):
        Edge().grow([b"x" * 65536])
    assert Edge().grow([b"x"])[0].tiles == ((leaf(b"x"),),)


def test_nothing_is_known_of_nothing(tmp_path: Path) -> None:
    """An empty folder is an empty log, and forgetting leaves one."""
    store = stored(tmp_path / "log", entries(300))
    store.keep("checkpoint")
    assert store.checkpoint() == "checkpoint"
    store.forget()
    assert (store.load(), store.about("x"), store.checkpoint(), list(store.folder.iterdir())) == (State(Edge(), {}), [], None, [])
