"""How each source numbers, corrects and takes back its records, what it gets wrong, and what it sends that cannot be understood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from deploy.simulation.dice import Dice
from deploy.simulation.people import Person
from deploy.simulation.records import Fields
from deploy.simulation.written import local, minutes

Mistake = Callable[[Fields, Person, Dice], Fields]
"""From the right fields and the person to those that are written wrong."""
Delay = tuple[float, int, int]
"""Part of the records, and after how many minutes they arrive: at least and at most."""


@dataclass(frozen=True, slots=True)
class Manners:
    """What is known of a source.

    `ids` identify a record, `renumber` says which of them gets a number that was never given out; `version` gives the field and its value in a message that
    is made at a moment (UTC milliseconds) after the one with these fields. `back` holds field and word of a retraction, `false` what makes a record of
    something that never was. `broken` lists fields that cannot be understood, one record for each entry.
    """

    ids: tuple[str, ...]
    renumber: str
    version: Callable[[Fields, int], Fields]
    mistakes: tuple[Mistake, ...]
    broken: tuple[Fields, ...]
    delays: tuple[Delay, ...]
    back: tuple[str, str] | None = None
    false: Mistake | None = None


def _counted(fields: Fields, _: int) -> Fields:
    old = fields["revision"]
    return {"revision": old + 1 if isinstance(old, int) else str(int(old) + 1)}


def _shifted(field: str, **by: int) -> Mistake:
    """The time in a field put off, written as it was."""

    def wrong(fields: Fields, _: Person, dice: Dice) -> Fields:
        text = fields[field]
        if not text:
            return {}
        moved = datetime.fromisoformat(text.replace("/", "-")) + timedelta(**{unit: most * dice.pick((-2, -1, 1)) for unit, most in by.items()})
        said = moved.isoformat() if "T" in text else moved.isoformat(" ", "minutes")[: len(text)]
        return {field: said.replace("-", "/") if "/" in text else said}

    return wrong


def _other(field: str, *words: str) -> Mistake:
    """Another of these words in a field."""
    return lambda fields, _, dice: {field: dice.pick([word for word in words if word != fields[field]])}


def _place(fields: Fields, person: Person, dice: Dice) -> Fields:
    place = dice.pick([place for places in person.area.places.values() for place in places if place.code != fields["place_code"]])
    return {"place_code": place.code, "region": place.region}


def _relative(_: Fields, person: Person, dice: Dice) -> Fields:
    """The number of somebody else in the household, if there is anybody."""
    others = [other for other in person.household.members if other is not person] if person.household else []
    document = dice.pick(others).document if others else None
    return {"id_no": document[2]} if document else {}


def _phone(_: Fields, __: Person, dice: Dice) -> Fields:
    """A number that nobody has: those that are given out have zeros in the middle."""
    return {"phone": f"1999999{dice.between(0, 9999):04d}"}


def _cell(fields: Fields, _: Person, dice: Dice) -> Fields:
    return {"grid": f"{fields['grid'][:12]}{dice.between(900, 999)}"}


def _says(**fields: Any) -> Mistake:
    return lambda _, __, ___: fields


MANNERS: dict[str, Manners] = {
    "scan-code": Manners(
        ids=("scan_no",), renumber="scan_no", version=_counted, back=("state", "撤销"), false=_place,
        mistakes=(_place, _shifted("scanned_at", hours=3)),
        broken=({"scanned_at": "昨天下午"}, {"direction": "sideways"}, {"place_code": "", "region": ""}),
        delays=((0.93, 0, 2), (0.06, 20, 300), (0.01, 1440, 4000)),
    ),
    "clinic-visit": Manners(
        ids=("facility", "visit_no"), renumber="visit_no", version=lambda _, made: {"updated": minutes(made)}, back=("state", "撤回"),
        false=_says(disposition="疑似"),
        mistakes=(_shifted("onset", days=1), _says(temperature="35.9")),
        broken=({"id_no": "53062419800101001X"}, {"disposition": "不详"}, {"symptoms": "心情不好"}),
        delays=((0.8, 1, 40), (0.17, 200, 900), (0.03, 1500, 4500)),
    ),
    "lab-result": Manners(
        ids=("lab", "specimen_no"), renumber="specimen_no", version=_counted, back=("state", "撤回"), false=_says(result="阳性"),
        mistakes=(_says(result="可疑"), _shifted("sampled_at", days=1)),
        broken=({"result": "maybe"}, {"specimen_no": ""}),
        delays=((0.9, 1, 30), (0.1, 300, 900)),
    ),
    "household": Manners(
        ids=("household_no", "member_no"), renumber="household_no", version=lambda _, made: {"updated": local(made, "%Y-%m-%d %H:%M:%S")},
        back=("state", "迁出"), false=_cell,
        mistakes=(_relative, _phone, _cell),
        broken=({"registered": "2020-13-05"}, {"grid_worker": "", "grid": "53062410"}),
        delays=((0.9, 30, 600), (0.1, 1440, 6000)),
    ),
    "entry-exit": Manners(
        ids=("gate", "entry_no"), renumber="entry_no", version=_counted, back=("state", "作废"), false=_says(temperature="37.8"),
        mistakes=(_shifted("time", hours=1), _other("direction", "进", "出")),
        broken=({"community": "990000"}, {"temperature": "正常"}, {"direction": "?"}),
        delays=((0.6, 5, 60), (0.3, 300, 900), (0.1, 1440, 7000)),
    ),
    "clockin": Manners(
        ids=("uid", "date"), renumber="uid", version=lambda _, made: {"created": str(made // 1_000)},
        mistakes=(_says(tw="38.8"), _says(zz="咳嗽")),
        broken=({"tw": "warm"}, {"created": "", "zz": "?"}),
        delays=((0.95, 0, 3), (0.05, 60, 600)),
    ),
    "travel": Manners(
        ids=("declaration_no",), renumber="declaration_no", version=_counted, back=("state", "取消"), false=_other("from", "420100", "420600"),
        mistakes=(_other("from", "420100", "510100", "530100"),),
        broken=({"from": "Wuhan"}, {"arrived": "除夕", "phone": "139"}),
        delays=((0.4, 600, 1500), (0.6, 1500, 5760)),
    ),
    "border-crossing": Manners(
        ids=("port", "crossing_no"), renumber="crossing_no", version=_counted, back=("state", "作废"), false=_shifted("crossed_at", hours=5),
        mistakes=(_other("direction", "in", "out"), _shifted("crossed_at", hours=2)),
        broken=({"document_kind": "library card"}, {"document_kind": "none", "document_no": "", "phone": ""}),
        delays=((0.85, 2, 60), (0.15, 1440, 2880)),
    ),
}  # fmt: skip
