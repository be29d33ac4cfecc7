"""`lianfang serve`: what stands against serving is told before anything is taken."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.deploy.cli.conftest import Run


@pytest.fixture(autouse=True)
def _stack(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker and a registry that are named and never asked."""
    monkeypatch.setenv("LIANFANG_BROKERS", "127.0.0.1:1")
    monkeypatch.setenv("LIANFANG_REGISTRY", "http://127.0.0.1:1")


def test_port_in_use(run: Run) -> None:
    """A port that another program has is named, with how to take another."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = run("serve", "--port", str(port))
    assert told.code == 1
    assert f"cannot listen on 127.0.0.1:{port}" in told.err
    assert "LIANFANG_HTTP_PORT" in told.err


def test_empty_token_is_refused(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token file that is empty is no token, and does not open the door."""
    (tmp_path / "token").write_text("\n")
    monkeypatch.setenv("LIANFANG_HTTP_TOKEN_FILE", str(tmp_path / "token"))
    told = run("serve")
    assert (told.code, told.out) == (1, "")
    assert "is empty" in told.err


@pytest.mark.parametrize(("text", "said"), [("clinics: []", "clinics"), ("clinics: [", "not YAML")])
def test_a_wrong_register_of_clinics_is_told(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str) -> None:
    """Messages are not taken for clinics that nobody can read."""
    (tmp_path / "outposts.yaml").write_text(text, "utf-8")
    monkeypatch.setenv("LIANFANG_OUTPOSTS", str(tmp_path / "outposts.yaml"))
    told = run("serve")
    assert (told.code, told.out) == (1, "")
    assert f"outposts.yaml: {said}" in told.err


def test_open_door_is_told(run: Run) -> None:
    """Without a token the command warns that everybody is let in."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = run("serve", "--port", str(taken.getsockname()[1]))
    assert "open to everybody" in told.err
