"""Records of everyday life: households, scans, the entry-exit registers of communities, and health clock-ins."""

from __future__ import annotations

from collections.abc import Iterator

from deploy.simulation.assumptions import Assumptions
from deploy.simulation.days import DAY, HOUR, MINUTE, Stay
from deploy.simulation.history import History
from deploy.simulation.people import Person
from deploy.simulation.records import Desk, Fields, Handle, Sent, handles
from deploy.simulation.spread import Infection
from deploy.simulation.written import day, iso, local, sex

_SCAN_WORDS = {"in": ("进", "入", "in"), "out": ("出", "out"), "pass": ("", "pass")}


def households(history: History, desk: Desk) -> Iterator[Sent]:
    """One record for each resident, most of them from before the first day, some registered later."""
    for person in history.people:
        if person.household is None:
            continue
        home, late = person.household, desk.dice.chance(0.1)
        day_ = desk.dice.between(0, len(history.days) - 1) if late else -desk.dice.between(5, 60)
        made = history.start + day_ * DAY + desk.dice.between(9 * 60, 17 * 60) * MINUTE
        fields = {
            "household_no": home.number, "member_no": str(home.members.index(person) + 1), "updated": local(made, "%Y-%m-%d %H:%M:%S"), "registered": day(made),
            "name": desk.clerk.name(person.name), "id_no": desk.clerk.document(person), "phone": desk.clerk.phone(person.reach), "sex": sex(person),
            "birth_date": person.born.isoformat(), "grid": home.grid, "grid_worker": home.grid_worker, "state": "",
        }  # fmt: skip
        yield Sent("household", made, fields, [(person, handles(person, ("document", "phone")))])


def scans(history: History, desk: Desk, world: Assumptions) -> Iterator[Sent]:
    """One record for each scan of a stay; a passing scan says no direction."""
    for stay in history.stays:
        kind = world.kinds.get(stay.place.kind)
        if kind and kind.passed:
            scanned = [(stay.at, "pass")] if stay.scan_in or stay.scan_out else []
        else:
            scanned = [(at, way) for at, way, did in ((stay.at, "in", stay.scan_in), (stay.until, "out", stay.scan_out)) if did]
        named = not desk.dice.chance(0.1)
        for at, way in scanned:
            if at < history.end:
                yield _scan(stay, at, way, desk, named=named)


def _scan(stay: Stay, at: int, way: str, desk: Desk, *, named: bool) -> Sent:
    person = stay.person
    along = [_companion(other, desk) for other in stay.companions]
    fields: Fields = {
        "scan_no": f"S-{desk.number('scan'):07d}", "revision": 1, "openid": person.account, "phone": desk.machine.phone(person.reach),
        "name": person.name if named else "", "place_code": stay.place.code, "region": stay.place.region, "direction": desk.dice.pick(_SCAN_WORDS[way]),
        "scanned_at": iso(at), "companions": [fields for fields, _ in along],
    }  # fmt: skip
    people = [(person, handles(person, ("scan-app", "phone") if named else ("scan-app",)))]
    return Sent("scan-code", at, fields, people + [(other, found) for other, (_, found) in zip(stay.companions, along, strict=True)])


def _companion(person: Person, desk: Desk) -> tuple[Fields, list[Handle]]:
    """Somebody scanned along: known by the document, now and then only by name and the household's phone."""
    if desk.dice.chance(0.85):
        return {"name": person.name, "id_no": desk.clerk.document(person)}, handles(person, ("document",))
    return {"name": person.name, "phone": desk.machine.phone(person.reach)}, handles(person, ("phone",))


def gates(history: History, desk: Desk, world: Assumptions) -> Iterator[Sent]:
    """The registers that communities keep: of those who come from elsewhere at any time, and from the alarm on of some who go out and come back."""
    for journey in history.journeys:
        if desk.dice.chance(0.5):
            yield _gate(journey.person, journey.arrived + 20 * MINUTE, "in", desk, journey.came_from)
    outings: dict[tuple[Person, int], list[Stay]] = {}
    for stay in history.stays:
        if stay.person.household and history.alarm is not None and stay.at >= history.alarm:
            outings.setdefault((stay.person, (stay.at - history.start) // DAY), []).append(stay)
    for (person, _), stays in outings.items():
        if desk.dice.chance(world.registers):
            left, back = stays[0].at - desk.dice.between(10, 30) * MINUTE, stays[-1].until + desk.dice.between(10, 30) * MINUTE
            yield from (_gate(person, at, way, desk, "") for at, way in ((left, "out"), (back, "in")) if at < history.end - HOUR)


def _gate(person: Person, at: int, way: str, desk: Desk, came_from: str) -> Sent:
    at -= at % MINUTE
    document = desk.dice.chance(0.2)
    fields = {
        "gate": f"GATE-{person.community}-1", "entry_no": str(desk.number(f"gate {person.community}")), "revision": "1", "name": desk.clerk.name(person.name),
        "phone": desk.clerk.phone(person.reach), "id_no": desk.clerk.document(person) if document else "", "time": local(at, "%Y/%m/%d %H:%M"),
        "community": person.community, "direction": {"in": "进", "out": "出"}[way], "temperature": desk.clerk.temperature(desk.dice.between(360, 370)),
        "from_region": came_from, "state": "",
    }  # fmt: skip
    return Sent("entry-exit", at, fields, [(person, handles(person, ("document", "phone") if document else ("phone",)))])


def clockins(history: History, desk: Desk) -> Iterator[Sent]:
    """A declaration of health for nearly every day from the alarm on, by those whose school or workplace asks for it."""
    for today in history.days:
        if history.alarm is None or today.begins + DAY < history.alarm:
            continue
        for person in history.people:
            made = today.begins + desk.dice.between(6 * 60, 10 * 60) * MINUTE
            if person.uid and desk.dice.chance(0.85) and made + HOUR < history.end and not _in_care(history.infections.get(person), made):
                yield _clockin(person, made, history.infections.get(person), desk)


def _in_care(infection: Infection | None, at: int) -> bool:
    """Patients clock in no more."""
    return infection is not None and infection.seeks is not None and at >= infection.seeks


def _clockin(person: Person, made: int, infection: Infection | None, desk: Desk) -> Sent:
    ill = infection is not None and infection.onset is not None and infection.onset <= made < infection.until
    cold = not ill and desk.dice.chance(0.01)
    fields = {
        "uid": person.uid, "date": day(made), "created": str(made // 1_000), "xm": person.name, "sjh": desk.machine.phone(person.reach),
        "area_code": person.area.county.code, "tw": desk.machine.temperature(desk.dice.between(374, 386) if ill else desk.dice.between(360, 370)),
        "zz": desk.dice.pick(("发热", "咳嗽、乏力", "发热，咳嗽")) if ill else "流涕" if cold else desk.dice.pick(("", "无")),
    }  # fmt: skip
    return Sent("clockin", made, fields, [(person, handles(person, ("clock-in", "phone")))])
