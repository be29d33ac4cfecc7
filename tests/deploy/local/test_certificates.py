"""The local stack's authority."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature

from deploy.local import certificates, stack
from schemas.settings import Settings


def test_certificates_are_made_once_and_read_by_nobody_else(tmp_path: Path) -> None:
    """Asked again, the same files are given; every one of them is its owner's alone."""
    folder = tmp_path / "tls"
    first = certificates.issued(folder, "broker", server=True)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert certificates.issued(folder, "broker", server=True) == first
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    assert {path.stat().st_mode & 0o077 for path in folder.iterdir()} == {0}


def test_a_certificate_is_vouched_for_by_its_own_authority_alone(tmp_path: Path) -> None:
    """It verifies against the authority that issued it, for loopback addresses when it is of a server, and not against another's."""
    certificate, key = certificates.issued(tmp_path / "one", "broker", server=True)
    found = x509.load_pem_x509_certificate(certificate.read_bytes())
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(one) for one in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]
    found.verify_directly_issued_by(x509.load_pem_x509_certificate(certificates.authority(tmp_path / "one").read_bytes()))
    foreign = x509.load_pem_x509_certificate(certificates.authority(tmp_path / "other").read_bytes())
    with pytest.raises(InvalidSignature):
        found.verify_directly_issued_by(foreign)
    ssl.create_default_context().load_cert_chain(certificate, key)


def test_clients_of_a_secured_stack_are_told_by_its_folder(tmp_path: Path) -> None:
    """Without further settings they connect over TLS; brokers elsewhere are not concerned, nor an open stack."""
    assert stack.secured(Settings(home=tmp_path)).protocol is None
    (tmp_path / "stack.json").write_text('{"secured": true}')
    found = stack.secured(Settings(home=tmp_path))
    assert (found.protocol, found.authorities) == ("SASL_SSL", tmp_path / "tls" / "ca.pem")
    assert stack.secured(Settings(home=tmp_path, brokers="elsewhere:1")).protocol is None
