"""What routing remembers of a person: the linked case, and of each release that stands what is needed to take it back. No identifier is open in it.

A row begins with eight bytes for the rules under which it was decided and eight for the moment at which the first of its releases ends, so that a look over
many rows reads no more of most of them. Releases themselves are not kept: they follow from the case and the rules, and what an agency may no longer hold is
not to stay here either.
"""

from __future__ import annotations

from pydantic import Field

from schemas.avro import pack, unpack
from schemas.models.case import LinkedCase
from schemas.models.fact import Millis, Model
from schemas.models.release import Audit, Decision, Release
from streams.routing.project import released
from streams.rows import moment, since

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
        return cls(end=item.taken_back(), reason=", ".join(f"{one.why.value} in {one.region}" for one in item.why), fields=released(item.view))

    @property
    def key(self) -> Key:
        """What it is released under."""
        return key(self.end)

    def audit(self, person: str, decision: Decision) -> Audit:
        """The line of audit of the release, or of its retraction; it names the person by the key, and the release as the agency does."""
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
    return rules + moment(min((one.end.expires for one in sent.given), default=_NEVER)) + pack(sent)


def held(data: bytes) -> Sent:
    """What `hold` made a row of."""
    return unpack(Sent, data[_HEAD:])


def stale(data: bytes, rules: bytes, now: Millis) -> bool:
    """Whether a row was decided under other rules, or something released has ended since."""
    return data[:_RULES] != rules or since(data[_RULES:_HEAD]) < now
