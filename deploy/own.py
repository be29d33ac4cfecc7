"""A bus of one's own: its broker, registry and commands run in one folder, and stop when it is left. What the demonstration and stories use."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from deploy import topics
from deploy.bus import Bus as _Bus
from deploy.local import process, stack
from schemas.settings import Settings


@contextmanager
def bus(home: Path, tell: Callable[[str], None]) -> Iterator[_Bus]:
    """A bus without anything on it, whatever the environment names; the folder is emptied first. Raises what the parts raise; they stop whatever happens."""
    stack.down(home)
    shutil.rmtree(home, ignore_errors=True)
    try:
        found = stack.up(home, tell)
        made = _Bus(Settings(home=home, brokers=found.brokers, registry=found.registry, namespace="", secret_file=home / "secret"))
        with closing(made):
            tell(f"{len(topics.apply(made))} changes make the topics and schemas of the contract")
            yield made
    finally:
        stack.down(home)


@contextmanager
def command(settings: Settings, name: str, *words: str, more: Mapping[str, str] | None = None) -> Iterator[None]:
    """A command of this project in the background while the body runs, with `more` in its environment; its output goes to a log beside the others."""
    values = settings.model_dump(include={"subjects", "partitions", "home", "brokers", "registry", "namespace", "secret_file", "staff"}, exclude_none=True)
    environment = {f"LIANFANG_{key.upper()}": str(value) for key, value in values.items()} | dict(more or {})
    identity = process.spawn([sys.executable, "-m", "deploy.cli.main", *words], settings.home / "log" / f"{name}.log", Path.cwd(), environment)
    try:
        yield
    finally:
        process.stop(identity, 30)
