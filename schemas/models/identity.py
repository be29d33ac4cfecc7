"""Which aliases are one person, and why."""

from __future__ import annotations

from pydantic import Field

from schemas.models.fact import Fact, Millis


class Block(Fact):
    """An alias under a blocking key; with strong evidence the key is itself an alias of the same person."""

    block: str = Field(description="Keyed token of the evidence: a document number, an account, a phone with a name.")
    alias: str = Field(description="Alias that the record names together with it.")
    reason: str = Field(description="Why the two belong together, in the words of the vocabulary.")


class Match(Fact):
    """Two aliases that are one person; `at` is when the earliest record that says so happened."""

    a: str = Field(description="The smaller token.")
    b: str = Field(description="The larger token.")
    reason: str = Field(description="Why.")


class Link(Fact):
    """The person that an alias belongs to; `at` is when the alias was first seen."""

    alias: str = Field(description="Alias.")
    person: str = Field(description="Key of the person: the token of its earliest alias.")
    reasons: list[str] = Field(description="Reasons of the matches that touch this alias, sorted.")
    since: Millis = Field(description="When the person's earliest alias was first seen: UTC milliseconds.")
