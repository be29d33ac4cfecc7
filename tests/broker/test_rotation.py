"""The secret of tokens renewed by two people on the real broker: the bus beside comes to the oracle's answer under both secrets, and holds no token of before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from kafka import KafkaConsumer, TopicPartition
from pydantic import BaseModel

from deploy import topics
from deploy.access.roles import ADMIN
from deploy.bus import Bus
from deploy.carrying import beside
from deploy.docs.shipped import ROOT
from deploy.linkage.decide import KEY, decided
from deploy.local import stack as local
from schemas.models.identity import Link, Verdict
from schemas.models.record import Household, Record
from tests.broker.live import QUICK, Live, opened
from tests.broker.people import positive, scan
from tests.broker.processes import Commands
from tests.broker.test_commands import command
from tests.broker.truth import expected
from tests.oracle.content import contents, difference
from tests.oracle.facts import Sent

_NOW = 1_580_000_000_000


def records() -> list[Sent]:
    """Invented people who meet at a market, two of them found to be cases, one of them without any handle, and their households."""
    found: list[Sent] = [("scan-code", scan(number, number % 40, at=f"2020-01-22T09:{number % 60:02}:00+08:00")) for number in range(150)]
    found += [("lab-result", positive(1, 1)), ("lab-result", positive(2, 2)), ("lab-result", positive(2, 3, revision=2))]
    household = {"household_no": "H-12", "member_no": "1", "updated": "2020-01-05", "registered": "2020-01-05", "grid": "530624100001003", "grid_worker": "GW-0031",
                 "name": "杨测试", "phone": "13900000001", "sex": "男", "birth_date": "1980/1/1", "address": "虚构村 5 号"}  # fmt: skip
    unnamed = household | {"household_no": "H-13", "name": "", "phone": "", "sex": "女", "birth_date": "1949"}
    return [*found, ("household", household), ("household", unnamed)]


@pytest.fixture
def live(stack: local.Endpoints, tmp_path: Path) -> Iterator[Live]:
    """A bus with people on it, a decision about two of them, and a worker."""
    with opened(stack, "rotation", tmp_path, **QUICK) as live:
        live.commands.worker()
        _publish(live, records())
        live.settle()
        yield live


@pytest.mark.chaos
@pytest.mark.timeout(600)
def test_the_secret_is_renewed(live: Live, tmp_path: Path) -> None:
    """Two people decide, what stands is carried while the old bus works, with a kill in between; then the old bus takes back what its agencies have."""
    one, other = sorted({link.alias for link in _links(live)})[:2]
    (made,) = decided(one, other, Verdict.DIFFERENT, "OP-1", "documents-seen", _NOW, [])
    live.bus.write("identity.decision", [(KEY.format(made), made)])
    proposal = command(live, "tokens", "rotate", "propose", "--reason", "known", "--by", "OP-1")["proposal"]
    namespace = command(live, "tokens", "rotate", "approve", proposal, "--by", "OP-2")["namespace"]
    assert namespace == f"{live.bus.settings.namespace}e2."
    now = Live(_made(live), Commands(beside(live.bus, ADMIN).settings, tmp_path / "e2"), tmp_path / "e2")
    try:
        _carried_over(live, now)
        _left(live, tmp_path)
    finally:
        now.close()
        now.commands.end()


def _carried_over(live: Live, now: Live) -> None:
    """Carry, with a kill as soon as something is there, and look at the bus beside."""
    now.commands.worker()
    carrying = live.commands.start("tokens", "rotate", "carry", "--watch")
    live.commands.wait(lambda: bool(now.entries("carried")), 40)
    carrying.kill()
    more: list[Sent] = [("scan-code", scan(500, 3, at="2020-01-22T09:31:00+08:00"))]
    _publish(live, more)
    live.settle()
    told = command(live, "tokens", "rotate", "carry")
    assert told["left"] == 0
    assert command(live, "tokens", "rotate", "carry") == {"carried": 0, "told": 0, "left": 0}
    rows = now.settle()
    assert not [problem for row in rows for problem in row.problems]
    assert command(live, "tokens", "rotate", "show", "--compare")["differing"] == 0
    assert len(_links(now)) == len(_links(live)) >= 40
    assert _differs(now, [*records(), *more]) == ""
    old = _tokens(live)
    assert _holding(live.bus, old) == len(old) > 150
    assert _holding(now.bus, old) == 0
    last: list[Sent] = [("lab-result", positive(7, 7)), ("scan-code", scan(500, 3, at="2020-01-22T09:31:00+08:00"))]
    _publish(now, last)
    now.settle()
    assert _differs(now, [*records(), *more, *last]) == ""


def _left(live: Live, folder: Path) -> None:
    """The old bus, run once with all its agencies retired, takes back what they got."""
    retired = folder / "retired"
    retired.mkdir()
    for file in (ROOT / "connectors/agencies").glob("*.yaml"):
        (retired / file.name).write_text(f"{file.read_text('utf-8')}\nretired: true\n", "utf-8")
    assert _released(live)
    live.commands.end()
    live.commands.start("worker", "--stages", "routing", LIANFANG_AGENCIES=str(retired))
    live.commands.wait(lambda: not _released(live), 120)


def _made(live: Live) -> Bus:
    """The bus beside, with its topics."""
    now = beside(live.bus, "operator")
    topics.apply(now.acting(ADMIN))
    (now.settings.home / "e2").mkdir()
    return now


def _publish(live: Live, sent: list[Sent]) -> None:
    for name in dict.fromkeys(source for source, _ in sent):
        live.publish(name, [fields for source, fields in sent if source == name])


def _links(live: Live) -> list[Link]:
    return [one for one in live.standing("identity.link").values() if isinstance(one, Link)]


def _released(live: Live) -> list[BaseModel]:
    return [one for agency in live.bus.agencies for one in live.releases(agency)]


def _differs(now: Live, sent: list[Sent]) -> str:
    """Where the bus beside and the oracle under both secrets differ; what was refused before is told on the bus before."""
    have, want = contents(now.standing, list(now.bus.agencies), now.bus.settings.keys), expected(now.bus, sent)
    return difference({**have, "reject": []}, {**want, "reject": []})


def _tokens(live: Live) -> set[str]:
    """Tokens of people, records and households on a bus."""
    said = [one for name in live.bus.topics if name.startswith("record.") for one in live.standing(name).values() if isinstance(one, Record)]
    found = {token for one in said for token in (one.alias, one.record, *([one.household] if isinstance(one, Household) else []))}
    return found | {token for link in _links(live) for token in (link.alias, link.person)}


def _holding(bus: Bus, tokens: set[str]) -> int:
    """How many of these tokens are on some topic of a bus, as text or as bytes."""
    everything = b"\0".join(_messages(bus))
    return sum(token.encode() in everything or bytes.fromhex(token) in everything for token in tokens)


def _messages(bus: Bus) -> Iterator[bytes]:
    """Key and value of every message on every topic of a bus."""
    consumer = KafkaConsumer(bootstrap_servers=bus.endpoints.brokers, group_id=None, enable_auto_commit=False)
    try:
        parts = [TopicPartition(bus.settings.namespace + name, number) for name, topic in bus.topics.items() for number in range(topic.partitions or 1)]
        consumer.assign(parts)
        consumer.seek_to_beginning(*parts)
        ends = consumer.end_offsets(parts)
        while any(consumer.position(part) < ends[part] for part in parts):
            for found in consumer.poll(timeout_ms=200, max_records=5_000).values():
                yield from ((record.key or b"") + b"\0" + (record.value or b"") for record in found)
    finally:
        consumer.close()
