"""The first and the last resort of a record: as it arrived, and as it was refused."""

from __future__ import annotations

from pydantic import Field

from schemas.models.fact import Fact, Millis, Model


class Pointer(Model):
    """Where the original bytes are."""

    topic: str = Field(description="Raw topic.")
    partition: int = Field(description="Partition of it.")
    offset: int = Field(description="Offset in it.")


class Raw(Model):
    """What a source sent, byte for byte, with the envelope that the connector put around it."""

    source: str = Field(description="Name of the source, as its YAML file is called.")
    record: str = Field(description="Keyed token of the record's own identity at the source, 32 hexadecimal digits.")
    version: int = Field(description="The source's version of this record; a higher one replaces a lower one.")
    retracts: bool = Field(default=False, description="True when the source takes the record back.")
    digest: str = Field(description="Keyed BLAKE2b-128 of the body, 32 hexadecimal digits.")
    body: bytes = Field(description="The bytes of this one record as they arrived; on the topic sealed, with the columns, if `under` names whose keys.")
    fields: dict[str, str] | None = Field(default=None, description="Columns by name when the body is a CSV row; null when it is JSON.")
    fault: str | None = Field(default=None, description="Why the bytes could not be decoded, if they could not; holds no value of the record.")
    received_at: Millis = Field(description="When the connector read it: UTC milliseconds. No result depends on it.")
    original: Pointer | None = Field(default=None, description="Where the bytes are as the source sent them, if it was repaired or replayed; else null.")
    repair: str | None = Field(default=None, description="Id of the repair by which people changed the record; null when it is as the source sent it.")
    replay: int = Field(default=0, description="Number of the replay in which it is to be understood anew; 0 as it came.")
    under: list[str] = Field(
        default_factory=list, description="Under whose keys the body is sealed, in order: aliases of the persons in it, or source and day if there are none."
    )


class Reason(Model):
    """One thing wrong with one field."""

    field: str = Field(description="Dotted path of the field in the record, or '' for the whole.")
    problem: str = Field(description="What is wrong and what is expected; never the value itself.")


class Reject(Fact):
    """A record that could not be understood, with every reason and the place of the original."""

    source: str = Field(description="Name of the source.")
    record: str = Field(description="Token of the record, as in the raw message.")
    version: int = Field(description="Version that was refused.")
    digest: str = Field(description="Digest of the refused bytes.")
    reasons: list[Reason] = Field(description="Everything that is wrong, not only the first.")
    pointer: Pointer = Field(description="Where the original bytes are.")


class Repair(Fact):
    """How somebody proposes to repair a refused record; it counts once another person approves. `at` is when it was proposed."""

    source: str = Field(description="Name of the source.")
    record: str = Field(description="Token of the refused record.")
    version: int = Field(description="Version that was refused.")
    digest: str = Field(description="Digest of the refused bytes.")
    pointer: Pointer = Field(description="Where the refused bytes are.")
    sealed: bytes = Field(description="The repaired record as JSON, encrypted under the token of the refused one.")
    by: str = Field(description="Staff code of who proposes.")
    reason: str = Field(description="Why, in a word of the vocabulary of reasons.")


class Approval(Fact):
    """A second person approves a repair, and the repaired record is published; `at` is when."""

    repair: str = Field(description="Id of the repair.")
    by: str = Field(description="Staff code of who approves; never that of who proposed.")


class RejectLook(Fact):
    """Somebody saw a refused record unmasked; `at` is when."""

    reject: str = Field(description="Id of the reject.")
    by: str = Field(description="Staff code of who looked.")
    reason: str = Field(description="Why, in a word of the vocabulary of reasons.")


class Ledger(Model):
    """What one task has done with one input partition since the beginning; counts messages."""

    stage: str = Field(description="Stage.")
    topic: str = Field(description="Input topic.")
    partition: int = Field(description="Input partition.")
    through: int = Field(description="Offset of the last message counted.")
    received: int = Field(description="Messages read: applied + duplicates + rejected.")
    applied: int = Field(description="Messages that were taken into the state.")
    duplicates: int = Field(description="Messages that changed nothing: seen before, or superseded before they came.")
    rejected: int = Field(description="Messages refused, each with its reject.")
