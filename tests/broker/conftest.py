"""One broker and registry for all tests here, on free ports; a bus of its own (a namespace of topics) for each test that asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import process
from deploy.local import stack as local
from tests.broker.live import QUICK, Live, opened


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the real parts, which are stopped by pid at the end, also of a run that fails or is ended from outside."""
    home = tmp_path_factory.mktemp("stack")
    process.tie()
    try:
        local.up(home, print)
        yield home
    finally:
        local.down(home)


@pytest.fixture(scope="session")
def stack(home: Path) -> local.Endpoints:
    """Where the real parts are; a broker that is started again has the same address."""
    return local.up(home, print)


@pytest.fixture
def live(stack: local.Endpoints, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Live]:
    """An empty bus: its own topics, secret and folders."""
    name = request.node.name.removeprefix("test_")[:30].strip("_").replace("_", "-")
    with opened(stack, name, tmp_path, **QUICK) as live:
        yield live
