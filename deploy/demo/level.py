"""The level under which the demonstration happens, declared as a deployment does it: one proposes, another approves. In peace nobody would be traced."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from deploy import levels
from deploy.bus import Bus
from deploy.staff import proof
from schemas.models.control import Level, LevelApproval, LevelInForce, LevelProposal
from schemas.signing import sign
from schemas.staff import Role

_REGION, _BASIS = "53", "突发公共卫生事件应急条例, art. 27"
_PROPOSES, _APPROVES = "OP-DEMO-1", "OP-DEMO-2"
_DAY = 86_400_000
_AFTER = 7
"""Days after the last invented one on which some who fell ill are still found."""


def proposals(bus: Bus, first: date, days: int) -> list[LevelProposal]:
    """Emergencies in the province from the first day (Asia/Shanghai) until a week after the last, each as long as the policy allows."""
    longest = bus.policy.levels[Level.EMERGENCY].longest or _DAY
    start = int(datetime(first.year, first.month, first.day, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1000)
    return [
        LevelProposal.of(causes=[], at=since, region=_REGION, level=Level.EMERGENCY, legal_basis=_BASIS, since=since, until=since + longest,
                         by=_PROPOSES, reason="outbreak")
        for since in range(start, start + (days + _AFTER) * _DAY, longest)
    ]  # fmt: skip


def office(home: Path) -> Path:
    """A register of staff with the two who declare it, and their throwaway keys, in a folder."""
    staff = {code: {"roles": [Role.OFFICER.value], "area": _REGION, "key": proof.make(home / f"{code}.key", "")} for code in (_PROPOSES, _APPROVES)}
    register = home / "staff.yaml"
    register.write_text(yaml.safe_dump({"staff": staff}), "utf-8")
    return register


def declare(bus: Bus, proposed: Iterable[LevelProposal]) -> list[LevelInForce]:
    """Put the signed proposals on the bus, and have each signed by the other person; what is in force then, which a worker tells every partition."""
    with closing(bus.reader()) as reader:
        for proposal in proposed:
            _write(bus, "level.proposal", levels.proposed(proposal, bus.policy.levels))
            _write(bus, "level.approval", levels.approved(levels.read(reader, bus.policy.levels, bus.signatures), proposal.id, _APPROVES, proposal.at))
        return list(levels.read(reader, bus.policy.levels, bus.signatures).declared.values())


def _write(bus: Bus, topic: str, fact: LevelProposal | LevelApproval) -> None:
    key = proof.key(bus.settings.home / f"{fact.by}.key", str)
    bus.write(topic, [(fact.region, sign(fact, topic, bus.settings.namespace, key))])
