"""Who is let in over HTTP."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import httpx
import pytest
from aiohttp import web

from deploy.cli.output import Problem
from deploy.local import certificates
from deploy.operate import door
from schemas.settings import Settings

SOURCES = ("scan-code", "lab-result")


def tokens(folder: Path, **content: str) -> Settings:
    """A folder of tokens by the name of the file."""
    folder.mkdir()
    for name, token in content.items():
        (folder / f"{name.replace('_', '-')}.token").write_text(token)
    return Settings(http_tokens=folder)


def test_each_source_has_its_own_token(tmp_path: Path) -> None:
    """By file name, without what an editor leaves at the end."""
    assert door.tokens(tokens(tmp_path / "t", scan_code="one\n", lab_result="two"), SOURCES) == {"scan-code": "one", "lab-result": "two"}


def test_tokens_that_open_nothing_are_told(tmp_path: Path) -> None:
    """An empty one, one of no source, none at all, and both ways at once."""
    for found, says in (
        (tokens(tmp_path / "a", scan_code=" \n"), "is empty"), (tokens(tmp_path / "b", scan="x"), "of no source: scan"), (tokens(tmp_path / "c"), "no file SOURCE"),
        (tokens(tmp_path / "d", scan_code="x").model_copy(update={"http_token_file": tmp_path}), "set one of them"),
    ):  # fmt: skip
        with pytest.raises(Problem, match=says):
            door.tokens(found, SOURCES)


def test_the_gateway_of_messages_has_a_token(tmp_path: Path) -> None:
    """Its own, or the one for all; where each source has one, it must have one of its own."""
    own, all_ = tmp_path / "gateway", tmp_path / "all"
    own.write_text("secret\n", "utf-8")
    all_.write_text("other\n", "utf-8")
    assert door.gateway(Settings(http_messages=own, http_token_file=all_)) == "secret"
    assert door.gateway(Settings(http_token_file=all_)) == "other"
    assert door.gateway(Settings()) is None
    with pytest.raises(Problem, match="LIANFANG_HTTP_MESSAGES"):
        door.gateway(Settings(http_tokens=tmp_path))


def test_tls_wants_all_its_parts(tmp_path: Path) -> None:
    """Clients are not asked for certificates in the clear, and files that are none are told."""
    with pytest.raises(Problem, match=r"LIANFANG_HTTP_CERTIFICATE is not set"):
        door.tls(Settings(http_clients=tmp_path / "ca.pem"))
    (tmp_path / "no.pem").write_text("no")
    with pytest.raises(Problem, match=r"no PEM files"):
        door.tls(Settings(http_certificate=tmp_path / "no.pem"))
    assert door.tls(Settings()) is None


def test_only_who_shows_a_certificate_is_let_in(tmp_path: Path) -> None:
    """Of the authority that is named, not of another; the server is verified as well."""
    certificate, key = certificates.issued(tmp_path, "serve", server=True)
    authority = certificates.authority(tmp_path)
    known, foreign = certificates.issued(tmp_path, "clinic"), certificates.issued(tmp_path / "other", "clinic")
    secured = door.tls(Settings(http_certificate=certificate, http_key=key, http_clients=authority))
    answers = asyncio.run(_asked(secured, [_shows(authority, known), _shows(authority, foreign), _shows(authority, None)]))
    assert answers == [200, None, None]


def _shows(authority: Path, shown: tuple[Path, Path] | None) -> ssl.SSLContext:
    found = ssl.create_default_context(cafile=authority)
    if shown:
        found.load_cert_chain(*shown)
    return found


async def _asked(secured: ssl.SSLContext | None, clients: list[ssl.SSLContext]) -> list[int | None]:
    """The status that each client gets; None for those that are not let in."""

    async def greet(_: web.Request) -> web.Response:
        return web.Response()

    app = web.Application()
    app.add_routes([web.get("/", greet)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=secured)
    await site.start()
    port = runner.addresses[0][1]
    answers: list[int | None] = []
    for one in clients:
        async with httpx.AsyncClient(verify=one, trust_env=False) as client:
            try:
                answers.append((await client.get(f"https://127.0.0.1:{port}/")).status_code)
            except httpx.TransportError:
                answers.append(None)
    await runner.cleanup()
    return answers
