"""The stack as a whole: up, down, status; what runs is written in `<home>/stack.json`."""

from __future__ import annotations

import json
import os
import random
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kafka.admin import KafkaAdminClient

from deploy.access import credentials
from deploy.local import certificates, kafka, process, registry
from deploy.local.artifacts import Progress
from schemas.brokers import ADMIN, Brokers, Login
from schemas.settings import Settings

_PARTS = ("kafka", "registry")
TLS = "tls"
"""Folder, in that of the stack, of its authority and certificates."""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the parts are."""

    brokers: str
    registry: str


class NotRunning(Exception):
    """There is no stack to use; the message says what to do."""


def up(home: Path, progress: Progress, relay: kafka.Relay | None = None, *, secure: bool = False) -> Endpoints:
    """Start what does not run yet, make the secret if there is none, and say where it is. Safe to repeat. `relay` gives an open broker a second listener.

    A stack that was secured once stays so. Raises StartFailed when the one that runs is open and is to be secured.
    """
    home.mkdir(parents=True, exist_ok=True)
    if not (home / "secret").exists():
        _make_secret(home / "digest.key")  # with the first secret alone: later it would change all digests
        _make_secret(home / "secret")
    state = _read(home)
    if secure and not state.get("secured") and any(process.running(state.get(part)) for part in _PARTS):
        raise process.StartFailed(f"the stack in {home} runs open to everybody: `lianfang down` first, then `lianfang up --secured`")
    state["secured"] = secure = secure or bool(state.get("secured"))
    state["ports"] = ports = _ports(state)
    tls = home / TLS if secure else None
    if process.running(state.get("kafka")) is None:
        state["kafka"] = kafka.start(home, ports["broker"], ports["controller"], progress, relay, kafka.Secured(ports["mutual"], tls) if tls else None)
        _write(home, state)
    if tls:
        administrator(home, ports["mutual"])
    if process.running(state.get("registry")) is None:
        state["registry"] = registry.start(home, cache(), ports["registry"], progress, tls)
        _write(home, state)
    return _endpoints(state)


def administrator(home: Path, port: int) -> None:
    """Let the broker know its administrator by a secret, which it is told over a connection that a certificate of the stack's authority proves."""
    folder = home / "principals"
    if (folder / f"{ADMIN}.secret").exists():
        return
    certificate, key = certificates.issued(home / TLS, ADMIN)
    login = Login(ADMIN, "", home / TLS / "ca.pem", certificate, key)
    client = KafkaAdminClient(**Brokers(f"127.0.0.1:{port}", login).options(), bootstrap_timeout_ms=20_000)
    try:
        credentials.make(client, [ADMIN], folder)
    finally:
        client.close()


def down(home: Path) -> list[str]:
    """Stop what runs, the registry first; the data stays. Returns the names of what was stopped."""
    state = _read(home)
    stopped = [part for part in reversed(_PARTS) if process.running(state.get(part))]
    for part in stopped:
        process.stop(state[part])
    return stopped


def status(home: Path) -> dict[str, dict[str, Any]]:
    """For each part: whether it runs, its pid, its address, and whether it is open to everybody on this machine; the packaged registry always is."""
    state = _read(home)
    addresses = _endpoints(state) if "ports" in state else None
    where = {"kafka": addresses and addresses.brokers, "registry": addresses and addresses.registry}
    running = {part: process.running(state.get(part)) for part in _PARTS}
    open_ = {"kafka": not state.get("secured"), "registry": True}
    return {part: {"running": one is not None, "pid": one and one.pid, "address": where[part], "open": open_[part]} for part, one in running.items()}


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
    found = status(settings.stack)
    if not all(part["running"] for part in found.values()):
        raise NotRunning(f"no local stack runs in {settings.stack}: run `lianfang up`, or set LIANFANG_BROKERS and LIANFANG_REGISTRY")
    return Endpoints(settings.brokers or found["kafka"]["address"], settings.registry or found["registry"]["address"])


def secured(settings: Settings) -> Settings:
    """The settings, with what the local stack needs of its clients where it is secured and they say nothing else."""
    if settings.brokers or not _read(settings.stack).get("secured"):
        return settings
    more = {"protocol": settings.protocol or "SASL_SSL", "authorities": settings.authorities or settings.stack / TLS / "ca.pem"}
    return settings.model_copy(update=more)


def mutual(home: Path) -> str:
    """Where the secured broker asks for a certificate instead of a name and a secret."""
    return f"127.0.0.1:{_read(home)['ports']['mutual']}"


def cache() -> Path:
    """Folder of unpacked downloads, shared by all stacks of a user."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lianfang"


def _endpoints(state: dict[str, Any]) -> Endpoints:
    ports = state["ports"]
    return Endpoints(f"127.0.0.1:{ports['broker']}", registry.address(ports["registry"], secured=bool(state.get("secured"))))


def _ports(state: dict[str, Any]) -> dict[str, int]:
    """The ports of last time where they are ours or free, else free ones."""
    kept: dict[str, int] = state.get("ports", {})
    parts = {"broker": "kafka", "controller": "kafka", "mutual": "kafka", "registry": "registry"}
    good = all(process.running(state.get(parts[name])) or not kafka.listening(port) for name, port in kept.items())
    found = dict(kept) if good else {}
    missing = parts.keys() - found.keys()
    return found | dict(zip(sorted(missing), free(len(missing)), strict=True)) if missing else found


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
