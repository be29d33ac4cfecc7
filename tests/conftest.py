"""What all tests have in common."""

from __future__ import annotations

import socket

import pytest
from kafka.net.inet import KafkaNetSocket


class _Connection(socket.socket):
    """A socket of kafka-python, which closes itself when it is collected.

    A client of kafka-python 3.0.12 that is closed while it connects, or while bytes wait to be sent, cancels what would have closed the socket; the collector's warning of it would fail whichever test runs then. A client that is not closed is still told, by its other sockets.
    """

    def __del__(self) -> None:
        self.close()


def _connection(
    _: KafkaNetSocket, family: int = socket.AF_UNSPEC, kind: int = socket.SOCK_STREAM, protocol: int = socket.IPPROTO_TCP
) -> socket.socket:
    return _Connection(family, kind, protocol)


def pytest_configure() -> None:
    """Mend the client."""
    KafkaNetSocket.socket = _connection


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest go first, so that of several processes none is left with them when the others are done."""
    items.sort(key=lambda item: not item.nodeid.startswith("tests/chaos/"))
