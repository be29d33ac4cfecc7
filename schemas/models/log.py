"""The log that can be proved: in which order it took what it found on the bus, and the checkpoints that it signed."""

from __future__ import annotations

from pydantic import Field

from schemas.models.fact import Fact, Model


class Read(Model):
    """How far one partition is in the log."""

    topic: str = Field(description="Topic, by its name in the contract.")
    partition: int = Field(description="Partition of it.")
    next: int = Field(description="Offset of the first message that is not in the log yet.")


class Taken(Model):
    """What the log took in at once: the committed messages between the readings before and these, by topic, partition and offset."""

    size: int = Field(description="Entries of the log with these.")
    root: str = Field(description="Root of the Merkle tree of all these entries (RFC 9162, SHA-256), base64.")
    reads: list[Read] = Field(description="The partitions that moved, by topic and number.")
    form: int = Field(default=1, description="Number of the form in which entries say what messages mean.")
    bare: list[int] = Field(default_factory=list, description="Numbers of the entries that hold place and digest alone, as their messages could not be read.")


class Checkpoint(Model):
    """A signed statement of the log: so many entries, with this root."""

    origin: str = Field(description="Name of the log.")
    size: int = Field(description="Entries of the log.")
    note: str = Field(description="The checkpoint with the signatures of the log and of its witnesses, as C2SP tlog-checkpoint and tlog-cosignature write it.")


class CaseLook(Fact):
    """Somebody saw a linked case, or all that is held about a person; `at` is when."""

    case: str = Field(description="Id of the linked case; '' of a person who has none.")
    by: str = Field(description="Staff code of who looked.")
    reason: str = Field(description="Why, in a word of the vocabulary of reasons.")
    person: str = Field(default="", description="Key of the person, so that the person can be told who looked; '' of who is not known here.")
