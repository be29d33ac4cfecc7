"""Records of clinics, hospitals and laboratories."""

from __future__ import annotations

from collections.abc import Iterator

from deploy.simulation.care import Visit
from deploy.simulation.days import MINUTE
from deploy.simulation.history import History
from deploy.simulation.people import Person
from deploy.simulation.records import Desk, Sent, handles
from deploy.simulation.written import age, day, iso, minutes, sex

_DISPOSITIONS = {
    "observed": ("观察", ""), "suspected": ("疑似", "suspected"), "probable": ("临床诊断",), "confirmed": ("确诊", "confirmed"), "ruled_out": ("排除",),
    "isolated": ("隔离",), "admitted": ("住院", "admitted"), "recovered": ("治愈", "出院"), "died": ("死亡",),
}  # fmt: skip
_RESULTS = {"positive": ("阳性", "positive"), "negative": ("阴性", "negative"), "inconclusive": ("可疑",)}


class Patients:
    """Each facility's numbers of its patients."""

    def __init__(self, desk: Desk) -> None:
        """Take the desk."""
        self._desk = desk
        self._known: dict[tuple[str, Person], str] = {}

    def number(self, facility: str, person: Person) -> str:
        """The patient's number there, a new one on the first visit."""
        key = (facility, person)
        if key not in self._known:
            self._known[key] = f"P{self._desk.number(f'patient {facility}'):05d}"
        return self._known[key]


def visits(history: History, desk: Desk, patients: Patients) -> Iterator[Sent]:
    """One record for each visit and each decision. A first visit gives the resident number; later ones often only the patient number."""
    first: dict[tuple[str, Person], Visit] = {}
    for care in history.cares:
        for visit in care.visits:
            yield _visit(visit, desk, patients, full=first.setdefault((visit.facility.code, visit.person), visit) is visit)


def _visit(visit: Visit, desk: Desk, patients: Patients, *, full: bool) -> Sent:
    person, facility, hand = visit.person, visit.facility.code, desk.clerk
    number = patients.number(facility, person)
    made = visit.at + desk.dice.between(5, 30) * MINUTE
    resident = person.group != "crosser"
    fields = {
        "facility": facility, "visit_no": f"V{desk.number(f'visit {facility}'):05d}", "patient_no": number, "updated": minutes(made),
        "name": hand.name(person.name), "id_no": hand.document(person) if full and resident else "", "phone": hand.phone(person.reach) if full else "",
        "sex": sex(person), "age": age(person, visit.at),
        "region": visit.facility.region, "seen_at": minutes(visit.at), "onset": "" if visit.onset is None else day(visit.onset),
        "symptoms": desk.dice.pick(("，", "、", ",")).join(visit.symptoms), "temperature": hand.temperature(visit.temperature),
        "disposition": desk.dice.pick(_DISPOSITIONS[visit.disposition]), "referred_to": visit.referred_to or "", "state": "",
    }  # fmt: skip
    given = ("document", "patient", "phone") if full and resident else ("patient", "phone") if full else ("patient",)
    return Sent("clinic-visit", made, fields, [(person, handles(person, given, facility, number))])


def results(history: History, desk: Desk, patients: Patients) -> Iterator[Sent]:
    """One record for each result; the laboratory knows the patient by the number on the tube alone."""
    for care in history.cares:
        for specimen in care.specimens:
            person, facility = specimen.person, specimen.facility.code
            number = patients.number(facility, person)
            fields = {
                "lab": specimen.laboratory, "specimen_no": f"X{desk.number('specimen'):06d}", "revision": 1, "patient_no": number, "sent_by": facility,
                "sampled_at": iso(specimen.at), "reported_at": iso(specimen.reported), "region": specimen.laboratory.split("-")[1],
                "result": desk.dice.pick(_RESULTS[specimen.result]), "method": "RT-PCR",
            }  # fmt: skip
            yield Sent("lab-result", specimen.reported, fields, [(person, handles(person, ("patient",), facility, number))], specimen.withdrawn)
