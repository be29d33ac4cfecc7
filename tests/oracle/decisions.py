"""Which levels and risk areas are in force by what people signed, in the plainest way: first what counts is picked out, then each proposal is looked at by itself."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from schemas.models.fact import Signed
from streams.policy import Policy
from tests.oracle.cases import Content


class Signer(NamedTuple):
    """One key of somebody: what they might do with it, from the first moment until the end, UTC milliseconds, the end excluded."""

    public: bytes
    roles: frozenset[str]
    area: str
    first: float
    end: float


def in_force(told: Iterable[tuple[str, Signed]], office: Mapping[str, list[Signer]], bus: str, policy: Policy) -> dict[str, list[Content]]:
    """By topic what is in force after what was told, by topic, in whatever order and how often."""
    counts = {(topic, one.id, one.retracted): one for topic, one in told if counted(topic, one, office, bus)}
    gone = {(topic, name) for topic, name, retracted in counts if retracted}
    stands = [(topic, one) for (topic, name, _), one in counts.items() if (topic, name) not in gone]
    return {
        "control.level": list(_declared("level", stands, lambda one: getattr(policy.levels[one.level], "longest", None) or 0)),
        "control.area": list(_declared("area", stands, lambda one: policy.longest_area if one.region != "CN" else 0)),
    }


def _declared(matter: str, stands: list[tuple[str, Any]], longest: Any) -> Iterable[Content]:
    def of(what: str, proposal: Any) -> list[Any]:
        return [one for topic, one in stands if topic == f"{matter}.{what}" and (one.proposal, one.region) == (proposal.id, proposal.region)]

    for topic, proposal in stands:
        if topic != f"{matter}.proposal" or not 0 < proposal.until - proposal.since <= longest(proposal) or "应急条例, art. " not in proposal.legal_basis:
            continue
        approvals = sorted((one.at, one.id, one.by) for one in of("approval", proposal) if one.by != proposal.by)
        if approvals:
            until = min([proposal.until, *(one.until for one in of("end", proposal))])
            level = {"level": proposal.level} if matter == "level" else {}
            yield {"region": proposal.region, "at": proposal.since, "until": until, "by": proposal.by, "approved_by": approvals[0][2],
                   "legal_basis": proposal.legal_basis} | level  # fmt: skip


def counted(topic: str, fact: Signed, office: Mapping[str, list[Signer]], bus: str) -> bool:
    """Whether somebody who might say it signed this, for this topic of this bus."""
    content: Any = fact
    for one in office.get(content.by, []):
        in_area = topic.startswith("area.") or one.area == "everywhere" or content.region[: len(one.area)] == one.area
        if one.first <= fact.at < one.end and "officer" in one.roles and in_area and fact.key == sha256(one.public).hexdigest()[:16]:
            try:
                Ed25519PublicKey.from_public_bytes(one.public).verify(base64.b64decode(fact.signature), _said(topic, fact, bus))
            except (InvalidSignature, ValueError):
                continue
            return True
    return False


def _said(topic: str, fact: Signed, bus: str) -> bytes:
    """Every field that is not as it would be by itself, but for the signature, by name."""
    fields = {name: getattr(fact, name) for name in sorted(type(fact).model_fields) if name != "signature"}
    usual = {"retracted": False, "causes": [], "key": ""}
    text = ",".join(f"{json.dumps(name)}:{json.dumps(value, ensure_ascii=False, separators=(',', ':'))}" for name, value in fields.items() if value != usual.get(name))
    return f"lianfang signed fact 1\n{bus}\n{topic}\n{type(fact).__name__}\n{{{text}}}".encode()
