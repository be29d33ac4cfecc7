"""Which aliases are one person, and why: what records say of a person, pairs, decisions, people."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from schemas.models.fact import Fact, Millis, Model, Signed

TIMELESS = 0
"""`at` of what follows from what is said of people: it has no moment of its own, and stands while any record says so."""


class Handle(Model):
    """A further handle that a record gives of the person: an alias of the same person."""

    alias: str = Field(description="Its keyed token.")
    reason: str = Field(description="Why the two belong together, in the words of the vocabulary.")


class Mention(Fact):
    """What one record says of the person under an alias; `at` is the time of the record."""

    alias: str = Field(description="Alias: the strongest handle of the record.")
    source: str = Field(description="Source of the record.")
    handles: list[Handle] = Field(default_factory=list, description="Further handles, strongest first.")
    only: str = Field(default="", description="What the alias is that nobody has two of (resident: a resident identity number); '' for all else.")
    sealed: bytes = Field(default=b"", description="The profile that the record gives, encrypted under the alias.")


class Profile(Fact):
    """What all standing mentions of an alias say together. Its causes are the names of what is said, each for all mentions that say the same."""

    alias: str = Field(description="Alias.")
    only: str = Field(default="", description="As in the mention.")
    sealed: bytes = Field(default=b"", description="The values of each field, encrypted under the alias.")
    compared: str = Field(default="", description="Name of these values, which are what is compared: the cause of its blocks.")
    sources: list[str] = Field(default_factory=list, description="The sources of each value, with blanks between, in the order of fields and values.")


class Block(Fact):
    """An alias under a blocking key, with the values of its profile, to be compared with all others there; it stands as long as these do."""

    block: str = Field(description="Keyed token of what profiles must share to be compared.")
    alias: str = Field(description="Alias.")
    reason: str = Field(description="Name of the blocking rule.")
    sealed: bytes = Field(default=b"", description="The values of each field, encrypted under the alias.")


class Grade(StrEnum):
    """How sure it is that two aliases are one person."""

    LINK = "link"
    REVIEW = "review"


class Shared(Fact):
    """Two aliases that records name together, so that they are one person; its cause is the name of what is said."""

    a: str = Field(description="The smaller token.")
    b: str = Field(description="The larger token.")
    reason: str = Field(description="Why, in the words of the vocabulary.")


class Match(Fact):
    """Two aliases that are one person, or may be, by the weight of what their profiles say."""

    a: str = Field(description="The smaller token.")
    b: str = Field(description="The larger token.")
    reason: str = Field(description="Name of the blocking rule that brought the two together.")
    grade: Grade = Field(default=Grade.LINK, description="Link joins, review asks a steward.")
    weight: int = Field(default=0, description="Match weight in thousandths of a bit: log2 of the odds that the two are one person.")
    model: int = Field(default=0, description="Version of the model that gave the weight.")


class Verdict(StrEnum):
    """What a steward decided about two aliases."""

    SAME = "same"
    DIFFERENT = "different"


class Judgement(Signed):
    """A steward's decision about two aliases, which outweighs every score; `at` is when it was made."""

    a: str = Field(description="The smaller token.")
    b: str = Field(description="The larger token.")
    verdict: Verdict = Field(description="Same person, or different people.")
    decider: str = Field(description="Staff code of the steward.")
    reason: str = Field(description="Why, in a word of the vocabulary of reasons.")


class Look(Fact):
    """A steward saw the values of two profiles; `at` is when."""

    a: str = Field(description="The smaller token.")
    b: str = Field(description="The larger token.")
    by: str = Field(description="Staff code of who looked.")
    reason: str = Field(description="Why, in a word of the vocabulary of reasons.")


class Doubt(StrEnum):
    """Why a pair waits for a steward."""

    SCORE = "score"
    CONTRADICTION = "contradiction"
    CROWDED = "crowded"
    DECISION = "decision"
    SAMPLE = "sample"


class Review(Fact):
    """A pair that waits for a steward."""

    a: str = Field(description="The smaller token.")
    b: str = Field(description="The larger token.")
    doubt: Doubt = Field(description="Why: a score between no and link, a contradiction, a handle of too many, decisions at odds, or a sample.")
    says: str = Field(default="", description="What contradicts, or the reason of the match.")
    weight: int | None = Field(default=None, description="Match weight in thousandths of a bit; null for a shared handle.")


class ModelPart(Model):
    """A model of weights, or the order to weigh some blocks anew with it."""

    version: int = Field(description="Version of the model; the highest counts.")
    model: bytes = Field(default=b"", description="The model file, compressed with zlib (RFC 1950); empty in an order.")
    blocks: str | None = Field(default=None, description="In an order: how the tokens of the blocks begin, two hexadecimal digits or more; null in a model.")


class Link(Fact):
    """The person that an alias belongs to."""

    alias: str = Field(description="Alias.")
    person: str = Field(description="Key of the person: the token of an alias, of those that nobody has two of (resident numbers) before others the smallest.")
    reasons: list[str] = Field(description="Reasons of the matches that join this alias, sorted.")
    since: Millis = Field(description="0. It once was a moment of the alias whose token is the key: UTC milliseconds.")
