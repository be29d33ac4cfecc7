"""Records of those who travel: declarations of return, and crossings of the border."""

from __future__ import annotations

from collections.abc import Iterator

from deploy.simulation.days import HOUR, MINUTE
from deploy.simulation.history import History
from deploy.simulation.records import Desk, Sent, handles
from deploy.simulation.written import minutes

_KINDS = {"border-certificate": ("边民证", "border-certificate"), "passport": ("护照", "passport"), "none": ("无", "none")}


def declarations(history: History, desk: Desk) -> Iterator[Sent]:
    """One declaration for each journey, made on the way, in another place; it arrives late (see `faults`)."""
    for journey in history.journeys:
        person, document = journey.person, desk.dice.chance(0.7)
        made = journey.arrived + desk.dice.between(0, 120) * MINUTE
        fields = {
            "declaration_no": f"D-{desk.number('declaration'):05d}", "revision": "1", "name": desk.clerk.name(person.name),
            "phone": desk.clerk.phone(person.reach), "id_no": desk.clerk.document(person) if document else "", "from": journey.came_from,
            "to": str(person.community), "departed": desk.clerk.time(journey.left), "arrived": desk.clerk.time(journey.arrived),
            "transport": journey.transport, "state": "",
        }  # fmt: skip
        if made < history.end:
            yield Sent("travel", made, fields, [(person, handles(person, ("document", "phone") if document else ("phone",)))])


def crossings(history: History, desk: Desk) -> Iterator[Sent]:
    """One record for each crossing."""
    for crossing in history.crossings:
        person = crossing.person
        kind = person.document[0] if person.document else "none"
        made = crossing.at + desk.dice.between(1, 10) * MINUTE
        fields = {
            "port": crossing.port, "crossing_no": f"R-{desk.number(crossing.port):06d}", "revision": "1", "name": desk.clerk.name(person.name),
            "phone": person.reach, "document_kind": desk.dice.pick(_KINDS[kind]), "document_no": desk.clerk.document(person),
            "nationality": desk.dice.pick(("MM", "mm")) if person.document else "", "crossed_at": minutes(crossing.at), "region": person.area.county.code,
            "direction": desk.dice.pick(("入境", "in") if crossing.direction == "in" else ("出境", "out")),
            "from_country": desk.dice.pick(("缅甸", "MM")) if crossing.direction == "in" else "", "state": "",
        }  # fmt: skip
        if made + HOUR < history.end:
            yield Sent("border-crossing", made, fields, [(person, handles(person, ("document", "phone")))])
