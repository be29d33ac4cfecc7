"""The local stack's own certificate authority: who may vouch for the broker and the registry, in files that only their owner reads."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_DAYS = 825
"""For how long a certificate is good; more than that some clients refuse (CA/Browser Forum, baseline requirements before 2020)."""
_PURPOSES = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
_HOSTS = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])


def authority(folder: Path) -> Path:
    """The authority's certificate, made once with its key beside it (`ca.key`)."""
    path = folder / "ca.pem"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name("lianfang local authority")
        made = _builder(name, name, key.public_key()).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        secret(folder / "ca.key", _pem(key))
        secret(path, made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    return path


def issued(folder: Path, common_name: str, *, server: bool = False) -> tuple[Path, Path]:
    """The certificate and key of a name, made once; of a server it is good for loopback addresses. The files are NAME.crt and NAME.key in `folder`."""
    certificate, key_file = folder / f"{common_name}.crt", folder / f"{common_name}.key"
    if not certificate.exists():
        issuer = x509.load_pem_x509_certificate(authority(folder).read_bytes())
        signer = load_pem_private_key((folder / "ca.key").read_bytes(), None)
        assert isinstance(signer, ec.EllipticCurvePrivateKey)
        key = ec.generate_private_key(ec.SECP256R1())
        made = _builder(_name(common_name), issuer.subject, key.public_key()).add_extension(_PURPOSES, critical=False)
        made = made.add_extension(_HOSTS, critical=False) if server else made
        secret(key_file, _pem(key))
        secret(certificate, made.sign(signer, hashes.SHA256()).public_bytes(Encoding.PEM))
    return certificate, key_file


def secret(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all, and that only its owner reads."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    part.rename(path)


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    times = x509.CertificateBuilder().not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=_DAYS))
    return times.subject_name(subject).issuer_name(issuer).public_key(key).serial_number(x509.random_serial_number())


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
