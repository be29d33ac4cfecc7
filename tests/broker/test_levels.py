"""The level in force on the real broker: nobody is traced in peace; a level that two people signed, or ended, reaches the cases that stand, a forged one nobody."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import yaml

from deploy.everywhere import tell
from deploy.levels import TOPIC
from deploy.local import stack as local
from deploy.staff.proof import make
from schemas.models.control import Level, LevelApproval, LevelProposal
from schemas.models.identity import Judgement, Verdict
from schemas.models.raw import Reject
from tests.broker.live import QUICK, Live, opened
from tests.broker.people import positive, scan
from tests.broker.test_http import client
from tests.broker.waiting import until
from tests.levels import STORY
from tests.streams.trial import at, token

BASIS = "突发公共卫生事件应急条例, art. 27"


def test_contacts_are_traced_only_under_a_level_that_two_people_signed(stack: local.Endpoints, tmp_path: Path) -> None:
    """In peace: no contact; one when two people signed an emergency; none again when it ends before the case was found.

    What somebody writes onto the topics in the name of others changes nothing, is refused with the reason, and counted.
    """
    with opened(stack, "levels", tmp_path, levels=(), **QUICK, staff=_office(tmp_path)) as live:
        live.commands.worker()
        live.publish("scan-code", [scan(1, 1), scan(2, 2)])
        live.publish("lab-result", [positive(1, 1)])
        _forge(live)
        live.settle()
        assert (live.standing("control.level"), live.standing("trace.order"), live.standing("contact")) == ({}, {}, {})
        refused = [one for one in live.standing("reject").values() if isinstance(one, Reject)]
        assert sorted(one.source for one in refused) == ["identity.decision", "level.approval", "level.proposal"]
        assert all("nobody signed it" in one.reasons[0].problem for one in refused)
        proposal = _ran(live, "propose", "53", "emergency", "--basis", BASIS, "--since", "2020-01-20", "--until", "2020-02-10", "--past", "--reason", "outbreak")["id"]
        _ran(live, "approve", proposal, by="OP-2")
        live.settle()
        assert len(live.standing("contact")) == 1
        assert {role for case in live.standing("case.linked").values() for role in case.roles} == {"case", "contact"}  # type: ignore[attr-defined]
        _ran(live, "end", proposal, "--until", "2020-01-21", "--reason", "mistake")
        rows = live.settle()
        assert (live.standing("trace.order"), live.standing("contact")) == ({}, {})
        assert {row.topic: row.rejected for row in rows if row.rejected} == {"identity.decision": 1, "level.approval": 1, "level.proposal": 1}
        assert [problem for row in rows for problem in row.problems] == []


def test_the_intake_takes_a_scan_once_a_level_is_declared(stack: local.Endpoints, tmp_path: Path) -> None:
    """In peace a scan is refused and not on the bus; once the level is told the same request is taken."""
    with opened(stack, "gate", tmp_path, levels=(), **QUICK, collect="gate") as live, client(live.commands.start("serve", "--port", "0")) as http:
        refused = http.post("/v1/sources/scan-code/records", json=[scan(1, 1)])
        assert (refused.status_code, refused.json()["items"][0]["refused"]) == (422, "not_collected")
        assert live.entries("raw.scan-code") == []
        with closing(live.bus.publisher()) as publisher, closing(live.bus.reader()) as reader:
            tell(live.bus, reader, publisher, TOPIC, STORY)
        until(lambda: http.post("/v1/sources/scan-code/records", json=[scan(1, 1)]).status_code == 202, 60)
        assert len(live.entries("raw.scan-code")) == 1


def _office(folder: Path) -> Path:
    """A register of two officers, with their keys beside it."""
    staff = {code: {"roles": ["officer"], "area": "53", "key": make(folder / code, "")} for code in ("OP-1", "OP-2")}
    path = folder / "staff.yaml"
    path.write_text(yaml.safe_dump({"staff": staff}), "utf-8")
    return path


def _forge(live: Live) -> None:
    """Decisions in the names of others, written past the commands by somebody who has no key of theirs."""
    content = {"region": "53", "level": Level.EMERGENCY, "legal_basis": BASIS, "since": at("2020-01-20 00:00"), "until": at("2020-02-10 00:00")}
    proposal = LevelProposal.of(causes=[], at=at("2020-01-20 00:00"), by="OP-1", reason="outbreak", **content)
    approval = LevelApproval.of(causes=[proposal.id], at=proposal.at, region="53", proposal=proposal.id, by="OP-2")
    live.bus.write("level.proposal", [("53", proposal)])
    live.bus.write("level.approval", [("53", approval)])
    one, other = sorted((token("one"), token("other")))
    made = Judgement.of(causes=[], at=proposal.at, a=one, b=other, verdict=Verdict.SAME, decider="OP-1", reason="documents-seen")
    live.bus.write("identity.decision", [(f"{one} {other}", made)])


def _ran(live: Live, *words: str, by: str = "OP-1") -> dict[str, Any]:
    key = {"LIANFANG_STAFF_KEY": str(live.bus.settings.home / by)}
    said = live.commands.start("levels", *words, "--by", by, "--json", **key)
    live.commands.wait(lambda: said.ended is not None, 90)
    assert said.ended == 0, said.said
    found: dict[str, Any] = json.loads(said.said[said.said.index("{") :])
    return found
