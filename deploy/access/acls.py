"""Making the broker allow what the contract grants, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

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
from kafka.protocol.admin import DescribeAclsRequest

from deploy.access import credentials
from deploy.access.grants import Grant, Parts
from deploy.access.plan import Change, changes
from deploy.admin import Refused, admin
from deploy.bus import Bus

_ALL = ACLFilter(None, None, ACLOperation.ANY, ACLPermissionType.ANY, ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY))
_PATIENCE = 30.0
"""Seconds within which every broker has read what the controller wrote; it takes far less than one."""


def parts(bus: Bus) -> Parts:
    """What the grants of a bus follow from."""
    return Parts(bus.settings.namespace, bus.topics, tuple(bus.sources), bus.agencies, bus.stages)


def plan(bus: Bus) -> list[Change]:
    """What `apply` would do, without doing it; raises Refused, also when the broker checks nothing."""
    with admin(bus) as client:
        return _plan(bus, client)


def apply(bus: Bus) -> list[Change]:
    """Let the brokers know the principals, grant what the contract grants, and revoke what it does not; the second time it does nothing.

    Returns when every broker goes by it: the controller answers when the change is written, and brokers read it a moment later.
    """
    with admin(bus) as client:
        found = _plan(bus, client)
        if bus.settings.protocol == "SASL_SSL":
            credentials.make(client, [one.principal for one in found if one.what == "secret"], folder(bus))
        _grant(client, [one.grant for one in found if one.what == "grant" and one.grant])
        _revoke(client, [one.grant for one in found if one.what == "revoke" and one.grant])
        _known_everywhere(client, [one for one in found if one.grant])
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
    return {_grant_of(one) for one in client.describe_acls(_ALL)[0]}


def _known_everywhere(client: KafkaAdminClient, done: Iterable[Change]) -> None:
    granted, revoked = ({one.grant for one in done if one.what == what} for what in ("grant", "revoke"))
    if not granted | revoked:
        return
    until = time.monotonic() + _PATIENCE
    brokers = [one["broker_id"] for one in client.describe_cluster()["brokers"] if not one.get("is_fenced")]  # what is fenced reads all before it serves
    for broker in brokers:
        while not granted <= (found := _found_at(client, broker)) or revoked & found:
            if time.monotonic() > until:
                raise Refused(f"broker {broker} does not go by what the controller wrote after {_PATIENCE:g} s: is it behind? `lianfang acls plan`")
            time.sleep(0.05)


def _found_at(client: KafkaAdminClient, broker: int) -> set[Grant]:
    """What one broker goes by; the client's own method asks any."""
    manager: Any = client._manager
    every = DescribeAclsRequest(
        resource_type_filter=ResourceType.ANY, resource_name_filter=None, pattern_type_filter=ACLResourcePatternType.ANY,
        principal_filter=None, host_filter=None, operation=ACLOperation.ANY, permission_type=ACLPermissionType.ANY,
    )  # fmt: skip
    answer = manager.run(manager.send, every, broker)
    return {_grant_of(one) for one in client._convert_describe_acls_response_to_acls(answer)[0]}


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
