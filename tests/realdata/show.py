"""One published case beside what the bus says of it, to be compared by eye."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping

from connectors import registry
from connectors.sources.trajectory import read, steps
from deploy.cli.output import local, table
from schemas.models.case import LinkedCase, Meeting
from tests.realdata.data import Files
from tests.realdata.memory import KEYS, raws, through


def show(files: Files, province: str, number: int) -> int:
    """Print the steps of the case with this place in the file of a province, and its linked case from all files; the exit code is 1 when it is not there."""
    path = next((path for path in files.cases if path.name.startswith(province)), None)
    published = json.loads(path.read_text("utf-8-sig")) if path else []
    told = steps(published[number]) if 0 <= number < len(published) else []
    if not told:
        print(f"There is no case {number} with steps in a file of {province}; there are {len(published)} cases.")
        return 1
    messages = [raw for raw in raws(registry.sources()["trajectory"], files.cases) if not raw.fault]
    names = {place["place"] for raw in messages if (place := read(json.loads(raw.body)))["place"]}
    places = {KEYS.token("place", unicodedata.normalize("NFKC", name)): name for name in names}
    table(f"{province}, case {number}: the text", ("step", "time", "places", "event", "transport", "text"),
          [tuple(one[key] for key in ("step", "时间", "途径地点", "事件", "交通工具", "描述")) for one in told])  # fmt: skip
    case = through(messages).standing("case.linked").get(KEYS.token("case", told[0]["case"]))
    if isinstance(case, LinkedCase):
        _tell(case, places)
    else:
        print("\nThere is no linked case.")
    return 0


def _tell(case: LinkedCase, places: Mapping[str, str]) -> None:
    facts = [("roles", ", ".join(case.roles)), ("status", case.status), ("since", local(case.since)), ("onset", local(case.onset)),
             ("clinic", places.get(case.clinic or "", ""))]  # fmt: skip
    table("The linked case (times: Asia/Shanghai)", ("", ""), facts)
    table("Timeline", ("from", "until", "what", "where", "note"),
          [(local(one.at), local(one.until), one.what, places.get(one.place or "", one.region), one.note) for one in case.timeline])  # fmt: skip
    for title, meetings in (("People exposed", case.contacts), ("Exposed by", case.contact_of)):
        table(title, ("person", "first", "last", "places"), [_meeting(one, places) for one in meetings])


def _meeting(one: Meeting, places: Mapping[str, str]) -> tuple[str, str, str, str]:
    return one.person[:8], local(one.first), local(one.last), ", ".join(places.get(place, place) for place in one.places)
