"""The changes of one batch before they are committed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from streams.rows import PREFIX
from streams.stage import Rows


class Overlay:
    """A state with uncommitted changes before it; drop it, and nothing has happened."""

    def __init__(self, below: Rows) -> None:
        """Nothing changed yet."""
        self._below = below
        self.changes: dict[bytes, bytes | None] = {}
        self._about: dict[bytes, list[bytes]] = {}

    def rebase(self, below: Rows) -> None:
        """Stand on another state, which shows the same: the overlay below has been written to it."""
        self._below = below

    def back_to(self, changes: Mapping[bytes, bytes | None]) -> None:
        """Forget all changes but these, which it had before."""
        self.changes, self._about = {}, {}
        for key, value in changes.items():
            self._change(key, value)

    def take(self, above: Overlay) -> None:
        """Make the changes of an overlay that stands on this one."""
        for key, value in above.changes.items():
            self._change(key, value)

    def get(self, key: bytes) -> bytes | None:
        """The value, or None."""
        return self.changes[key] if key in self.changes else self._below.get(key)

    def put(self, key: bytes, value: bytes) -> None:
        """Set the value."""
        self._change(key, value)

    def delete(self, key: bytes) -> None:
        """Remove the key if it is there."""
        self._change(key, None)

    def scan(self, start: bytes, end: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Pairs with start <= key < end in order, as they were when the scan began, all under the first bytes of `start`."""
        about = self._about.get(start[:PREFIX])
        if about is None or not (changed := [key for key in about if start <= key < end]):
            return self._below.scan(start, end)
        rows = dict(self._below.scan(start, end))
        for key in changed:
            value = self.changes[key]
            if value is None:
                rows.pop(key, None)
            else:
                rows[key] = value
        return iter(sorted(rows.items()))

    def sweep(self, start: bytes, end: bytes) -> Iterator[tuple[bytes, bytes]]:
        """The same about many things."""
        rows = dict(self._below.sweep(start, end))
        rows |= {key: value for key, value in self.changes.items() if start <= key < end and value is not None}
        return iter(sorted((key, value) for key, value in rows.items() if self.changes.get(key, value) is not None))

    def _change(self, key: bytes, value: bytes | None) -> None:
        if key not in self.changes:
            self._about.setdefault(key[:PREFIX], []).append(key)
        self.changes[key] = value
