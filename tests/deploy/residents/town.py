"""A small town on the bus in memory, in which everybody has marks of their own, so that a search for marks tells whose a message is."""

from __future__ import annotations

from typing import Any

from connectors.reader import Entry
from schemas.models.log import CaseLook
from schemas.topics import Topic, contract
from streams.memory import Bus
from streams.stage import Emit
from tests.deploy.fakes import FakeReader, entry
from tests.levels import declare
from tests.properties import bus as inside
from tests.properties.people import resident

PEOPLE = 4
"""The first is a case, the second a contact with an account besides, the third a companion of the first, the fourth has nothing to do with them."""


def document(number: int) -> str:
    """A resident number of one of them."""
    return resident(f"530624198{number}010110{number}")


def marks(number: int) -> tuple[str, ...]:
    """What is in clear of one of them alone, wherever it is not a token."""
    return (f"杨标记{'甲乙丙丁'[number]}", f"1390000000{number}", document(number))


def _who(number: int) -> dict[str, str]:
    name, phone, id_no = marks(number)
    return {"name": name, "phone": phone, "id_no": id_no}


def _scan(number: int, place: str, at: str, openid: str = "", **more: Any) -> tuple[str, dict[str, Any]]:
    said = {"scan_no": f"S-{number}-{place}", "place_code": place, "region": place[4:10], "scanned_at": f"{at}+08:00", "direction": "pass", "openid": openid, "revision": "1"}
    return "scan-code", said | _who(number) | more


def town() -> Bus:
    """Everything that the sources sent, worked through, with one look at the case."""
    world = declare(Bus(inside.stages(inside.POLICY)))
    lab = {"lab": "LAB-530624-01", "specimen_no": "X-1", "sampled_at": "2020-01-22T09:00+08:00", "reported_at": "2020-01-22T12:00+08:00", "result": "阳性", "method": "RT-PCR",
           "region": "530624", "revision": "1"}  # fmt: skip
    sent = [
        _scan(0, "MKT-530624-07", "2020-01-21T10:00", companions=[_who(2)]), _scan(1, "MKT-530624-07", "2020-01-21T10:10", "ox-mark"),
        _scan(3, "MKT-530628-01", "2020-01-21T10:00"), _scan(2, "BUS-530624-01", "2020-01-21T18:00"), ("lab-result", lab | _who(0)),
        ("lab-result", lab | _who(1) | {"specimen_no": "X-2", "result": "?"}),
    ]  # fmt: skip
    inside.publish(world, sent)
    world.run()
    (case,) = [one for one in world.standing("case.linked").values() if getattr(one, "status", None)]
    look = CaseLook.of(causes=[], at=9, case=case.id, by="CDC-7", reason="tracing", person=case.person)  # type: ignore[attr-defined]
    world.publish([Emit("case.look", "x", look)])
    return world


def reader(world: Bus) -> FakeReader:
    """Reads that bus."""
    return FakeReader(messages(world))


def messages(world: Bus) -> list[Entry]:
    """Every message on it."""
    return [entry(topic, emit.value, key=emit.key, offset=number) for topic, found in world.topics.items() for number, emit in enumerate(found)]


def topics() -> dict[str, Topic]:
    """The contract of that bus."""
    stages = {one.name: one.inputs for one in inside.stages(inside.POLICY)}
    return contract(inside.sources(), [one.name for one in inside.agencies()], stages, 1)
