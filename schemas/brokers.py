"""Where Kafka's brokers are and as whom to connect: the one place that knows how, for every client there is (kafka-python, aiokafka and so Faust)."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Protocol = Literal["PLAINTEXT", "SASL_SSL", "SSL"]
MECHANISM = "SCRAM-SHA-512"
ADMIN = "admin"
"""The principal that the brokers let do everything (`super.users`); one for all buses on them."""


@dataclass(frozen=True, slots=True)
class Login:
    """Who connects, and how it is proved: by a secret (SASL_SSL, SCRAM) or by a certificate (SSL). The broker's name is always checked against its own."""

    principal: str
    secret: str = field(default="", repr=False)
    authorities: Path | None = None
    """PEM file with the certificates of who may vouch for the broker; None: those of the system."""
    certificate: Path | None = None
    key: Path | None = None

    def context(self) -> ssl.SSLContext:
        """TLS 1.2 or later, with the broker's certificate and name checked. Raises FileNotFoundError or ssl.SSLError for files that are none."""
        found = ssl.create_default_context(cafile=self.authorities)
        found.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.certificate:
            found.load_cert_chain(self.certificate, self.key)
        return found


@dataclass(frozen=True, slots=True)
class Brokers:
    """Bootstrap servers, host:port with commas, and the login; None is in the clear and as nobody, which is for trying."""

    servers: str
    login: Login | None = None

    def __str__(self) -> str:
        """The servers, as messages name them."""
        return self.servers

    def options(self) -> dict[str, Any]:
        """The arguments that tell a client of kafka-python or of aiokafka where to connect, and as whom."""
        where: dict[str, Any] = {"bootstrap_servers": self.servers.split(",")}
        if self.login is None:
            return where
        secured = where | {"ssl_context": self.login.context()}
        if self.login.certificate:
            return secured | {"security_protocol": "SSL"}
        return secured | {"security_protocol": "SASL_SSL", "sasl_mechanism": MECHANISM, "sasl_plain_username": self.login.principal,
                          "sasl_plain_password": self.login.secret}  # fmt: skip
