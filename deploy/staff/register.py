"""The register of staff, a YAML file: each code with its roles, its area and its public key.

    staff:
      OP-1: {roles: [officer], area: "530624", key: …}    # what `lianfang staff key` prints
      OP-2: {roles: [steward], area: everywhere, key: …}
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from schemas.agency import Region

EVERYWHERE = "everywhere"
_KEY_BYTES = 32


class NotAllowed(Exception):
    """Somebody may not do this; the message says why."""


class BadRegister(Exception):
    """The register is none; the message names the entry that is wrong."""


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

    def covers(self, region: str) -> bool:
        """Whether a division lies in the area."""
        return self.area == EVERYWHERE or region.startswith(self.area)


class Staff(BaseModel):
    """Everybody, by code."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    staff: dict[str, Member] = Field(description="Members by staff code.")

    def require(self, code: str, role: Role, areas: Iterable[str] = ()) -> Member:
        """The member of a code who has a role, and whose area covers one of the divisions that it is about; without any the role is enough.

        Raises NotAllowed, which says what is missing.
        """
        member = self.staff.get(code)
        if member is None:
            raise NotAllowed(f"{code} is not in the register of staff")
        if role not in member.roles:
            raise NotAllowed(f"this needs the role {role}, and {code} is {', '.join(sorted(member.roles))}")
        about = sorted(set(areas))
        if about and not any(member.covers(one) for one in about):
            raise NotAllowed(f"this is about {', '.join(about)}, and the area of {code} is {member.area}")
        return member


def load(path: Path) -> Staff:
    """The register of a file; raises BadRegister."""
    try:
        return Staff.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except ValidationError as error:
        says = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:3])
        raise BadRegister(f"{path}: {says}") from error
    except yaml.YAMLError as error:
        raise BadRegister(f"{path} is no YAML: {error}") from error
