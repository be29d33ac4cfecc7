"""One broker and registry for all tests here, on free ports; a bus of its own (a namespace of topics) for each test that asks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy import topics
from deploy.bus import Bus
from deploy.local import stack as local
from schemas.settings import Settings
from tests.broker.live import Live
from tests.broker.processes import Commands


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[local.Endpoints]:
    """The real parts, stopped by pid at the end, also of a run that fails."""
    home = tmp_path_factory.mktemp("stack")
    try:
        yield local.up(home, print)
    finally:
        local.down(home)


@pytest.fixture
def live(stack: local.Endpoints, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Live]:
    """An empty bus: its own topics, secret and folders."""
    name = request.node.name.removeprefix("test_")[:30].strip("_").replace("_", "-")
    secret = tmp_path / "secret"
    secret.write_bytes(os.urandom(32))
    settings = Settings(home=tmp_path, brokers=stack.brokers, registry=stack.registry, namespace=f"{name}.", secret_file=secret, partitions=2, session_timeout=4.0,
                        batch_size=200)  # fmt: skip
    bus = Bus(settings)
    topics.apply(bus)
    commands = Commands(settings, tmp_path)
    live = Live(bus, commands, tmp_path)
    try:
        yield live
    finally:
        live.close()
        commands.end()
