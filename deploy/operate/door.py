"""Who is let in over HTTP: the tokens that publishers must send, and TLS with or without certificates of their own. Everything is in files."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from pathlib import Path

from deploy.cli.output import Problem
from schemas.settings import Settings


def tokens(settings: Settings, sources: Iterable[str]) -> str | Mapping[str, str] | None:
    """One token for all sources, or one for each that has a file SOURCE.token in the folder; None where it is open.

    Raises Problem when a token is empty, when both are set, and when a file is of no source.
    """
    if settings.http_tokens is None:
        return _token(settings.http_token_file) if settings.http_token_file else None
    if settings.http_token_file:
        raise Problem("LIANFANG_HTTP_TOKEN_FILE is one token for all sources, LIANFANG_HTTP_TOKENS one for each: set one of them")
    found = {path.stem: _token(path) for path in sorted(settings.http_tokens.glob("*.token"))}
    foreign = found.keys() - set(sources)
    if foreign or not found:
        raise Problem(f"{settings.http_tokens} holds {'tokens of no source: ' + ', '.join(sorted(foreign)) if foreign else 'no file SOURCE.token'}")
    return found


def agencies(settings: Settings, names: Iterable[str]) -> Mapping[str, str]:
    """By agency the token with which it confirms releases. Raises Problem when a token is empty, and when a file is of no agency."""
    if settings.http_agencies is None:
        return {}
    found = {path.stem: _token(path) for path in sorted(settings.http_agencies.glob("*.token"))}
    if foreign := found.keys() - set(names):
        raise Problem(f"{settings.http_agencies} holds tokens of no agency: {', '.join(sorted(foreign))}")
    return found


def residents(settings: Settings) -> str | None:
    """The token of the residents' counter, None where nobody can ask over HTTP. Raises Problem when it is empty."""
    return _token(settings.http_residents) if settings.http_residents else None


def gateway(settings: Settings) -> str | None:
    """The token of the gateway of text messages, None where it is open. Raises Problem when it is empty, and where sources have tokens and it has none."""
    if settings.http_messages:
        return _token(settings.http_messages)
    if settings.http_tokens:
        raise Problem("LIANFANG_HTTP_MESSAGES is not set: with a token for each source the gateway of text messages needs one of its own")
    return _token(settings.http_token_file) if settings.http_token_file else None


def tls(settings: Settings) -> ssl.SSLContext | None:
    """TLS 1.2 or later with the certificate of the settings; with `http_clients` only for whoever shows a certificate that those authorities issued.

    None where it is in the clear. Raises Problem when a part of it is missing.
    """
    return _tls(settings.http_certificate, settings.http_key, settings.http_clients, "HTTP")


def operators(settings: Settings) -> tuple[str | None, ssl.SSLContext | None]:
    """What the endpoints for operators ask of whoever comes: a token, TLS, certificates; nothing of all that on loopback, unless the settings say so.

    Raises Problem when a part is missing, and for an address that others can reach when nothing is asked for there.
    """
    token = _token(settings.metrics_token_file) if settings.metrics_token_file else None
    secured = _tls(settings.metrics_certificate, settings.metrics_key, settings.metrics_clients, "METRICS")
    if token is None and settings.metrics_clients is None and not loopback(settings.metrics_host):
        do = "set LIANFANG_METRICS_TOKEN_FILE or LIANFANG_METRICS_CLIENTS, or listen on 127.0.0.1"
        raise Problem(f"{settings.metrics_host} can be reached from elsewhere: {do}")
    return token, secured


def loopback(host: str) -> bool:
    """Whether an address is reached from this machine alone; a name other than localhost is not looked up and counts as reachable."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _tls(certificate: Path | None, key: Path | None, clients: Path | None, what: str) -> ssl.SSLContext | None:
    if certificate is None:
        if clients or key:
            raise Problem(f"LIANFANG_{what}_CERTIFICATE is not set: without it nothing is asked of clients")
        return None
    found = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    found.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        found.load_cert_chain(certificate, key)
        if clients:
            found.load_verify_locations(clients)
            found.verify_mode = ssl.CERT_REQUIRED
    except ssl.SSLError as error:
        raise Problem(f"the files of LIANFANG_{what}_CERTIFICATE, _KEY or _CLIENTS are no PEM files that fit: {error.reason}") from error
    return found


def _token(path: Path) -> str:
    found = path.read_text("utf-8").strip()
    if not found:
        raise Problem(f"{path} is empty: write the token into it that clients must send")
    return found
