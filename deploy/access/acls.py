"""Making the broker allow what the contract grants, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    KafkaAdminClient,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
)
from kafka.errors import NoError

from deploy.access import credentials
from deploy.access.grants import Grant, Parts
from deploy.access.plan import Change, changes
from deploy.admin import Refused, admin
from deploy.bus import Bus

_ALL = ACLFilter(None, None, ACLOperation.ANY, ACLPermissionType.ANY, ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY))


def parts(bus: Bus) -> Parts:
    """What the grants of a bus follow from."""
    return Parts(bus.settings.namespace, bus.topics, tuple(bus.sources), bus.agencies, bus.stages)


def plan(bus: Bus) -> list[Change]:
    """What `apply` would do, without doing it; raises Refused, also when the broker checks nothing."""
    with admin(bus) as client:
        return _plan(bus, client)


def apply(bus: Bus) -> list[Change]:
    """Let the broker know the principals, grant what the contract grants, and revoke what it does not; the second time it does nothing."""
    with admin(bus) as client:
        found = _plan(bus, client)
        if bus.settings.protocol == "SASL_SSL":
            credentials.make(client, [one.principal for one in found if one.what == "secret"], folder(bus))
        _grant(client, [one.grant for one in found if one.what == "grant" and one.grant])
        _revoke(client, [one.grant for one in found if one.what == "revoke" and one.grant])
    return [one for one in found if one.what != "unknown"]


def folder(bus: Bus) -> Path:
    """Where the secrets of principals are on this machine."""
    return bus.settings.principals or bus.settings.home / "principals"


def _plan(bus: Bus, client: KafkaAdminClient) -> list[Change]:
    here = parts(bus)
    principals = here.principals()
    unknown = credentials.missing(client, principals) if bus.settings.protocol == "SASL_SSL" else []
    return changes(here.grants(), _found(client), principals, unknown)


def _found(client: KafkaAdminClient) -> set[Grant]:
    found, error = client.describe_acls(_ALL)
    if error is not NoError:
        raise Refused(f"the broker does not tell what it allows ({error.__name__}): has it an authorizer, and may this principal ask?")
    return {_grant_of(one) for one in found}


def _grant_of(acl: ACL) -> Grant:
    pattern = acl.resource_pattern
    return Grant(
        acl.principal.removeprefix("User:"), pattern.resource_type.name.lower(), pattern.resource_name, acl.operation.name.lower(),
        pattern.pattern_type is ACLResourcePatternType.PREFIXED, acl.host, acl.permission_type is ACLPermissionType.ALLOW,
    )  # fmt: skip


def _acl(one: Grant) -> ACL:
    pattern = ACLResourcePatternType.PREFIXED if one.prefixed else ACLResourcePatternType.LITERAL
    permission = ACLPermissionType.ALLOW if one.allow else ACLPermissionType.DENY
    resource = ResourcePattern(ResourceType[one.kind.upper()], one.name, pattern)
    return ACL(f"User:{one.principal}", one.host, ACLOperation[one.operation.upper()], permission, resource)


def _grant(client: KafkaAdminClient, wanted: Iterable[Grant]) -> None:
    acls = [_acl(one) for one in wanted]
    failed = client.create_acls(acls)["failed"] if acls else []
    if failed:
        raise Refused(f"the broker did not take {len(failed)} of {len(acls)} grants ({type(failed[0]).__name__}): `lianfang acls plan` shows what is missing")


def _revoke(client: KafkaAdminClient, grants: Iterable[Grant]) -> None:
    acls = [_acl(one) for one in grants]
    failed = [error for _, _, error in client.delete_acls(acls) if error is not NoError] if acls else []
    if failed:
        raise Refused(f"the broker did not revoke {len(failed)} of {len(acls)} ({failed[0].__name__}): `lianfang acls plan` shows what is left")
