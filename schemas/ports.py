"""The register of places at the border: ports by their codes, paths and checkpoints by the county that numbers them."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from schemas.vocabulary import vocabulary

_NUMBERED = re.compile(r"(PATH|CHECK)-([0-9]{6})-([0-9]{1,4})")
_KINDS: dict[str, tuple[Literal["path", "checkpoint"], str]] = {"PATH": ("path", "号通道"), "CHECK": ("checkpoint", "号卡点")}


class County(BaseModel):
    """A county at the border, by its names."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    zh: str = Field(min_length=2)
    en: str = Field(min_length=2)


class Port(County):
    """A port: its names, the code of its county (GB/T 2260), and that of the customs office, None where it is not known."""

    county: str
    customs: str | None


class Register(BaseModel):
    """An edition of the register (the day from which it is in use, ISO 8601), and where it is from."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    edition: str = Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
    source: str = Field(min_length=8)
    counties: dict[str, County]
    ports: dict[str, Port]

    @model_validator(mode="after")
    def _counties_are_listed(self) -> Self:
        if strange := sorted(name for name, port in self.ports.items() if port.county not in self.counties):
            raise ValueError(f"ports in counties that are not listed: {', '.join(strange)}")
        return self


class Place(NamedTuple):
    """A place at the border: its code, what it is, its names, the code of its county, and of a port that of the customs office."""

    code: str
    kind: Literal["port", "path", "checkpoint"]
    zh: str
    en: str
    county: str
    customs: str | None = None


@cache
def register() -> Register:
    """The register that is shipped; raises pydantic's ValidationError."""
    return Register.model_validate(vocabulary("ports"))


def place(code: str) -> Place | None:
    """What a code stands for; None when neither a port of the register has it, nor a county of the register numbers it."""
    if port := register().ports.get(code):
        return Place(code, "port", port.zh, port.en, port.county, port.customs)
    match = _NUMBERED.fullmatch(code)
    county = register().counties.get(match[2]) if match else None
    if match is None or county is None:
        return None
    kind, sign = _KINDS[match[1]]
    return Place(code, kind, f"{county.zh}{match[3]}{sign}", f"{county.en} {kind} {match[3]}", match[2])


def county(code: str | None, region: str | None) -> str:
    """The county of a place at the border; of one that the register does not know that of a division code, '' without any."""
    known = place(code) if code else None
    return known.county if known else (region or "")[:6]
