"""What all tests have in common."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest go first, so that of several processes none is left with them when the others are done."""
    items.sort(key=lambda item: not item.nodeid.startswith("tests/chaos/"))
