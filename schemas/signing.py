"""Signatures of staff inside facts: which bytes are signed, and whether a signature counts.

Signed are, one after another with a line feed behind each but the last: the words `lianfang signed fact 1`, the namespace of the bus (before any renewal of
its secret), the topic, the name of the model, and the fact as JSON without its signature and without fields at their default, keys sorted, no spaces, UTF-8.
Values are texts, whole numbers below 2^53, booleans and lists of these, for which that is the canonical form of RFC 8785. So a signature counts for one
fact, on one topic of one bus, asserted or taken back, under one key. Two buses with one register of staff need different namespaces.

A fact counts if it was signed with a key of whoever it says it is by, and they were in office at its `at`, with the role that its topic needs and an area that
covers what it is about. What takes a fact back has the fact's `at`, so whoever does that must not have left before. It is the register of today that is asked:
the answer stays the same as long as people are only moved to `former` in it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from schemas import renewal
from schemas.models.fact import Signed
from schemas.staff import Member, Role, Staff, key_id

S = TypeVar("S", bound=Signed)
_BEGINS = "lianfang signed fact 1"


class Kind(NamedTuple):
    """What is asked of who signs on a topic: the role, the field with their staff code, and that with the division of which they have to be, if any."""

    role: Role
    by: str = "by"
    region: str | None = None


KINDS: Mapping[str, Kind] = {
    **{f"level.{one}": Kind(Role.OFFICER, region="region") for one in ("proposal", "approval", "end")},
    **{f"area.{one}": Kind(Role.OFFICER) for one in ("proposal", "approval", "end")},
    **{f"agency.{one}": Kind(Role.OFFICER) for one in ("proposal", "approval")},
    **{f"erasure.{one}": Kind(Role.STEWARD) for one in ("proposal", "approval")},
    **{f"rotation.{one}": Kind(Role.STEWARD) for one in ("proposal", "approval")},
    "identity.decision": Kind(Role.STEWARD, by="decider"),
}
"""Topics whose facts are signed. Risk areas lie elsewhere than who declares them, and agencies are for divisions or for facilities."""


def said(namespace: str, topic: str, fact: Signed) -> bytes:
    """The bytes that are signed."""
    content = fact.model_dump(mode="json", exclude={"signature"}, exclude_defaults=True)
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f"{_BEGINS}\n{renewal.begun(namespace)}\n{topic}\n{type(fact).__name__}\n{text}".encode()


def sign(fact: S, topic: str, namespace: str, key: Ed25519PrivateKey) -> S:
    """The fact with a signature under a key, for a topic of a bus."""
    named = fact.model_copy(update={"key": key_id(key.public_key().public_bytes_raw()), "signature": ""})
    return named.model_copy(update={"signature": base64.b64encode(key.sign(said(namespace, topic, named))).decode()})


class Signatures:
    """What a register says of signatures on one bus; without a register everything counts, which is for trying."""

    def __init__(self, staff: Staff | None = None, namespace: str = "") -> None:
        """Take the register and the namespace of the bus."""
        self._staff, self._namespace = staff, namespace

    def counts(self, topic: str) -> Callable[[Signed], bool]:
        """Whether a fact of a topic counts."""
        return lambda fact: not self.problem(topic, fact)

    def problem(self, topic: str, fact: Signed) -> str:
        """Why a fact does not count on a topic, or ''. It names nobody: a forger writes whom they like into a fact."""
        if self._staff is None:
            return ""
        if not fact.signature:
            return "nobody signed it: only a command with the key of who it is by writes here"
        kind = KINDS[topic]
        held = [one for one in self._staff.ever(getattr(fact, kind.by)) if key_id(one.public) == fact.key]
        if not held:
            return "it is not signed with a key that the register of staff has for who it says it is by"
        if not any(_verified(one.public, fact.signature, said(self._namespace, topic, fact)) for one in held):
            return "the signature is of something else: it was changed, or is of another fact, topic or bus"
        if not fact.retracted and fact.id != fact.identity():
            return "its id is not that of its content"
        return min((_unfit(one, kind, fact) for one in held), key=len)  # '' if any entry of theirs is fit


def _unfit(member: Member, kind: Kind, fact: Signed) -> str:
    """Why somebody could not decide this when they did, or ''. When it was taken back no fact tells: not before, so that they must not have left before."""
    if member.left(fact.at) if fact.retracted else not member.in_office(fact.at):
        return "whoever signed it was not in office then, by the register of staff"
    if kind.role not in member.roles:
        return f"whoever signed it has not the role {kind.role}"
    if kind.region and not member.covers(getattr(fact, kind.region)):
        return "whoever signed it is of another area"
    return ""


@lru_cache(4096)
def _verified(public: bytes, signature: str, data: bytes) -> bool:
    """Whether it is the signature of these bytes; the same is asked again when facts are read again."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(base64.b64decode(signature, validate=True), data)
    except (InvalidSignature, ValueError):
        return False
    return True
