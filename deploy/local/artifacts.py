"""Maven artifacts of the local stack: fetched once, checked against the committed digests, kept in the user's Maven repository."""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

Progress = Callable[[str], None]


class BadArtifact(Exception):
    """A fetched file is not the one that was pinned."""


def kafka_jars(progress: Progress) -> list[Path]:
    """The jars of Kafka and what it needs; raises BadArtifact when one has another digest than the pinned one."""
    return [path for name, path in _fetched(progress) if not name.startswith("io.apicurio:")]


def registry_home(cache: Path, progress: Progress) -> Path:
    """The folder of the unpacked registry, under `cache`; unpacked once."""
    ((name, archive),) = [(name, path) for name, path in _fetched(progress) if name.startswith("io.apicurio:")]
    home = cache / name.replace(":", "-")
    if not (home / "quarkus-run.jar").exists():
        progress("unpacking the schema registry")
        part = home.with_suffix(".part")
        with tarfile.open(archive) as tar:
            tar.extractall(part, filter="data")
        part.rename(home)
    return home


def _fetched(progress: Progress) -> list[tuple[str, Path]]:
    from jgo.maven import MavenContext  # slow to load, and only who starts the stack needs it

    lines = files("deploy.local").joinpath("artifacts.lock").read_text("utf-8").splitlines()
    pinned = [line.split(" sha256:") for line in lines if line and not line.startswith("#")]
    context = MavenContext()
    found = []
    for number, (name, digest) in enumerate(pinned, 1):
        group, artifact, version, *rest = name.split(":")
        component = context.project(group, artifact).at_version(version)
        wanted = component.artifact(classifier=rest[0], packaging=rest[1]) if rest else component.artifact()
        if not wanted.cached_path or not wanted.cached_path.exists():
            progress(f"fetching {number} of {len(pinned)}: {artifact} {version}")
        path = wanted.resolve()
        _check(name, path, digest)
        found.append((name, path))
    return found


def _check(name: str, path: Path, digest: str) -> None:
    with path.open("rb") as file:
        actual = hashlib.file_digest(file, "sha256").hexdigest()
    if actual != digest:
        raise BadArtifact(f"{name} at {path} has digest {actual}, pinned is {digest}: delete the file and try again")
