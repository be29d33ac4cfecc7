"""Looks at what names a person: who looked at which two profiles, when and why."""

from __future__ import annotations

from typing import Protocol

from pydantic import BaseModel, Field

from schemas.models.fact import Fact
from schemas.topics import written

TOPIC = "identity.look"


class Look(Fact):
    """A steward saw the values of two profiles; `at` is when."""

    a: str = Field(description="The smaller token.")
    b: str = Field(description="The larger token.")
    by: str = Field(description="Staff code of who looked.")
    reason: str = Field(description="Why, in a word of the vocabulary of reasons.")


class Sends(Protocol):
    """What recording asks of a publisher; connectors.publish.Publisher does it."""

    def send(self, topic: str, key: str, value: BaseModel) -> None:
        """Send a value."""

    def settle(self) -> None:
        """Return when all is acknowledged."""


def recorded() -> bool:
    """Whether the contract has a topic for looks."""
    return TOPIC in written()


def record_look(publisher: Sends, look: Look) -> None:
    """Record a look before anything is shown. Raises CannotPublish when it cannot be: then nothing may be shown."""
    publisher.send(TOPIC, f"{look.a} {look.b}", look)
    publisher.settle()
