"""The endpoints: what they answer, where they listen, and that they are off unless a port is named."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import httpx
import pytest

from deploy.cli.output import Problem
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
