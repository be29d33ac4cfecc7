"""Who may decide and look at what: each staff code with its roles, its area, its public key, and the days in office. No private key is in it.

    staff:
      OP-1: {roles: [officer], area: "530624", since: 2020-01-01, key: …}    # what `lianfang staff key` prints
      OP-2: {roles: [steward], area: everywhere, key: …}
    former:                                                                  # who left, or has another key, role or area now
      OP-1: [{roles: [officer], area: "530624", until: 2019-12-31, key: …}]

What somebody signed while they were in office counts for ever, so an entry is never deleted, only moved to `former` with its last day. To let nothing count
that a stolen key signed, its last day is set before the theft.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator

from schemas.models.fact import Millis
from schemas.subscription import Region

EVERYWHERE = "everywhere"
_KEY_BYTES = 32
_ZONE = ZoneInfo("Asia/Shanghai")


class NotAllowed(Exception):
    """Somebody may not do this; the message says why."""


class Role(StrEnum):
    """What somebody is there for."""

    STEWARD = "steward"
    """Decides on pairs, repairs, models of weights and erasures, and sees the values that this needs."""
    OFFICER = "officer"
    """Looks at cases of the area, and decides what its agencies receive."""
    WORKER = "worker"
    """Says what became of tasks of the area: a grid worker, or who reports for a facility."""
    OPERATOR = "operator"
    AUDITOR = "auditor"


class Member(BaseModel):
    """One member of staff."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    roles: frozenset[Role] = Field(min_length=1, description="What they are there for.")
    area: Region | Literal["everywhere"] = Field(description="Division code within which they are; a county's does not see another county.")
    key: str = Field(description="Public key, Ed25519, 32 bytes in base64.")
    since: date | None = Field(default=None, description="First day in office with this key, Asia/Shanghai; unset: always was.")
    until: date | None = Field(default=None, description="Last day in office with this key, Asia/Shanghai; unset: still is.")

    @field_validator("key")
    @classmethod
    def _is_key(cls, value: str) -> str:
        try:
            found = base64.b64decode(value, validate=True)
        except binascii.Error:
            found = b""
        if len(found) != _KEY_BYTES:
            raise ValueError("expected 32 bytes in base64, as `lianfang staff key` prints them")
        return value

    @property
    def public(self) -> bytes:
        """The 32 bytes of the public key."""
        return base64.b64decode(self.key)

    def covers(self, region: str) -> bool:
        """Whether a division lies in the area."""
        return self.area == EVERYWHERE or region.startswith(self.area)

    def in_office(self, at: Millis) -> bool:
        """Whether a moment, UTC milliseconds, lies on a day in office."""
        return (self.since is None or _begins(self.since) <= at) and not self.left(at)

    def left(self, at: Millis) -> bool:
        """Whether the last day in office was over at a moment, UTC milliseconds."""
        return self.until is not None and at >= _begins(self.until + timedelta(days=1))


class Staff(BaseModel):
    """Everybody, by code."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    staff: dict[str, Member] = Field(description="Members by staff code.")
    former: dict[str, list[Member]] = Field(
        default_factory=dict, description="By staff code, who had it before: they left, or have another key, role or area now."
    )

    def ever(self, code: str) -> list[Member]:
        """All that a code ever was, the present entry first."""
        return [*([self.staff[code]] if code in self.staff else []), *self.former.get(code, [])]

    def require(self, code: str, role: Role, areas: Iterable[str] = (), at: Millis | None = None) -> Member:
        """The member of a code who has a role, and whose area covers one of the divisions that it is about; without any the role is enough.

        With `at`, UTC milliseconds, that is a day in office. Raises NotAllowed, which says what is missing.
        """
        member = self.staff.get(code)
        if member is None:
            raise NotAllowed(f"{code} is not in the register of staff")
        if at is not None and not member.in_office(at):
            raise NotAllowed(f"{code} is not in office today by the register of staff")
        if role not in member.roles:
            raise NotAllowed(f"this needs the role {role}, and {code} is {', '.join(sorted(member.roles))}")
        about = sorted(set(areas))
        if about and not any(member.covers(one) for one in about):
            raise NotAllowed(f"this is about {', '.join(about)}, and the area of {code} is {member.area}")
        return member


def key_id(public: bytes) -> str:
    """The name of a public key: the first 16 hexadecimal digits of its SHA-256."""
    return sha256(public).hexdigest()[:16]


def _begins(day: date) -> Millis:
    return int(datetime(day.year, day.month, day.day, tzinfo=_ZONE).timestamp() * 1000)
