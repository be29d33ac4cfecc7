"""How clients are told where to connect and as whom."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from deploy.local import certificates
from schemas.brokers import Brokers, Login
from schemas.settings import BadSecret, Settings


def settings(folder: Path, **more: object) -> Settings:
    """Secured, with a clock's secret."""
    (folder / "principals").mkdir(exist_ok=True)
    certificates.secret(folder / "principals" / "ns.clock.secret", b"not very secret\n")
    return Settings.model_validate({"home": folder, "namespace": "ns.", "protocol": "SASL_SSL", "authorities": certificates.authority(folder / "tls")} | more)


def test_open_brokers_are_told_only_where() -> None:
    """In the clear, as nobody."""
    assert Brokers("one:1,two:2").options() == {"bootstrap_servers": ["one:1", "two:2"]}
    assert Settings(protocol="PLAINTEXT").login("clock") is None


def test_a_role_connects_by_its_secret(tmp_path: Path) -> None:
    """Over TLS that checks certificate and name, by SCRAM; the secret is in no text about it."""
    login = settings(tmp_path).login("clock")
    options = Brokers("one:1", login).options()
    context = options.pop("ssl_context")
    assert options == {"bootstrap_servers": ["one:1"], "security_protocol": "SASL_SSL", "sasl_mechanism": "SCRAM-SHA-512", "sasl_plain_username": "ns.clock",
                       "sasl_plain_password": "not very secret"}  # fmt: skip
    assert (context.check_hostname, context.verify_mode, context.minimum_version) == (True, ssl.CERT_REQUIRED, ssl.TLSVersion.TLSv1_2)
    assert "not very secret" not in f"{login!r} {Brokers('one:1', login)!r} {Brokers('one:1', login)}"


def test_a_role_connects_by_its_certificate(tmp_path: Path) -> None:
    """With SSL nothing but the certificate says who it is."""
    found = settings(tmp_path, protocol="SSL")
    certificate, key = certificates.issued(tmp_path / "tls", "ns.clock")
    for path in (certificate, key):
        certificates.secret(tmp_path / "principals" / path.name, path.read_bytes())
    login = found.login("clock")
    assert login == Login("ns.clock", "", found.authorities, tmp_path / "principals" / "ns.clock.crt", tmp_path / "principals" / "ns.clock.key")
    assert Brokers("one:1", login).options()["security_protocol"] == "SSL"


def test_a_secret_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    """It is told how to mend that; so is a role that this machine may not take, and an empty file."""
    found = settings(tmp_path)
    with pytest.raises(BadSecret, match=r"connects as ns\.log, and there is no .*ns\.log\.secret"):
        found.login("log")
    path = tmp_path / "principals" / "ns.clock.secret"
    path.chmod(0o640)
    with pytest.raises(BadSecret, match=r"chmod 600"):
        found.login("clock")
    certificates.secret(path, b"\n")
    with pytest.raises(BadSecret, match=r"is empty"):
        found.login("clock")


def test_the_administrator_is_one_for_all_buses(tmp_path: Path) -> None:
    """It has no namespace; a principal that is named for the machine stands for every role."""
    certificates.secret(settings(tmp_path).home / "principals" / "admin.secret", b"x")
    assert (login := settings(tmp_path).login("admin")) is not None
    assert login.principal == "admin"
    assert (login := settings(tmp_path, principal="ns.clock").login("log")) is not None
    assert login.principal == "ns.clock"
