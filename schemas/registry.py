"""A client of a Confluent-compatible schema registry."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx

_TRIES = 6


class RegistryError(Exception):
    """The registry cannot be reached, or refuses; the message says which and what to do."""


class Registry:
    """Subjects and schemas at a base URL, for example http://127.0.0.1:8081 (Confluent) or http://…/apis/ccompat/v7 (Apicurio)."""

    def __init__(self, url: str, timeout: float = 10.0) -> None:
        """Take the base URL; nothing is asked yet. `timeout` in seconds for each request."""
        self._http = httpx.Client(trust_env=False, base_url=url.rstrip("/") + "/", timeout=timeout)
        self._url = url

    def register(self, subject: str, schema: dict[str, Any]) -> int:
        """Register a schema under a subject and return its id; raises RegistryError when it is not compatible."""
        return int(self._ask("POST", f"subjects/{subject}/versions", _body(schema))["id"])

    def lookup(self, subject: str, schema: dict[str, Any]) -> int:
        """The id of a schema that was registered under a subject."""
        return int(self._ask("POST", f"subjects/{subject}", _body(schema))["id"])

    def known(self, subject: str, schema: dict[str, Any]) -> bool:
        """Whether exactly this schema was registered under a subject."""
        response = self._send("POST", f"subjects/{subject}", _body(schema))
        if response.status_code == httpx.codes.NOT_FOUND:
            return False
        self._read(response)
        return True

    def by_id(self, number: int) -> dict[str, Any]:
        """The schema of an id."""
        schema: dict[str, Any] = json.loads(self._ask("GET", f"schemas/ids/{number}")["schema"])
        return schema

    def subjects(self) -> list[str]:
        """All subjects, sorted."""
        return sorted(self._ask("GET", "subjects"))

    def compatible(self, subject: str, schema: dict[str, Any]) -> list[str]:
        """What stops a schema from following all versions of a subject; empty when nothing does or the subject is new."""
        response = self._send("POST", f"compatibility/subjects/{subject}/versions?verbose=true", _body(schema))
        if response.status_code == httpx.codes.NOT_FOUND:
            return []
        answer = self._read(response)
        return [] if answer["is_compatible"] else list(answer.get("messages") or ["not compatible"])

    def require(self, subject: str, level: str) -> None:
        """Set the compatibility level of a subject."""
        self._ask("PUT", f"config/{subject}", {"compatibility": level})

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        return self._read(self._send(method, path, body))

    def _send(self, method: str, path: str, body: dict[str, Any] | None) -> httpx.Response:
        """Send, again while the registry is away or ill, for about six seconds."""
        for attempt in range(_TRIES):
            try:
                response = self._http.request(method, path, json=body, headers={"Accept": "application/vnd.schemaregistry.v1+json"})
            except httpx.TransportError as error:
                problem = f"{type(error).__name__}: {error}"
            else:
                if response.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                    return response
                problem = f"status {response.status_code}"
            time.sleep(0.1 * 2**attempt)
        raise RegistryError(f"schema registry {self._url} does not answer ({problem}): is it up? `lianfang status` tells; LIANFANG_REGISTRY names another")

    def _read(self, response: httpx.Response) -> Any:
        if response.is_success:
            return response.json()
        raise RegistryError(
            f"schema registry {self._url} refused {response.request.method} {response.request.url.path}: {response.status_code} {response.text[:500]}"
        )


def _body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"schema": json.dumps(schema, ensure_ascii=False), "schemaType": "AVRO"}
