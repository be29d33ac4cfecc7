"""Looks at what names a person: who looked at which two profiles, when and why."""

from __future__ import annotations

from typing import Protocol

from pydantic import BaseModel

from schemas.models.identity import Look

TOPIC = "identity.look"


class Sends(Protocol):
    """What recording asks of a publisher; connectors.publish.Publisher does it."""

    def send(self, topic: str, key: str, value: BaseModel) -> None:
        """Send a value."""

    def settle(self) -> None:
        """Return when all is acknowledged."""


def record_look(publisher: Sends, look: Look) -> None:
    """Record a look before anything is shown. Raises CannotPublish when it cannot be: then nothing may be shown."""
    publisher.send(TOPIC, f"{look.a} {look.b}", look)
    publisher.settle()
