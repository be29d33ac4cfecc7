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
from streams.runtime.store import POSITION, Overlay, Store
from streams.stage import State

KEYS = st.binary(min_size=1, max_size=3).filter(lambda key: not key.startswith(b"\0"))
CHANGES = st.lists(st.tuples(KEYS, st.none() | st.binary(max_size=4)), max_size=30)
Open = Callable[[], Iterator[State]]


@contextmanager
def stored() -> Iterator[Store]:
    """A store in a folder of its own."""
    with TemporaryDirectory() as folder:
        store = Store(Path(folder) / "store")
        try:
            yield store
        finally:
            store.close()


@contextmanager
def overlaid() -> Iterator[State]:
    """An overlay on an empty store."""
    with stored() as store:
        yield Overlay(store)


@contextmanager
def overlaid_twice() -> Iterator[State]:
    """An overlay on rows that are all deleted or changed in it later: what is below must not show through."""
    with stored() as store:
        store.write({bytes([first, second]): b"below" for first in range(1, 6) for second in range(6)}, 0)
        overlay = Overlay(store)
        for key, _ in list(store.scan(b"\1", b"\xff")):
            overlay.delete(key)
        yield overlay


@contextmanager
def remembered() -> Iterator[State]:
    """The twin in memory."""
    yield MemoryState()


@pytest.mark.parametrize("opened", [remembered, overlaid, overlaid_twice])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes=CHANGES, start=KEYS, end=KEYS)
def test_is_an_ordered_map(opened: Open, changes: list[tuple[bytes, bytes | None]], start: bytes, end: bytes) -> None:
    """Each kind of state answers get and scan as a plain sorted dict does, after any puts and deletes."""
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
        assert list(state.scan(start, end)) == [(key, model[key]) for key in sorted(model) if start <= key < end]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(first=CHANGES, second=CHANGES)
def test_overlay_writes_what_it_shows(first: list[tuple[bytes, bytes | None]], second: list[tuple[bytes, bytes | None]]) -> None:
    """Writing an overlay's changes gives the store that the overlay showed; before that, the store does not change."""
    with stored() as store:
        store.write(dict(first), 7)
        before = list(store.scan(b"\1", b"\xff\xff\xff\xff"))
        overlay = Overlay(store)
        for key, value in second:
            if value is None:
                overlay.delete(key)
            else:
                overlay.put(key, value)
        shown = list(overlay.scan(b"\1", b"\xff\xff\xff\xff"))
        assert list(store.scan(b"\1", b"\xff\xff\xff\xff")) == before
        store.write(overlay.changes, 9)
        assert list(store.scan(b"\1", b"\xff\xff\xff\xff")) == shown
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
