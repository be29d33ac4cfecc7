"""Settings: each described once, each overridden by the environment, each printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import ValidationError

from deploy.cli.main import lianfang
from schemas.settings import BadSecret, Settings
from schemas.tokens import Keys

OTHER = {"home": "/elsewhere", "partitions": "7", "replication": "3", "batch_size": "10", "session_timeout": "2.5", "transaction_timeout": "9", "http_port": "0",
         "http_max_bytes": "99", "http_max_waiting": "2", "http_patience": "1.5", "pace": "0.5", "batch_seconds": "0.2", "state_buffer": "8", "state_cache": "16",
         "reject_share": "0.25", "metrics_port": "0", "log_format": "json", "log_level": "ERROR", "backlog": "5", "collect": "hold", "log_seconds": "2.5",
         "approved_agencies": "True", "protocol": "SSL", "vault": "derived"}  # fmt: skip
"""A value for each setting that is no plain text or path."""


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that the person who runs the tests has set counts here."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"LIANFANG_{name.upper()}", raising=False)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_described_and_overridden(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each setting says what it means, and LIANFANG_<NAME> in the environment changes it and nothing else; a drill has its own topics and folder."""
    assert (Settings.model_fields[name].description or "").endswith(".")
    value = OTHER.get(name, "something")
    monkeypatch.setenv(f"LIANFANG_{name.upper()}", value)
    before, now = Settings.model_construct().model_dump(), Settings().model_dump()
    assert str(now[name]) == str(float(value) if isinstance(before[name], float) else value)
    assert {key for key in now if now[key] != before[key]} == {name} | ({"namespace", "home"} if name == "drill" else set())


def test_command_lists_each_once() -> None:
    """`lianfang settings` lists every setting once, with its variable, meaning, and where its value is from."""
    result = CliRunner(env={"LIANFANG_NAMESPACE": "trial."}).invoke(lianfang, ["settings", "--json"])
    rows = json.loads(result.stdout)
    assert [row["setting"] for row in rows] == list(Settings.model_fields)
    assert {row["variable"] for row in rows} == {f"LIANFANG_{name.upper()}" for name in Settings.model_fields}
    assert [(row["setting"], row["value"]) for row in rows if row["from"] == "environment"] == [("namespace", "trial.")]


@pytest.mark.parametrize(("name", "value"), [("partitions", "0"), ("http_port", "70000"), ("batch_size", "many")])
def test_wrong_values_are_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A value that cannot be is refused with the setting's name."""
    monkeypatch.setenv(f"LIANFANG_{name.upper()}", value)
    with pytest.raises(ValidationError, match=name):
        Settings()


def test_keys_are_of_the_secret_file(tmp_path: Path) -> None:
    """The keys follow from the secret file; without one, or with a short one, the message says what to do."""
    secret = tmp_path / "secret"
    with pytest.raises(BadSecret, match="lianfang up"):
        _ = Settings(home=tmp_path).keys
    secret.write_bytes(b"short")
    with pytest.raises(BadSecret, match="LIANFANG_SECRET_FILE"):
        _ = Settings(home=tmp_path).keys
    secret.write_bytes(bytes(32))
    assert Settings(home=tmp_path).keys.token("d", "x") == Keys(bytes(32)).token("d", "x")
