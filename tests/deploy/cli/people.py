"""A bus with a few invented people and the small spec in place of its own, and a publisher that keeps what it gets."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel

from deploy.bus import Bus
from schemas.models.identity import Doubt
from schemas.tokens import Keys
from streams.identity.model import Model, save
from tests.deploy.cli.conftest import Filled
from tests.deploy.fakes import FakeReader, entry
from tests.deploy.linkage.people import A, B, C, profile, waits
from tests.streams.identity.small import SPEC, model

KEYS = Keys(bytes(32))
"""The keys of the tests' home."""
NAMES = ("ceshi", "yangben", "1980-01-01", "13800000001")
"""What no command may show without a reason."""


class Sent:
    """A publisher that keeps what it gets."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.sent: list[tuple[str, str, BaseModel]] = []
        self.settled = self.closed = False

    def send(self, topic: str, key: str, value: BaseModel) -> None:
        """Keep it."""
        self.sent.append((topic, key, value))

    def settle(self) -> None:
        """Note that it was waited for."""
        self.settled = True

    def close(self) -> None:
        """Note that the connection was let go."""
        self.closed = True


def small(monkeypatch: pytest.MonkeyPatch, version: int = 1) -> None:
    """The small spec, and its model, as those of the bus's people."""
    monkeypatch.setattr("deploy.cli.linkage.people", lambda: (SPEC, model(version)))
    for module in ("explain", "reviews", "switch"):
        monkeypatch.setattr(f"deploy.cli.{module}.people", lambda: (SPEC, model(version)))


def publisher(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What the bus's publisher gets from now on."""
    sent = Sent()
    monkeypatch.setattr(Bus, "publisher", lambda _: sent)
    return sent


def standing(filled: Filled, *more: tuple[str, str, BaseModel]) -> FakeReader:
    """A bus of three aliases, of which two are one person by weight and one waits with either; and more messages (topic, key, value)."""
    people = [
        profile(KEYS, A, at=1, name="wang ceshi", born="1980-01-01", phone="13800000001"), profile(KEYS, B, at=2, name="wang ceshi", born="1980-01-01"),
        profile(KEYS, C, at=3, name="wang yangben", phone="13800000001"),
    ]  # fmt: skip
    reviews = [waits(A, C, weight=5000), waits(A, A, Doubt.CROWDED, None)]
    return filled(
        *(entry("identity.profile", one, key=one.alias) for one in people), *(entry("identity.review", one, key=f"{one.a} {one.b}") for one in reviews),
        *(entry(topic, value, key=key) for topic, key, value in more),
    )  # fmt: skip


def saved(folder: Path, made: Model) -> Path:
    """A model file."""
    path = folder / f"model-{made.version}.json"
    path.write_text(save(made), "utf-8")
    return path
