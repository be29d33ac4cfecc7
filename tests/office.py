"""An invented office: staff with throwaway keys that follow from their codes, so that every run signs the same, and the register that has them."""

from __future__ import annotations

import base64
from datetime import date
from hashlib import sha256
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from schemas.models.fact import Signed
from schemas.signing import KINDS, sign
from schemas.staff import Member, Role, Staff

S = TypeVar("S", bound=Signed)
BUS = "office."
"""The namespace of the bus for which they sign."""


def key_of(code: str, which: int = 0) -> Ed25519PrivateKey:
    """The key of a staff code; `which` numbers the keys that they had."""
    return Ed25519PrivateKey.from_private_bytes(sha256(f"{code} {which}".encode()).digest())


def member(code: str, *roles: Role, area: str = "everywhere", since: str = "", until: str = "", which: int = 0) -> Member:
    """An entry of the register."""
    return Member(
        roles=frozenset(roles or (Role.OFFICER, Role.STEWARD)), area=area, key=base64.b64encode(key_of(code, which).public_key().public_bytes_raw()).decode(),
        since=date.fromisoformat(since) if since else None, until=date.fromisoformat(until) if until else None,
    )  # fmt: skip


OFFICE = Staff(
    staff={
        "OP-1": member("OP-1"), "OP-2": member("OP-2"), "OP-3": member("OP-3"), "OP-COUNTY": member("OP-COUNTY", area="530624"),
        "OP-STEWARD": member("OP-STEWARD", Role.STEWARD), "OP-OFFICER": member("OP-OFFICER", Role.OFFICER), "OP-NEW": member("OP-NEW", since="2020-02-01", which=1),
    },
    former={"OP-NEW": [member("OP-NEW", until="2020-01-31")], "OP-LEFT": [member("OP-LEFT", until="2019-12-31")]},
)  # fmt: skip
"""Three for everything everywhere, one of a county, one for each role, one with a new key since February 2020, and one who left with 2019."""


def signed(topic: str, fact: S, *, code: str = "", which: int = 0, bus: str = BUS) -> S:
    """The fact with the signature of who it says it is by, or of somebody else."""
    return sign(fact, topic, bus, key_of(code or getattr(fact, KINDS[topic].by), which))
