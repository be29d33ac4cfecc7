"""What routing remembers of a person: the linked case, and of each release that stands what is needed to take it back. No identifier is open in it.

A row begins with eight bytes for the rules under which it was decided and eight for the moment at which the first of its releases ends, so that a look over
many rows reads no more of most of them. Releases themselves are not kept: they follow from the case and the rules, and what an agency may no longer hold is
not to stay here either.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import fastavro
from pydantic import BaseModel, Field

from schemas.avro import pack, unpack
from schemas.models.case import LinkedCase
from schemas.models.fact import Millis, Model
from schemas.models.release import Audit, Decision, Release
from schemas.rows import forms
from streams.routing.bulletins import told
from streams.routing.project import released
from streams.rows import Table, moment, since

_RULES, _HEAD = 8, 16
_NEVER = (1 << 63) - 1

Key = tuple[str, str, str]
"""Agency, purpose and code of the person: a person has one release for each agency and purpose, and when the code changes, the one under the old code falls."""


def key(item: Release) -> Key:
    """What a release is released under."""
    return item.agency, item.purpose, item.person


class Given(Model):
    """A release that stands: what takes it back, and what its line of audit said."""

    end: Release = Field(description="The retraction of it.")
    reason: str = Field(description="How the case concerned the agency.")
    fields: list[str] = Field(description="Names of the released fields, sorted.")

    @classmethod
    def of(cls, item: Release) -> Given:
        """What is remembered of a release."""
        if item.bulletin:
            return cls(end=item.taken_back(), reason="subscribed", fields=told(item.bulletin))
        return cls(end=item.taken_back(), reason=", ".join(f"{one.why.value} in {one.region}" for one in item.why), fields=released(item.view))

    @property
    def key(self) -> Key:
        """What it is released under."""
        return key(self.end)

    def audit(self, person: str, decision: Decision) -> Audit:
        """The line of audit of the release, or of its retraction. It names the person by the key, the release as the agency does."""
        item = self.end
        return Audit(release=item.id, agency=item.agency, person=person, purpose=item.purpose, decision=decision,
                     reason=self.reason, fields=self.fields, at=item.at, legal_basis=item.legal_basis)  # fmt: skip


class Sent(Model):
    """The linked case of a person, and the releases of it that stand."""

    case: LinkedCase
    given: list[Given] = Field(default_factory=list)


def short(rules: str) -> bytes:
    """The eight bytes that stand for the digest of some rules."""
    return bytes.fromhex(rules)[:_RULES]


def hold(sent: Sent, rules: bytes) -> bytes:
    """The row, decided under these rules."""
    return framed(sent, sent.given, rules)


def framed(content: BaseModel, given: Iterable[Given], rules: bytes) -> bytes:
    """A row with any content, decided under these rules, of which these releases stand."""
    return rules + moment(min((one.end.expires for one in given), default=_NEVER)) + pack(content)


def held(data: bytes) -> Sent:
    """What `hold` made a row of."""
    return unpack(Sent, whole(data))


def whole(data: bytes) -> bytes:
    """The content of a row, without what stands before it."""
    return data[_HEAD:]


def stale(data: bytes, rules: bytes, now: Millis) -> bool:
    """Whether a row was decided under other rules, or something released has ended since."""
    return data[:_RULES] != rules or since(data[_RULES:_HEAD]) < now


def without_bulletins(key: bytes, value: bytes) -> Iterable[tuple[bytes, bytes]]:
    """The migration of rows of version 10, in which a release had no bulletin yet; they are read as they were written then."""
    if key[0] != SENT.number:
        return [(key, value)]
    return [(key, value[:_HEAD] + pack(unpack(Sent, whole(value), writer=_written("10"))))]


@cache
def _written(version: str) -> Any:
    """The schema of the rows of a version, as it was released."""
    return fastavro.parse_schema(forms("routing")[version][str(SENT.number)][0])


SENT = Table(1, "The linked case of a person, and the releases of it that stand.", Sent)
