"""The client of the schema registry, against a registry of canned answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from schemas.registry import Registry, RegistryError

SCHEMA = {"type": "record", "name": "T", "namespace": "org.lianfang", "fields": []}


def registry(answer: Callable[[httpx.Request], httpx.Response], monkeypatch: pytest.MonkeyPatch) -> Registry:
    """A client whose requests are answered here, and which does not wait between tries."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    return Registry("http://registry.test/apis/ccompat/v7", transport=httpx.MockTransport(answer))


def test_paths_and_bodies(monkeypatch: pytest.MonkeyPatch) -> None:
    """A schema is registered under its subject, as text inside JSON, below the base URL."""
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"id": 7})

    client = registry(answer, monkeypatch)
    assert client.register("case.linked-value", SCHEMA) == 7
    assert client.lookup("case.linked-value", SCHEMA) == 7
    assert [(one.method, one.url.path) for one in seen] == [
        ("POST", "/apis/ccompat/v7/subjects/case.linked-value/versions"), ("POST", "/apis/ccompat/v7/subjects/case.linked-value"),
    ]  # fmt: skip
    assert json.loads(json.loads(seen[0].content)["schema"]) == SCHEMA


@pytest.mark.parametrize(("answer", "found"), [
    (httpx.Response(200, json={"schema": json.dumps(SCHEMA)}), SCHEMA),
    (httpx.Response(200, json={"schema": json.dumps(SCHEMA), "schemaType": "AVRO"}), SCHEMA),
    (httpx.Response(200, json={"schema": 'syntax = "proto3";', "schemaType": "PROTOBUF"}), None),
    (httpx.Response(404, json={"error_code": 40403}), None),
])  # fmt: skip
def test_schema_of_an_id(answer: httpx.Response, found: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An id gives its Avro schema; an id of no schema, or of one in another language, gives None."""
    assert registry(lambda _: answer, monkeypatch).by_id(7) == found


def test_what_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A subject that is not there knows no schema, forbids none, and has no level."""
    client = registry(lambda _: httpx.Response(404, json={}), monkeypatch)
    assert not client.known("s", SCHEMA)
    assert client.compatible("s", SCHEMA) == []
    assert client.level("s") is None


def test_incompatible(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the registry says against a schema is given on, and something is said when it gives no reason."""
    said = registry(lambda _: httpx.Response(200, json={"is_compatible": False, "messages": ["field x"]}), monkeypatch)
    silent = registry(lambda _: httpx.Response(200, json={"is_compatible": False}), monkeypatch)
    assert said.compatible("s", SCHEMA) == ["field x"]
    assert silent.compatible("s", SCHEMA) == ["not compatible"]


def test_versions_and_level(monkeypatch: pytest.MonkeyPatch) -> None:
    """All versions of a subject, the oldest first, and the level that was set."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/versions"):
            return httpx.Response(200, json=[2, 1])
        if "/config/" in request.url.path:
            return httpx.Response(200, json={"compatibilityLevel": "NONE"})
        return httpx.Response(200, json={"schema": json.dumps({"version": int(request.url.path[-1])})})

    client = registry(answer, monkeypatch)
    assert client.versions("s") == [{"version": 1}, {"version": 2}]
    assert client.level("s") == "NONE"


def test_ill_registry_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A registry that is away or ill is asked again; one that stays so is named, with what to do."""
    answers = [httpx.Response(503), httpx.Response(500), httpx.Response(200, json=["b", "a"])]
    assert registry(lambda _: answers.pop(0), monkeypatch).subjects() == ["a", "b"]
    tries: list[int] = []

    def away(request: httpx.Request) -> httpx.Response:
        tries.append(1)
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(RegistryError, match=r"registry\.test.*does not answer.*lianfang status"):
        registry(away, monkeypatch).subjects()
    assert len(tries) == 6


def test_refusal_says_what(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal names the request and holds what the registry said."""
    with pytest.raises(RegistryError, match=r"POST /apis/ccompat/v7/subjects/s/versions: 409 .*incompatible"):
        registry(lambda _: httpx.Response(409, text="incompatible"), monkeypatch).register("s", SCHEMA)
