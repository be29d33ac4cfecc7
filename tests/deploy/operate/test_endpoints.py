"""The endpoints: what they answer, where they listen, and that they are off unless a port is named."""

from __future__ import annotations

import re
import socket
import ssl
from pathlib import Path

import httpx
import pytest

from deploy.cli.output import Problem
from deploy.local import certificates
from deploy.operate import door
from deploy.operate.endpoints import Offers, offered
from schemas import metrics
from schemas.measures import Measures
from schemas.metrics import Alone, Part
from schemas.settings import Settings


def offers(dead: list[str], unready: list[str]) -> Offers:
    """Of an intake in which three requests wait."""
    measures = Measures()
    measures.look(lambda: measures.set(metrics.INTAKE_WAITING, Alone(), 3))
    return Offers(Part.SERVE, measures, lambda: dead, lambda: unready, lambda: {"receivers": 2})


@pytest.mark.parametrize(("dead", "unready", "statuses"), [([], [], (200, 200)), ([], ["the broker is silent"], (200, 503)), (["it stands"], ["it stands"], (503, 503))])
def test_what_they_answer(dead: list[str], unready: list[str], statuses: tuple[int, int], tmp_path: Path) -> None:
    """Health and readiness by status, with the reasons and what else is known; metrics as text; any other path names these three."""
    told: list[str] = []
    with offered(offers(dead, unready), Settings(home=tmp_path, metrics_port=0), told.append):
        found = re.search(r"http://127\.0\.0\.1:\d+", told[0])
        assert found
        health, ready, text, other = (httpx.get(found[0] + path, trust_env=False) for path in ("/health", "/ready?x=1", "/metrics", "/"))
    assert (health.status_code, ready.status_code) == statuses
    assert health.json() == {"alive": not dead, "why": dead}
    assert ready.json() == {"ready": not unready, "why": unready, "receivers": 2}
    assert "lianfang_intake_waiting 3.0" in text.text
    assert 'lianfang_disk_free_bytes{part="serve"}' in text.text
    assert "process_resident_memory_bytes" in text.text
    assert text.headers["Content-Type"].startswith("text/plain")
    assert (other.status_code, "/metrics" in other.json()["problem"]) == (404, True)


def test_who_has_no_token_learns_nothing(tmp_path: Path) -> None:
    """With a token no path answers who does not send it, or another, or one with a letter more; nor does the log of the server know of it."""
    (tmp_path / "token").write_text("a-secret\n")
    told: list[str] = []
    with offered(offers([], []), Settings(home=tmp_path, metrics_port=0, metrics_token_file=tmp_path / "token"), told.append):
        url = told[0].rpartition(" ")[2]
        answers = [
            httpx.get(url + path, trust_env=False, headers={"Authorization": sent} if sent else {})
            for path in ("/metrics", "/health", "/ready", "/") for sent in ("", "Bearer a-secre", "Bearer a-secrets", "a-secret", "Bearer a-secret")
        ]  # fmt: skip
    assert [one.status_code for one in answers] == [401, 401, 401, 401, 200] * 3 + [401, 401, 401, 401, 404]
    assert not [one for one in answers if one.status_code == 401 and ("lianfang_" in one.text or "a-secret" in one.text)]


def test_who_shows_no_certificate_is_not_spoken_with(tmp_path: Path) -> None:
    """With TLS and authorities of clients: one of them is answered, one of others and one with none are not, and a client that says nothing holds up nobody."""
    certificate, key = certificates.issued(tmp_path, "worker", server=True)
    authority = certificates.authority(tmp_path)
    known, foreign = certificates.issued(tmp_path, "prometheus"), certificates.issued(tmp_path / "other", "prometheus")
    settings = Settings(home=tmp_path, metrics_port=0, metrics_certificate=certificate, metrics_key=key, metrics_clients=authority)
    told: list[str] = []
    with offered(offers([], []), settings, told.append):
        url = told[0].rpartition(" ")[2]
        assert url.startswith("https://")
        with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))):
            assert [_asked(url, authority, shown) for shown in (known, foreign, None)] == [200, None, None]


def _asked(url: str, authority: Path, shown: tuple[Path, Path] | None) -> int | None:
    context = ssl.create_default_context(cafile=authority)
    if shown:
        context.load_cert_chain(*shown)
    try:
        return httpx.get(f"{url}/metrics", verify=context, trust_env=False).status_code
    except httpx.TransportError:
        return None


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.org"])
def test_nothing_is_open_to_others(host: str, tmp_path: Path) -> None:
    """An address that others reach is refused, before anything listens, unless a token or certificates are asked for."""
    settings = Settings(home=tmp_path, metrics_port=0, metrics_host=host)
    with pytest.raises(Problem, match="LIANFANG_METRICS_TOKEN_FILE or LIANFANG_METRICS_CLIENTS"), offered(offers([], []), settings, print):
        pass
    (tmp_path / "token").write_text("a-secret")
    assert door.operators(settings.model_copy(update={"metrics_token_file": tmp_path / "token"})) == ("a-secret", None)


def test_off_unless_a_port_is_named(tmp_path: Path) -> None:
    """Without the setting nothing listens and nothing is said."""
    told: list[str] = []
    with offered(offers([], []), Settings(home=tmp_path, metrics_port=None), told.append):
        assert told == []


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    """The problem names the setting."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = Settings(home=tmp_path, metrics_port=taken.getsockname()[1])
        with pytest.raises(Problem, match="LIANFANG_METRICS_PORT"), offered(offers([], []), settings, print):
            pass
