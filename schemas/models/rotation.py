"""Rotation: the secret of tokens is renewed, and what stands is carried over onto a bus beside, under other tokens."""

from __future__ import annotations

from pydantic import Field

from schemas.models.fact import Model, Signed


class RotationProposal(Signed):
    """Somebody proposes to renew the secret of tokens; it counts once another person approves. `at` is when it was proposed."""

    epoch: int = Field(description="Under how many secrets tokens will be: 2 the first time.")
    by: str = Field(description="Staff code of who proposes.")
    reason: str = Field(description="Why, in a word of the vocabulary of reasons.")


class RotationApproval(Signed):
    """A second person approves a renewal; `at` is when. From then on what stands may be carried over."""

    proposal: str = Field(description="Id of the proposal.")
    epoch: int = Field(description="Under how many secrets tokens will be.")
    by: str = Field(description="Staff code of who approves; never that of who proposed.")


class Carried(Model):
    """What stands of one record on the bus before, under the tokens of this one."""

    record: str = Field(description="Token of the record, as on this bus.")
    form: int = Field(description="Version of the rows of normalise in which it is written.")
    row: bytes = Field(description="The row of normalise's state, renamed; what names a person is sealed in it.")
