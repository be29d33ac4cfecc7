"""Who was where, what makes a place matter, and who met whom."""

from __future__ import annotations

from pydantic import Field

from schemas.models.fact import Fact, Millis


class Presence(Fact):
    """An alias at a place from `at` to `until`, both included."""

    alias: str = Field(description="Alias that was there.")
    place: str = Field(description="Code of the place.")
    region: str | None = Field(default=None, description="Division code of the place.")
    until: Millis = Field(description="End: UTC milliseconds; equal to `at` for a moment.")
    sealed: bytes = Field(default=b"", description="Direct identifiers, encrypted under the alias, so that whoever must reach a contact can.")


class Order(Fact):
    """An order to trace where an alias was from `at` to `until`."""

    alias: str = Field(description="Alias to trace.")
    person: str = Field(description="Person whose case orders it.")
    until: Millis = Field(description="End of the window: UTC milliseconds.")
    depth: int = Field(description="1 for contacts of a case, 2 for contacts of its contacts, and so on; 0 when only presences are shown, and no contacts.")


class Exposure(Fact):
    """A place that a traced person makes relevant from `at` to `until`, both included."""

    person: str = Field(description="Person who was there.")
    alias: str = Field(description="Alias under which that person was there.")
    place: str = Field(description="Code of the place.")
    region: str | None = Field(default=None, description="Division code of the place.")
    until: Millis = Field(description="End, lingering included: UTC milliseconds.")
    depth: int = Field(description="As in the order.")


class Contact(Fact):
    """A presence that overlaps an exposure, from `at` to `until`, both included."""

    alias: str = Field(description="Alias of the one who was exposed.")
    person: str = Field(description="Person whose presence exposed.")
    place: str = Field(description="Code of the place.")
    region: str | None = Field(default=None, description="Division code of the place.")
    until: Millis = Field(description="End of the overlap: UTC milliseconds.")
    depth: int = Field(description="As in the order.")
    sealed: bytes = Field(default=b"", description="Direct identifiers, encrypted under the alias, so that whoever must reach a contact can.")
