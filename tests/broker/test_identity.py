"""People taken apart and joined on the real broker, by the commands that stewards use: cases, contacts and every agency's copy follow, without a restart."""

from __future__ import annotations

import json
from pathlib import Path

from schemas.models.case import LinkedCase
from schemas.models.identity import Doubt, Review
from streams.identity.model import Model, save, shipped
from tests.broker.live import Live
from tests.broker.processes import Command
from tests.broker.waiting import until

_FAST = 20.0
"""Seconds within which everything must have followed, on a loaded machine; alone it takes about one."""
_PHONE, _OTHER = "13800000021", "13800011922"
CLINIC = {"facility": "CLIN-530624-03", "visit_no": "V1", "patient_no": "P1", "updated": "2020-01-25 10:00", "name": "杨测试", "sex": "男", "age": "", "phone": _PHONE,
          "birth_date": "1980-01-01", "region": "530624103", "seen_at": "2020-01-25 09:40", "disposition": "确诊"}  # fmt: skip
"""A confirmed case, known by a patient number and a phone with a name."""
HOME = {"household_no": "H-1", "member_no": "1", "updated": "2020-01-05", "registered": "2020-01-05", "grid": "530624100001003", "grid_worker": "GW-0031", "name": "杨测试",
        "birth_date": "1980-01-01", "sex": "男", "phone": _PHONE}  # fmt: skip
"""The same person in the register of households, with the same phone and name: a shared handle."""
NAMESAKE = HOME | {"household_no": "H-2", "phone": _OTHER, "grid": "530624100001004", "grid_worker": "GW-0044"}
"""Somebody of this name born on this day with another phone, in the next grid cell: alike by weight."""


def cases(live: Live) -> list[LinkedCase]:
    """The linked cases that stand."""
    return [one for one in live.standing("case.linked").values() if isinstance(one, LinkedCase)]


def releases(live: Live) -> set[tuple[str, ...]]:
    """The grid workers that the county's copies name."""
    return {(one.view.grid_worker or "",) for one in live.releases("daguan-county-cdc")}


def reviews(live: Live, doubt: Doubt) -> list[Review]:
    """The pairs that wait for a steward, of a doubt."""
    return [one for one in live.standing("identity.review").values() if isinstance(one, Review) and one.doubt is doubt]


def told(command: Command) -> str:
    """What a command printed, once it has ended well."""
    until(lambda: command.ended is not None, 40)
    assert command.ended == 0, command.said
    return command.said


def test_a_link_is_taken_back_and_made(live: Live) -> None:
    """The case is linked with the household; a steward parts the two, then takes that back; case, concerns and the county's copy follow each time."""
    live.commands.worker()
    live.publish("clinic-visit", [CLINIC])
    live.publish("household", [HOME])
    live.settle()
    (case,) = cases(live)
    assert case.grid_worker == "GW-0031"
    token = live.bus.settings.keys.token
    patient, other = token("patient", "CLIN-530624-03", "P1"), token("phone", f"+86{_PHONE}", "yangceshi")
    decide = ("--by", "S-1", "--reason", "namesakes")
    told(live.commands.start("identity", "review", "decide", patient, other, "different", *decide))
    until(lambda: [one.grid_worker for one in cases(live)] == [None], _FAST)
    told(live.commands.start("identity", "review", "undo", patient, other, "--by", "S-2", "--reason", "mistake"))
    until(lambda: [one.grid_worker for one in cases(live)] == ["GW-0031"], _FAST)
    assert not [row for row in live.settle() if row.problems]


def test_a_namesake_waits_and_a_model_links(live: Live, tmp_path: Path) -> None:
    """Who is alike by weight waits for a steward; `try` says what a model that trusts names would join, `switch` joins it, and a second model parts it again."""
    live.commands.worker()
    live.publish("clinic-visit", [CLINIC])
    live.publish("household", [NAMESAKE])
    live.settle()
    assert [one.grid_worker for one in cases(live)] == [None]
    assert len(reviews(live, Doubt.SCORE)) >= 1
    bold, shy = tmp_path / "bold.json", tmp_path / "shy.json"
    bold.write_text(save(_with(2, 20_000)), "utf-8")
    shy.write_text(save(_with(3, -20_000)), "utf-8")
    tried = told(live.commands.start("identity", "try", str(bold), "--json"))
    assert json.loads(tried[tried.index("{") :])["people_merged"] >= 2
    told(live.commands.start("identity", "switch", str(bold), "--by", "OP-1"))
    until(lambda: [one.grid_worker for one in cases(live)] == ["GW-0044"], _FAST)
    told(live.commands.start("identity", "switch", str(shy), "--by", "OP-1"))
    until(lambda: [one.grid_worker for one in cases(live)] == [None], _FAST)
    live.settle()
    assert reviews(live, Doubt.SCORE) == []


def _with(version: int, bits: int) -> Model:
    """The shipped model of a version in which the birth date weighs so much, in thousandths of a bit."""
    model = shipped("people")
    born = model.fields["born"]
    levels = {name: level.model_copy(update={"weight": bits}) for name, level in born.levels.items()}
    return model.model_copy(update={"version": version, "fields": model.fields | {"born": born.model_copy(update={"levels": levels})}})
