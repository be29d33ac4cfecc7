"""The store on disk, its overlay and the memory twin are one ordered map."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streams.memory import MemoryState
from streams.rows import PREFIX
from streams.runtime.overlay import Overlay
from streams.runtime.store import POSITION, Store
from streams.stage import State

ABOUT = [bytes([table]) + bytes([who]) * (PREFIX - 1) for table in (1, 2) for who in (3, 255)]
"""Two things in each of two tables; the second table has few rows about one thing, so the store remembers them."""
KEYS = st.tuples(st.sampled_from(ABOUT), st.binary(max_size=2)).map(b"".join)
CHANGES = st.lists(st.tuples(KEYS, st.none() | st.binary(max_size=4)), max_size=30)
ENDS = st.tuples(st.binary(max_size=2), st.binary(max_size=2))
Open = Callable[[], Iterator[State]]


@contextmanager
def stored() -> Iterator[Store]:
    """A store in a folder of its own."""
    with TemporaryDirectory() as folder:
        store = Store(Path(folder) / "store", few=[2])
        try:
            yield store
        finally:
            store.close()


@contextmanager
def overlaid() -> Iterator[State]:
    """An overlay on an empty store."""
    with stored() as store:
        yield Overlay(store)


def emptied(store: Store) -> Overlay:
    """An overlay that deletes every one of some rows of a store."""
    store.write({about + bytes([rest]): b"below" for about in ABOUT for rest in range(6)}, 0)
    overlay = Overlay(store)
    for key, _ in list(store.every()):
        overlay.delete(key)
    return overlay


@contextmanager
def overlaid_twice() -> Iterator[State]:
    """An overlay on rows that are all deleted or changed in it later: what is below must not show through."""
    with stored() as store:
        yield emptied(store)


@contextmanager
def overlaid_on_another() -> Iterator[State]:
    """An overlay on one that is being committed, some of whose rows change what is below it."""
    with stored() as store:
        yield Overlay(emptied(store))


class Written:
    """A store that is written through an overlay after each change, and asked itself."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.get, self.scan, self.sweep = store.get, store.scan, store.sweep

    def put(self, key: bytes, value: bytes) -> None:
        """Set the value."""
        self._store.write({key: value}, 1)

    def delete(self, key: bytes) -> None:
        """Remove the key."""
        self._store.write({key: None}, 1)


@contextmanager
def written() -> Iterator[State]:
    """The store itself."""
    with stored() as store:
        yield Written(store)


@contextmanager
def remembered() -> Iterator[State]:
    """The twin in memory."""
    yield MemoryState()


@pytest.mark.parametrize("opened", [remembered, overlaid, overlaid_twice, overlaid_on_another, written])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes=CHANGES, ends=ENDS)
def test_is_an_ordered_map(opened: Open, changes: list[tuple[bytes, bytes | None]], ends: tuple[bytes, bytes]) -> None:
    """Each kind of state answers get, scan and sweep as a plain sorted dict does, after any puts and deletes, and whatever was asked before."""
    with opened() as state:  # type: ignore[attr-defined]
        model: dict[bytes, bytes] = {}
        for key, value in changes:
            if value is None:
                state.delete(key)
                model.pop(key, None)
            else:
                state.put(key, value)
                model[key] = value
            assert state.get(key) == model.get(key)
            for about in ABOUT:
                start, end = about + ends[0], about + ends[1]
                assert list(state.scan(start, end)) == [(key, model[key]) for key in sorted(model) if start <= key < end]
            first, last = b"\1" + ends[0], b"\2" + ends[1]
            assert list(state.sweep(first, last)) == [(key, model[key]) for key in sorted(model) if first <= key < last]


def test_many_where_few_were_expected() -> None:
    """A thing with more rows than are kept in memory is read from disk, all of it, also after more are written, and when they have become few."""
    with stored() as store:
        keys = [ABOUT[2] + number.to_bytes(2, "big") for number in range(1200)]
        for number, key in enumerate(keys):
            store.write({key: b"x"}, number)
            if number % 150 == 0:
                assert [key for key, _ in store.scan(ABOUT[2], ABOUT[2] + b"\xff" * 3)] == keys[: number + 1]
        store.write(dict.fromkeys(keys[5:]), len(keys))
        assert [key for key, _ in store.scan(ABOUT[2], ABOUT[2] + b"\xff" * 3)] == keys[:5]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(first=CHANGES, second=CHANGES)
def test_overlay_writes_what_it_shows(first: list[tuple[bytes, bytes | None]], second: list[tuple[bytes, bytes | None]]) -> None:
    """Writing an overlay's changes gives the store that the overlay showed; before that, the store does not change."""
    with stored() as store:
        store.write(dict(first), 7)
        before = list(store.every())
        overlay = Overlay(store)
        for key, value in second:
            if value is None:
                overlay.delete(key)
            else:
                overlay.put(key, value)
        shown = [row for about in ABOUT for row in overlay.scan(about, about + b"\xff" * 3)]
        assert list(store.every()) == before
        store.write(overlay.changes, 9)
        assert list(store.every()) == shown
        assert store.position == 9


def test_survives_closing(tmp_path: Path) -> None:
    """Rows and position are there when the store is opened again, and gone after a wipe."""
    store = Store(tmp_path / "store")
    store.write({b"a": b"1", b"b": None}, 41)
    store.close()
    store = Store(tmp_path / "store")
    assert (store.get(b"a"), store.get(b"b"), store.position) == (b"1", None, 41)
    store.wipe()
    assert (store.get(b"a"), store.position, store.age) == (None, 0, 0.0)
    store.close()


def test_opened_again_as_it_was_made(tmp_path: Path) -> None:
    """A store that is opened again has the options of the program: without its Bloom filter a read of what is not there takes hundreds of microseconds."""
    for _ in range(2):
        Store(tmp_path / "store").close()
        newest = max((tmp_path / "store").glob("OPTIONS-*"))
        options = {line.strip() for line in newest.read_text().splitlines()}
        assert {"filter_policy=bloomfilter", "cache_index_and_filter_blocks=false", "prefix_extractor=max_len"} <= options


def test_tells_its_age(tmp_path: Path) -> None:
    """The age counts from the last write, so that a store that slept too long can be told."""
    store = Store(tmp_path / "store")
    store.write({}, 1)
    assert 0 <= store.age < 60
    data = store.get(POSITION)
    assert data
    store._rows[POSITION] = data[:8] + (0).to_bytes(8, "big")
    assert store.age > 50 * 365 * 86_400
    store.close()
