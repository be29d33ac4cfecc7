"""SCRAM credentials of principals: made on the broker, and kept in a folder as files that only their owner reads, to be taken to where each is used."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path

from kafka.admin import KafkaAdminClient, ScramMechanism, UserScramCredentialDeletion, UserScramCredentialUpsertion
from kafka.errors import KafkaError

from deploy.local.certificates import secret

_ITERATIONS = 8192
"""Rounds of PBKDF2; the secrets are random and of 256 bits, so no number of rounds makes them safer (RFC 7677 asks for 4096 at least)."""


def known(client: KafkaAdminClient) -> set[str]:
    """The principals that the broker knows by a secret."""
    return {name for name, found in client.describe_user_scram_credentials().items() if found["credential_infos"]}


def missing(client: KafkaAdminClient, principals: Sequence[str]) -> list[str]:
    """Those of the principals that the broker does not know."""
    there = known(client)
    return [name for name in principals if name not in there]


def make(client: KafkaAdminClient, principals: Iterable[str], folder: Path) -> None:
    """Let the broker know these principals, each by the secret in its file, which is made where there is none. Raises KafkaError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _alter(client, [UserScramCredentialUpsertion(name, ScramMechanism.SCRAM_SHA_512, _kept(folder / f"{name}.secret"), _ITERATIONS) for name in principals])


def renew(client: KafkaAdminClient, principal: str, folder: Path) -> None:
    """Give a principal a new secret; the old one opens no new connection from now on. Raises KafkaError."""
    (folder / f"{principal}.secret").unlink(missing_ok=True)
    make(client, [principal], folder)


def forget(client: KafkaAdminClient, principals: Iterable[str]) -> None:
    """Let the broker know these no more. Raises KafkaError."""
    _alter(client, [UserScramCredentialDeletion(name, ScramMechanism.SCRAM_SHA_512) for name in principals])


def _alter(client: KafkaAdminClient, alterations: list[UserScramCredentialUpsertion | UserScramCredentialDeletion]) -> None:
    if not alterations:
        return
    refused = [f"{name}: {problem}" for name, problem in client.alter_user_scram_credentials(alterations).items() if problem]
    if refused:
        raise KafkaError(f"the broker did not take the credentials of {'; '.join(refused)}")


def _kept(path: Path) -> str:
    if not path.exists():
        secret(path, secrets.token_urlsafe(32).encode())
    return path.read_text("utf-8").strip()
