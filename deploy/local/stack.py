"""The stack as a whole: up, down, status; what runs is written in `<home>/stack.json`."""

from __future__ import annotations

import json
import os
import random
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local import kafka, process, registry
from deploy.local.artifacts import Progress
from schemas.settings import Settings

_PARTS = ("kafka", "registry")


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the parts are."""

    brokers: str
    registry: str


class NotRunning(Exception):
    """There is no stack to use; the message says what to do."""


def up(home: Path, progress: Progress, relay: kafka.Relay | None = None) -> Endpoints:
    """Start what does not run yet, make the secret if there is none, and say where it is. Safe to repeat. `relay` gives the broker a second listener."""
    home.mkdir(parents=True, exist_ok=True)
    _make_secret(home / "secret")
    state = _read(home)
    ports = _ports(state)
    state["ports"] = ports
    if process.running(state.get("kafka")) is None:
        state["kafka"] = kafka.start(home, ports["broker"], ports["controller"], progress, relay)
        _write(home, state)
    if process.running(state.get("registry")) is None:
        state["registry"] = registry.start(home, cache(), ports["registry"], progress)
        _write(home, state)
    return _endpoints(ports)


def down(home: Path) -> list[str]:
    """Stop what runs, the registry first; the data stays. Returns the names of what was stopped."""
    state = _read(home)
    stopped = [part for part in reversed(_PARTS) if process.running(state.get(part))]
    for part in stopped:
        process.stop(state[part])
    return stopped


def status(home: Path) -> dict[str, dict[str, Any]]:
    """For each part: whether it runs, its pid, and its address."""
    state = _read(home)
    addresses = _endpoints(state["ports"]) if "ports" in state else None
    where = {"kafka": addresses and addresses.brokers, "registry": addresses and addresses.registry}
    running = {part: process.running(state.get(part)) for part in _PARTS}
    return {part: {"running": found is not None, "pid": found and found.pid, "address": where[part]} for part, found in running.items()}


def kill_broker(home: Path) -> None:
    """End Kafka at once, as a power cut would; for tests of faults."""
    kill(home, "kafka")


def kill(home: Path, part: str) -> None:
    """End a part at once, as a power cut would; for tests of faults."""
    found = process.running(_read(home).get(part))
    if found:
        found.kill()
        found.wait(10)


def endpoints(settings: Settings) -> Endpoints:
    """Where the parts are: what the settings name, else the local stack; raises NotRunning when there is neither."""
    if settings.brokers and settings.registry:
        return Endpoints(settings.brokers, settings.registry)
    found = status(settings.home)
    if not all(part["running"] for part in found.values()):
        raise NotRunning(f"no local stack runs in {settings.home}: run `lianfang up`, or set LIANFANG_BROKERS and LIANFANG_REGISTRY")
    return Endpoints(settings.brokers or found["kafka"]["address"], settings.registry or found["registry"]["address"])


def cache() -> Path:
    """Folder of unpacked downloads, shared by all stacks of a user."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lianfang"


def _endpoints(ports: dict[str, int]) -> Endpoints:
    return Endpoints(f"127.0.0.1:{ports['broker']}", f"http://127.0.0.1:{ports['registry']}{registry.API}")


def _ports(state: dict[str, Any]) -> dict[str, int]:
    """The ports of last time where they are ours or free, else free ones."""
    kept = state.get("ports")
    parts = {"broker": "kafka", "controller": "kafka", "registry": "registry"}
    if kept and all(process.running(state.get(part)) or not kafka.listening(kept[name]) for name, part in parts.items()):
        return dict(kept)
    return dict(zip(parts, free(len(parts)), strict=True))


def free(count: int) -> list[int]:
    """Free loopback ports below those for outgoing connections (from 32768): Java takes seconds to bind, and one of those may be gone by then."""
    found: list[int] = []
    for port in random.SystemRandom().sample(range(15_000, 32_000), 2_000):
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        found.append(port)
        if len(found) == count:
            return found
    raise NotRunning("no free port on 127.0.0.1 between 15000 and 32000")


def _make_secret(path: Path) -> None:
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(os.urandom(32))


def _read(home: Path) -> dict[str, Any]:
    path = home / "stack.json"
    state: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return state


def _write(home: Path, state: dict[str, Any]) -> None:
    part = home / "stack.json.part"
    part.write_text(json.dumps(state, indent=1))
    part.replace(home / "stack.json")
