"""A client of a Confluent-compatible schema registry."""

from __future__ import annotations

import json
import ssl
import time
from pathlib import Path
from typing import Any

import httpx

_TRIES = 6


class RegistryError(Exception):
    """The registry cannot be reached, or refuses; the message says which and what to do."""


class RegistryAway(RegistryError):
    """The registry does not answer; trying again later may help."""


class Registry:
    """Subjects and schemas at a base URL, for example http://127.0.0.1:8081 (Confluent) or http://…/apis/ccompat/v7 (Apicurio)."""

    def __init__(
        self, url: str, timeout: float = 10.0, transport: httpx.BaseTransport | None = None, *, authorities: Path | None = None, login: Path | None = None
    ) -> None:
        """Take the base URL; nothing is asked yet. `timeout` in seconds for each request; another `transport` is for tests.

        `authorities` is a PEM file of who may vouch for an https address, None for those of the system; `login` a file with user:password or a bearer token.
        """
        verify: Any = ssl.create_default_context(cafile=authorities) if authorities else True
        auth, headers = _login(login)
        self._http = httpx.Client(trust_env=False, base_url=url.rstrip("/") + "/", timeout=timeout, transport=transport, verify=verify, auth=auth,
                                  headers=headers)  # fmt: skip
        self._url = url

    def close(self) -> None:
        """Let go of the connection, for good."""
        self._http.close()

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

    def by_id(self, number: int) -> Any:
        """The Avro schema of an id, or None when the id is of no schema, or of one in another language."""
        response = self._send("GET", f"schemas/ids/{number}", None)
        if response.status_code == httpx.codes.NOT_FOUND:
            return None
        found = self._read(response)
        return json.loads(found["schema"]) if found.get("schemaType", "AVRO") == "AVRO" else None

    def subjects(self) -> list[str]:
        """All subjects, sorted."""
        return sorted(self._ask("GET", "subjects"))

    def forget(self, subject: str) -> None:
        """Delete a subject with all its versions, as far as it is there; ids that were given stay readable."""
        response = self._send("DELETE", f"subjects/{subject}", None)
        if response.status_code != httpx.codes.NOT_FOUND:
            self._read(response)

    def compatible(self, subject: str, schema: dict[str, Any]) -> list[str]:
        """What stops a schema from following all versions of a subject; empty when nothing does or the subject is new."""
        response = self._send("POST", f"compatibility/subjects/{subject}/versions?verbose=true", _body(schema))
        if response.status_code == httpx.codes.NOT_FOUND:
            return []
        answer = self._read(response)
        return [] if answer["is_compatible"] else list(answer.get("messages") or ["not compatible"])

    def versions(self, subject: str) -> list[dict[str, Any]]:
        """All schemas of a subject, the oldest first."""
        numbers: list[int] = sorted(self._ask("GET", f"subjects/{subject}/versions"))
        return [json.loads(self._ask("GET", f"subjects/{subject}/versions/{number}")["schema"]) for number in numbers]

    def level(self, subject: str) -> str | None:
        """The compatibility level that was set for a subject, or None."""
        response = self._send("GET", f"config/{subject}", None)
        return None if response.status_code == httpx.codes.NOT_FOUND else str(self._read(response)["compatibilityLevel"])

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
        raise RegistryAway(f"schema registry {self._url} does not answer ({problem}): is it up? `lianfang status` tells; LIANFANG_REGISTRY names another")

    def _read(self, response: httpx.Response) -> Any:
        if response.is_success:
            return response.json()
        raise RegistryError(
            f"schema registry {self._url} refused {response.request.method} {response.request.url.path}: {response.status_code} {response.text[:500]}"
        )


def _login(path: Path | None) -> tuple[tuple[str, str] | None, dict[str, str]]:
    """User and password, or headers with a token, from a file."""
    text = path.read_text("utf-8").strip() if path else ""
    user, separator, password = text.partition(":")
    if separator:
        return (user, password), {}
    return None, {"Authorization": f"Bearer {text}"} if text else {}


def _body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"schema": json.dumps(schema, ensure_ascii=False), "schemaType": "AVRO"}
