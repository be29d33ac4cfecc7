"""What all tests have in common."""

from __future__ import annotations

from typing import Any

import pytest
from kafka.net.inet import KafkaNetSocket

_connect = KafkaNetSocket.sock_connect


async def _connect_or_close(self: KafkaNetSocket, net: Any, sock: Any, address: Any, **options: Any) -> Any:
    """Connect; a socket that comes to nothing is closed.

    kafka-python leaves that of a client that is closed meanwhile to the collector of garbage, in whose warning some later test would fail.
    """
    try:
        return await _connect(self, net, sock, address, **options)
    except BaseException:
        sock.close()
        raise


def pytest_configure() -> None:
    """Mend the client."""
    KafkaNetSocket.sock_connect = _connect_or_close


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest go first, so that of several processes none is left with them when the others are done."""
    items.sort(key=lambda item: not item.nodeid.startswith("tests/chaos/"))
