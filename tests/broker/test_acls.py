"""The secured broker: every pair of principal and operation is tried, and the whole path runs with what is granted."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from connectors.reader import CannotRead
from deploy.access import acls, credentials, roles
from deploy.access.grants import Grant
from deploy.admin import admin
from deploy.demo.receiver import Receiver
from deploy.local import certificates, process
from deploy.local import stack as local
from deploy.local.stack import TLS, Endpoints
from schemas.brokers import Brokers, Login
from schemas.registry import Registry, RegistryAway
from tests.acls.matrix import matrix
from tests.acls.secured import settings
from tests.broker.live import QUICK, Live, opened
from tests.broker.people import positive, scan
from tests.oracle.facts import body


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a secured stack."""
    home = tmp_path_factory.mktemp("secured")
    process.tie()
    try:
        local.up(home, print, secure=True)
        yield home
    finally:
        local.down(home)


@pytest.fixture(scope="module")
def ends(home: Path) -> Endpoints:
    """Where it is."""
    return local.up(home, print)


@pytest.fixture
def live(ends: Endpoints, home: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Live]:
    """An empty bus on it, with its principals and grants."""
    name = request.node.name.removeprefix("test_")[:20].strip("_").replace("_", "-")
    with opened(ends, name, tmp_path, **QUICK, **settings(home)) as live:
        yield live


def test_what_is_not_granted_is_refused(live: Live) -> None:
    """Every principal tries every operation on every topic, group and transactional id: what is granted works, all else is an authorization error."""
    found = matrix(live.bus)
    counts = found.counts()
    assert found.wrong() == []
    assert counts["tries"] > 15_000
    assert counts["refused"] > 10 * counts["granted"]
    assert [one for one in acls.plan(live.bus.acting(roles.ADMIN)) if one.what != "unknown"] == [], "nobody changed what is allowed"


def test_the_path_runs_with_what_is_granted(live: Live, tmp_path: Path) -> None:
    """Published, linked, routed and delivered, each part as its own principal, which reads the levels where it publishes; then what nobody may."""
    secret = tmp_path / "webhook-secret"
    secret.write_text("not very secret")
    receiver = Receiver(b"not very secret")
    try:
        live.commands.worker()
        live.commands.wait(lambda: bool(live.standing("control.level")), 60)
        live.commands.start("deliver", "--agency", "daguan-county-cdc", DAGUAN_CDC_URL=receiver.url, DAGUAN_CDC_TOKEN_FILE=str(secret))
        for source, records in {"scan-code": [scan(1, 1), scan(2, 2)], "lab-result": [positive(1, 1)]}.items():
            path = tmp_path / f"{source}.jsonl"
            path.write_text("".join(body(record).decode() + "\n" for record in records), "utf-8")
            assert live.commands.start("publish", source, str(path), LIANFANG_COLLECT="gate").ends() == 0
        live.commands.wait(lambda: sum(not release["bulletin"] for release in receiver.held.values()) == 2, 60)
        assert all(not row.problems for row in live.settle())
        assert live.commands.start("reconcile").ends() == 0
        others = [live.commands.start(*words) for words in (("clock",), ("replay", "lab-result"), ("rejects", "list"))]
        assert [other.said for other in others if other.ends()] == []
    finally:
        receiver.close()
    with closing(live.bus.acting(roles.agency("ruili-county-cdc")).reader()) as reader, pytest.raises(CannotRead):
        list(reader.read("deliver.daguan-county-cdc"))


def test_only_who_is_known_is_let_in(live: Live, home: Path, tmp_path: Path) -> None:
    """Not in the clear, not with another's secret, not by an authority of one's own; by a certificate of the stack's authority."""
    where = live.bus.endpoints.brokers
    known = live.bus.settings.login(roles.CLOCK)
    assert known is not None
    certificates.authority(tmp_path / "mallory")
    forged = certificates.issued(tmp_path / "mallory", "admin")
    refused: dict[str, Brokers] = {
        "in the clear": Brokers(where),
        "a wrong secret": Brokers(where, replace(known, secret="guessed")),
        "nobody's name": Brokers(where, replace(known, principal="mallory")),
        "a forged certificate": Brokers(local.mutual(home), replace(known, certificate=forged[0], key=forged[1])),
        "a broker that we do not trust": Brokers(where, replace(known, authorities=tmp_path / "mallory" / "ca.pem")),
    }
    assert [name for name, brokers in refused.items() if _let_in(brokers)] == []
    certificate, key = certificates.issued(home / TLS, known.principal)
    proved = Login(known.principal, "", known.authorities, certificate, key)
    assert _let_in(Brokers(local.mutual(home), proved), patience=20_000)
    with pytest.raises((RegistryAway, ssl.SSLError)):
        Registry(live.bus.endpoints.registry, timeout=1).subjects()


def test_what_is_not_in_the_contract_is_taken_away(live: Live) -> None:
    """A grant by hand on one of our topics, and one to one of our principals, are revoked; what forbids is left; the second time nothing is to do."""
    bus, name = live.bus.acting(roles.ADMIN), live.bus.settings.namespace
    by_hand = [Grant("mallory", "topic", f"{name}case", "read", prefixed=True), Grant(f"{name}clock", "topic", "elsewhere", "write")]
    forbids = Grant(f"{name}clock", "topic", f"{name}reject", "read", allow=False)
    with admin(bus) as client:
        acls._grant(client, [*by_hand, forbids])
        credentials.renew(client, f"{name}clock", acls.folder(bus))
    done = {(one.what, one.grant) for one in acls.apply(bus)}
    assert done == {("revoke", one) for one in by_hand}
    assert [(one.what, one.grant) for one in acls.plan(bus) if one.principal.startswith(name) or one.what != "unknown"] == [("unknown", forbids)]
    with closing(live.bus.acting(roles.CLOCK).reader()) as reader:
        assert list(reader.read("control.tick")) == [], "the new secret opens"


def _let_in(brokers: Brokers, patience: int = 2_000) -> bool:
    options: dict[str, Any] = brokers.options() | {"bootstrap_timeout_ms": patience, "request_timeout_ms": patience}
    try:
        client = KafkaAdminClient(**options)
    except KafkaError:
        return False
    try:
        return bool(client.describe_cluster())
    except KafkaError:
        return False
    finally:
        client.close()
