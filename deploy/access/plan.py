"""The difference between what the contract grants and what the broker allows, as a list of changes; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from deploy.access.grants import Grant


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    `what` is secret (let the broker know the principal), grant or revoke, which `apply` does, or unknown, which it leaves alone.
    """

    principal: str
    what: str
    detail: str
    grant: Grant | None = None


def changes(wanted: Collection[Grant], found: Collection[Grant], principals: Collection[str], unknown: Iterable[str]) -> list[Change]:
    """What makes `found` into `wanted`; `principals` are all of the contract, and `unknown` those of them that the broker knows by no secret.

    Revoked is whatever else one of our principals may do, and whatever lets anybody else at what the contract is about. What forbids, and what is about
    other buses or the cluster itself for others, is told and left alone.
    """
    missing = [Change(name, "secret", "the broker does not know it") for name in unknown]
    more = [Change(one.principal, "grant", _said(one), one) for one in sorted(set(wanted) - set(found))]
    beside = sorted(set(found) - set(wanted))
    ours = {(one.kind, one.name): one for one in wanted}.values()
    less = [Change(one.principal, "revoke", _said(one), one) for one in beside if _revoked(one, ours, principals)]
    rest = [Change(one.principal, "unknown", f"{_said(one)}; not in the contract, left alone", one) for one in beside if not _revoked(one, ours, principals)]
    return [*missing, *more, *less, *rest]


def _revoked(one: Grant, ours: Iterable[Grant], principals: Collection[str]) -> bool:
    return one.allow and (one.principal in principals or any(one.covers(other) for other in ours))


def _said(one: Grant) -> str:
    where = "" if one.host == "*" else f" from {one.host}"
    return f"{'' if one.allow else 'NOT '}{one.operation} {one.kind.replace('_', ' ')} {one.name}{'…' if one.prefixed else ''}{where}"
