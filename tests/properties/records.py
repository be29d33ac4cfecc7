"""Contents of records of every source, with times about the edges of the policy's windows; now and then one that must be refused."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.properties.people import KEYS, Human
from tests.properties.published import EVENTS

Fields = dict[str, Any]
Draw = st.DrawFn
People = st.SearchStrategy[Human]

_START = datetime(2020, 1, 20, tzinfo=UTC)
_HOURS = (0, 0.5, 1, 2)
_DAYS = (0, 0, 0, 0, 0, 0, 0.5, 1, 2, 3, 14, 16)
"""The windows are of half an hour, half a day, one, two, and fourteen days; Hubei is a risk area from the third day on."""
_SECONDS = (0, 0, 0, 0, 0, 0, 0, -1, 1)
_PLACES = (("MKT-1", "530624100001"), ("MKT-1", "530624100001"), ("MKT-2", "530602"), ("HOSP-530624-01", "530624"))
_COMMUNITIES = ("530624100001", "530602001002", "533102000000", "530624100001003")
_FROM = ("420100", "4201", "42", "530100", "320000")
TASKS = ("visit", "每日随访", "告知隔离", "card", "转诊", "receive", "采样", "finding", "tell_referrer", "反馈社区", "lift", "breach", "bring", "发热走访", "food", "送药", "rubbish", "transport", "透析安排", "screening", "support")
_BAD = "sideways"
"""Refused as a time, a region, a number, and as a word."""

moments = st.builds(
    lambda days, hours, seconds: (_START + timedelta(days, hours=hours, seconds=seconds)).isoformat(),
    st.sampled_from(_DAYS), st.sampled_from(_HOURS), st.sampled_from(_SECONDS),
)  # fmt: skip


def _of(values: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


def _usual(who: Human) -> Fields:
    return {"name": who.name, "phone": who.phone, "id_no": who.id_no}


def _known(who: Human) -> Fields:
    """What a clinic and a grid worker ask besides."""
    return _usual(who) | {"sex": who.sex, "birth_date": who.born}


@st.composite
def scan(draw: Draw, people: People) -> Fields:
    """A scan, mostly in or out, sometimes with others."""
    who = draw(people)
    place, region = draw(_of(_PLACES))
    others = draw(st.one_of(st.just([]), st.just([]), st.lists(people, min_size=1, max_size=2)))
    return _usual(who) | {
        "openid": who.account, "place_code": place, "region": region, "scanned_at": draw(moments),
        "direction": draw(_of(("in", "进", "in", "进", "out", "出", "out", "出", "in", "out", "", "pass", _BAD))), "companions": [_usual(other) for other in others],
    }  # fmt: skip


@st.composite
def visit(draw: Draw, people: People) -> Fields:
    """A visit to a clinic, with any decision."""
    who = draw(people)
    words = ("观察", "", "疑似", "疑似", "临床诊断", "确诊", "confirmed", "排除", "隔离", "住院", "治愈", "死亡")
    return _known(who) | {
        "patient_no": who.patient, "region": draw(_of(("530624103000", "530624", "533102"))), "seen_at": draw(moments),
        "onset": draw(st.one_of(st.just(""), moments)), "symptoms": draw(_of(("", "发热", "咳嗽,发热"))), "temperature": draw(_of(("", "", "", "36.8", "37.2", "37.3", "37.3", "38", "38", "99"))),
        "disposition": draw(_of(words)), "referred_to": draw(_of(("", "", "HOSP-530624-01", "hosp-2"))),
    }  # fmt: skip


@st.composite
def lab(draw: Draw, people: People) -> Fields:
    """A laboratory result."""
    who = draw(people)
    return _usual(who) | {
        "patient_no": who.patient, "sent_by": draw(_of(("CLIN-1", "HOSP-530624-01"))), "region": draw(_of(("530602", "530624"))),
        "sampled_at": draw(moments), "reported_at": draw(moments), "result": draw(_of(("阳性", "阳性", "阴性", "阴性", "可疑", _BAD))), "method": draw(_of(("", "RT-PCR"))),
    }  # fmt: skip


@st.composite
def household(draw: Draw, people: People) -> Fields:
    """A registration in a household."""
    who = draw(people)
    return _known(who) | {"registered": draw(moments), "grid": draw(_of(_COMMUNITIES)), "grid_worker": draw(_of(("GW-1", "GW-2")))}


@st.composite
def gate(draw: Draw, people: People) -> Fields:
    """An entry in a community's register."""
    return _usual(draw(people)) | {
        "time": draw(moments), "community": draw(_of(("530624100001", "533102"))), "direction": draw(_of(("进", "out"))),
        "temperature": draw(_of(("", "36.8", "37.3"))), "from_region": draw(st.one_of(st.just(""), _of(_FROM))),
    }  # fmt: skip


@st.composite
def reading(draw: Draw, people: People) -> Fields:
    """What a thermometer at an entrance shows."""
    return _usual(draw(people)) | {"measured_at": draw(moments), "region": "530624100001", "celsius": draw(_of(("36.6", "37.3", "38", "99")))}


@st.composite
def clockin(draw: Draw, people: People) -> Fields:
    """A daily declaration."""
    who = draw(people)
    return {
        "xm": who.name,
        "sjh": who.phone,
        "tw": draw(_of(("36.5", "37.3", "37.3", "", "", _BAD))),
        "zz": draw(_of(("", "咳嗽"))),
        "area_code": draw(_of(("", "530624"))),
    }


@st.composite
def travel(draw: Draw, people: People) -> Fields:
    """A declared journey, perhaps from a risk area, perhaps left there at the edge of the window."""
    arrived = draw(moments)
    return _usual(draw(people)) | {
        "from": draw(_of((*_FROM, "420100", _BAD))), "to": draw(_of(_COMMUNITIES)), "arrived": arrived,
        "departed": draw(st.one_of(st.just(""), moments, st.just(later(draw, arrived, -14 * 24)))), "transport": "K109",
    }  # fmt: skip


@st.composite
def crossing(draw: Draw, people: People) -> Fields:
    """A crossing of the border, some about the day (the 68th) from which the neighbours are risk areas."""
    who = draw(people)
    kind, number = ("边民证", who.certificate) if who.certificate else ("身份证", who.id_no) if who.id_no else ("无", "")
    later = (datetime.fromisoformat(draw(moments)) + timedelta(days=draw(_of((0, 68, 68))))).isoformat()
    return {
        "name": who.name, "phone": who.phone, "document_kind": kind, "document_no": number, "nationality": draw(_of(("mm", "MM"))), "crossed_at": later,
        "region": "533102", "direction": draw(_of(("入境", "out"))), "from_country": draw(_of(("缅甸", ""))),
    }  # fmt: skip


@st.composite
def step(draw: Draw, people: People) -> Fields:
    """A step of a published case, about which nothing else is known; it has its place and hour, or not."""
    start = draw(moments)
    return {
        "start": start, "end": later(draw, start, 0, 0, 1, 12, 24), "precise": draw(_of(("yes", "yes", "no"))), "province": draw(_of(("", "云南省", "533102"))),
        "place": draw(_of(("虚构市场", "虚构市场", "虚构医院", ""))), "event": draw(_of(("", *EVENTS))), "reported": draw(st.one_of(st.just(""), moments)),
        "came_from": draw(_of(("", "42"))),
    }  # fmt: skip


@st.composite
def report(draw: Draw, people: People) -> Fields:
    """What became of a task, of somebody named, or of the key under which the bus told of the person."""
    who, task = draw(people), draw(_of(TASKS))
    named = {"person": KEYS.token("document", "resident", "CN", who.id_no)} if who.id_no and draw(st.booleans()) else _usual(who)
    return named | {
        "at": draw(moments), "task": task, "outcome": draw(_of((*("接收", "done", "done", "不适用", "refused", "移交") * 3, _BAD))), "reason": draw(_of(("", "无人", "full"))),
        "region": draw(_of(("", "530624100001"))), "facility": draw(_of(("", "HOSP-530624-01", "CLIN-1"))), "to": draw(_of(("", "gw-2", "HOSP-2"))),
    }  # fmt: skip


@st.composite
def measure(draw: Draw, people: People) -> Fields:
    """A measure that some official asks to put on somebody named, on the key of a person, or on nobody."""
    who, at = draw(people), draw(moments)
    named = {"person": KEYS.token("document", "resident", "CN", who.id_no)} if who.id_no and draw(st.booleans()) else _usual(who)
    named = draw(_of((named, named, named, named, {"region": "530624"})))
    return {"region": draw(_of(("", "530624"))), "by": draw(_of((*("CDC-1",) * 6, "OP-1", "GW-1", "GW-1"))), **named} | {
        "from": at, "until": later(draw, at, 0, 24, 72, 13 * 24, 14 * 24), "measure": draw(_of(("红码", "yellow_code", "居家隔离", "集中隔离", "restrict_travel", _BAD))),
        "reason": draw(_of(("case", "病例", "密接", "contact", "returnee", "风险地区返回", _BAD))),
    }  # fmt: skip


@st.composite
def sale(draw: Draw, people: People) -> Fields:
    """A sale of fever medicine to somebody named, to whoever answers a phone, or to a household of which nobody is named."""
    named: Fields = draw(_of((_usual(draw(people)), _usual(draw(people)), {"household_no": "H-1"}, {"household_no": "H-1"}, {"phone": "13800000001"}, {})))
    return named | {
        "sold_at": draw(moments), "region": draw(_of(("530624100001", "533102"))), "category": draw(_of(("退热", "止咳", "antiviral", "抗菌", _BAD))),
    }  # fmt: skip


def later(draw: Draw, moment: str, *hours: float) -> str:
    """A moment some hours, perhaps a second more or less, after another."""
    return (datetime.fromisoformat(moment) + timedelta(hours=draw(_of(hours)), seconds=draw(_of(_SECONDS)))).isoformat()


@st.composite
def outbreak(draw: Draw, people: People) -> list[tuple[str, Fields]]:
    """Somebody goes somewhere, perhaps leaves, and is found to be a case some days before or after; somebody else is there about the same time."""
    case, other = st.just(draw(people)), st.just(draw(people))
    come: Fields = draw(scan(case)) | {"direction": "in"}
    leave = come | {"direction": "out", "scanned_at": later(draw, come["scanned_at"], 0, 1, 12)}
    meet = (
        draw(scan(other))
        | {name: come[name] for name in ("place_code", "region")}
        | {"scanned_at": later(draw, come["scanned_at"], -0.5, 0, 0.5, 1, 1.5, 12.5)}
    )
    found = later(draw, come["scanned_at"], -14 * 24, -24, 0, 24, 48)
    finding = draw(st.one_of(
        lab(case).map(lambda fields: ("lab-result", fields | {"sampled_at": found, "result": "阳性"})),
        visit(case).map(lambda fields: ("clinic-visit", fields | {"seen_at": found, "disposition": "疑似"})),
    ))  # fmt: skip
    return [("scan-code", come), ("scan-code", meet), finding, *[("scan-code", leave)][: draw(st.integers(0, 1))]]


@st.composite
def illness(draw: Draw, people: People) -> list[tuple[str, Fields]]:
    """A suspicion, and what becomes of it over some days."""
    one, at = st.just(draw(people)), draw(moments)
    told: list[tuple[str, Fields]] = []
    suspected, found = ("疑似", "阴性", "阴性", "阴性", "阴性", "排除"), ("疑似", "确诊", "阳性", "隔离", "住院", "治愈", "死亡")
    words = draw(st.sampled_from((suspected, suspected, found)))
    for word in ["疑似", *draw(st.lists(st.sampled_from(words), min_size=2, max_size=4))]:
        at = later(draw, at, 0, 24, 24, 48)
        if word in ("阴性", "阳性"):
            told.append(("lab-result", draw(lab(one)) | {"sampled_at": at, "result": word}))
        else:
            told.append(("clinic-visit", draw(visit(one)) | {"seen_at": at, "disposition": word}))
    return told


@st.composite
def chain(draw: Draw, people: People) -> list[tuple[str, Fields]]:
    """A case meets somebody, who meets somebody else later, and so on."""
    links = [st.just(draw(people)) for _ in range(draw(st.integers(3, 4)))]
    start = draw(moments)
    told: list[tuple[str, Fields]] = [("lab-result", draw(lab(links[0])) | {"sampled_at": later(draw, start, 0, 24), "result": "阳性"})]
    for one, other in itertools.pairwise(links):
        meeting: Fields = draw(scan(one)) | {"direction": "", "scanned_at": start}
        told += [
            ("scan-code", meeting),
            ("scan-code", draw(scan(other)) | {name: meeting[name] for name in ("place_code", "region", "direction", "scanned_at")}),
        ]
        start = later(draw, start, 1, 12)
    return told


@st.composite
def trajectory(draw: Draw, people: People) -> list[tuple[str, Fields]]:
    """Some published steps at one place, of one case or of several, with or without the day on which the case was confirmed."""
    first: Fields = draw(step(people)) | {"precise": "yes", "place": "虚构市场"}
    told = [first]
    for _ in range(draw(st.integers(1, 3))):
        start = later(draw, first["start"], -24, 0, 12, 24, 24.5)
        told.append(draw(step(people)) | {"start": start, "end": later(draw, start, 1, 24), "place": "虚构市场"})
    for one in told:
        one["reported"] = draw(st.one_of(st.just(""), st.just(later(draw, one["start"], 48, 66, 72))))
    return [("published", one) for one in told]


@st.composite
def handed_over(draw: Draw, people: People, at: str) -> list[tuple[str, Fields]]:
    """Counties offer a case to each other, accept and refuse, in any order, and say it twice; some of it is of who has nothing to say."""
    told: list[tuple[str, Fields]] = []
    for hours in range(draw(_of((2, 3, 5)))):
        said = {"task": "接管病例", "outcome": draw(_of(("移交", "移交", "accepted", "refused"))), "at": later(draw, at, 12 * hours, 12 * hours + 12)}
        where = {"region": draw(_of(("530624100001", "530602", "533102", ""))), "to": draw(_of(("530602", "530624", "533102001", "HOSP-2")))}
        told.append(("task-report", draw(report(people)) | said | where))
    return told


@st.composite
def handover(draw: Draw, people: People) -> list[tuple[str, Fields]]:
    """Somebody is suspected in a county, and perhaps registered in one; counties offer the case to each other."""
    one, at = st.just(draw(people)), draw(moments)
    told = [("clinic-visit", draw(visit(one)) | {"seen_at": at, "disposition": "疑似", "region": draw(_of(("530624", "530602001")))})]
    told += [("household", draw(household(one)) | {"registered": later(draw, at, -24, 2, 25)})] * draw(_of((1, 0)))
    return [*told, *draw(handed_over(one, at))]


@st.composite
def work(draw: Draw, people: People) -> list[tuple[str, Fields]]:
    """Somebody returns, leaves the country and returns again, or is suspected where nobody can test and referred on; and what those who have the tasks say."""
    one, at = st.just(draw(people)), draw(moments)
    tasks: tuple[str, ...] = TASKS[:3]
    told: list[tuple[str, Fields]] = [("travel", draw(travel(one)) | {"from": "420100", "departed": "", "arrived": at})]
    if draw(_of((False, True))):
        tasks = ("receive", "receive", "receive", *TASKS[3:])
        told = [("clinic-visit", draw(visit(one)) | {"seen_at": at, "disposition": "疑似", "referred_to": "HOSP-530624-01"})]
        told += [("clinic-visit", draw(visit(one)) | {"seen_at": later(draw, at, 1, 24), "disposition": draw(_of(("", "疑似", "隔离", "排除")))})] * draw(_of((1, 0)))
        told += [("lab-result", draw(lab(one)) | {"sampled_at": later(draw, at, 0, 24)})] * draw(_of((1, 0)))
    told += [("household", draw(household(one)) | {"registered": later(draw, at, -24, 2, 25, 25)})] * draw(_of((1, 1, 0)))
    told += draw(handed_over(one, at)) * draw(_of((1, 0)))
    told += [("border-crossing", draw(crossing(one)) | {"direction": "out", "crossed_at": later(draw, at, -1, 0, 1, 24, 26, 48)})] * draw(_of((1, 0)))
    told += [("travel", draw(travel(one)) | {"from": "420100", "departed": "", "arrived": later(draw, at, 0, 1, 24, 30)})] * draw(_of((1, 0)))
    for _ in range(draw(_of((3, 4, 2)))):
        when, what = later(draw, at, 0, 1, 12, 24, 26, 48, 72), draw(_of(("accepted", "done", "refused", "refused", "移交", "移交", "不适用")))
        told.append(("task-report", draw(report(one)) | {"at": when, "task": draw(_of(tasks)), "outcome": what}))
    return told


@st.composite
def feverish(draw: Draw, people: People) -> list[tuple[str, Fields]]:
    """Signs of somebody and of a household about the gap between two episodes, what ends them, and what is done about them."""
    one, at = st.just(draw(people)), draw(moments)
    told: list[tuple[str, Fields]] = [("household", draw(household(one)) | {"registered": later(draw, at, -24, 2, 25)})] * draw(_of((1, 1, 0)))
    signs: tuple[tuple[str, str, st.SearchStrategy[Fields]], ...] = (
        ("medicine-sale", "sold_at", sale(one)), ("gate-temperature", "measured_at", reading(one)), ("clinic-visit", "seen_at", visit(one)),
    )  # fmt: skip
    for _ in range(draw(_of((2, 3, 4)))):
        at = later(draw, at, 0, 12, 24, 7 * 24)
        source, when, content = draw(_of(signs))
        told.append((source, draw(content) | {when: at}))
    told += [("clockin", draw(clockin(one)))] * draw(_of((0, 1)))
    told += [("lab-result", draw(lab(one)) | {"sampled_at": later(draw, at, 0, 24), "result": draw(_of(("阴性", "阳性")))})] * draw(_of((0, 0, 1)))
    return told + [("task-report", draw(report(one)) | {"at": later(draw, at, -24, 0, 12), "task": "发热走访"} | draw(_of(({}, {"household_no": "H-1", "name": "", "phone": "", "id_no": ""}))))] * draw(_of((1, 0)))


@st.composite
def overreach(draw: Draw, people: People) -> list[tuple[str, Fields]]:
    """What may warrant a measure or not, and several measures that are asked for about the moments when it begins to and when it does not any more."""
    one, at = st.just(draw(people)), draw(moments)
    told = [
        ("lab-result", draw(lab(one)) | {"sampled_at": at, "result": "阳性"}),
        ("clinic-visit", draw(visit(one)) | {"seen_at": at, "disposition": draw(_of(("疑似", "疑似", "确诊")))}),
        ("travel", draw(travel(one)) | {"from": "420100", "departed": "", "arrived": at}),
    ]
    first = draw(_of((0, 1, 2)))
    told, reason = [*told[first:], *told[:first]][: draw(_of((1, 1, 2, 0)))], ("case", "case", "returnee")[first]
    told += [("clinic-visit", draw(visit(one)) | {"seen_at": later(draw, at, 1, 24), "disposition": draw(_of(("治愈", "排除", "死亡")))})] * draw(_of((0, 0, 1)))
    for _ in range(draw(_of((1, 2, 3, 4)))):
        since = later(draw, at, -1, 0, 0, 0, 1, 24, 14 * 24, 27 * 24, 28 * 24)
        asked = draw(measure(one)) | {"from": since, "until": later(draw, since, 1, 24, 14 * 24)}
        told.append(("measure-request", asked | ({"reason": reason} if draw(_of((True, True, False))) else {})))
    return told


@st.composite
def apart(draw: Draw, people: People) -> list[tuple[str, Fields]]:
    """Somebody returns, perhaps twice, leaves the country or falls ill; officials order isolation, and grid workers say that the person was told."""
    one, at = st.just(draw(people)), draw(moments)
    told = [("travel", draw(travel(one)) | {"from": "420100", "departed": "", "arrived": at})]
    told += [("travel", draw(travel(one)) | {"from": "420100", "departed": "", "arrived": later(draw, at, 24, 72, 7 * 24, 14 * 24)})] * draw(_of((1, 0)))
    told += [("border-crossing", draw(crossing(one)) | {"direction": "out", "crossed_at": later(draw, at, -1, 0, 24, 72)})] * draw(_of((1, 0, 0)))
    told += [("clinic-visit", draw(visit(one)) | {"seen_at": later(draw, at, 0, 24), "disposition": draw(_of(("疑似", "确诊")))})] * draw(_of((0, 0, 1)))
    told += [("clinic-visit", draw(visit(one)) | {"seen_at": later(draw, at, 48, 72), "disposition": draw(_of(("治愈", "排除", "死亡")))})] * draw(_of((0, 0, 1)))
    for _ in range(draw(_of((1, 0, 2)))):
        since = later(draw, at, 0, 1, 24, 72, 10 * 24)
        kind, reason = draw(_of(("居家隔离", "集中隔离"))), draw(_of(("returnee", "returnee", "case", "contact")))
        asked = {"from": since, "until": later(draw, since, 72, 13 * 24, 1), "measure": kind, "reason": reason, "by": "CDC-1"}
        told.append(("measure-request", draw(measure(one)) | asked))
    said = draw(_of(("visit", "visit", "告知隔离")))
    told += [("task-report", draw(report(one)) | {"at": later(draw, at, 0, 1, 24), "task": said, "outcome": "done"})] * draw(_of((1, 1, 0)))
    told += [("task-report", draw(report(one)) | {"at": later(draw, at, 24, 72, 7 * 24, 14 * 24), "task": draw(_of(("lift", "breach"))), "outcome": "done"})] * draw(_of((0, 1)))
    fever = {"time": later(draw, at, 24, 48, 0), "temperature": "37.3", "from_region": ""}
    told += [("entry-exit", draw(gate(one)) | fever)] * draw(_of((0, 1)))
    for _ in range(draw(_of((1, 2, 0)))):
        told.append(("scan-code", draw(scan(one)) | {"scanned_at": later(draw, at, 24, 36, 12, 60, 84, 7 * 24), "direction": draw(_of(("", "in")))}))
    return told


@st.composite
def care(draw: Draw, people: People) -> Fields:
    """A care visit or call, or one that found nobody."""
    return _usual(draw(people)) | {
        "at": draw(moments), "region": draw(_of(("530624100001", ""))), "reached": draw(_of((*("在家", "电话", "无人") * 3, _BAD))),
        "celsius": draw(_of(("", "36.6", "37.3"))), "symptoms": draw(_of(("", "咳嗽"))), "asks": draw(_of(("", "food", "送药,food", "垃圾", "透析、food"))),
    }  # fmt: skip


@st.composite
def screening(draw: Draw, people: People) -> Fields:
    """Answers to questionnaires about what makes support offered or not."""
    answers = draw(_of(("000000000", "222210000", "222220000", "333300000", "000000001", _BAD)))
    return _usual(draw(people)) | {"at": draw(moments), "region": draw(_of(("533102", ""))), "phq9": answers, "gad7": draw(_of(("", "", "2222100", "2222200")))}


@st.composite
def request(draw: Draw, people: People) -> Fields:
    """What somebody asks for in an app."""
    who = draw(people)
    return {"xm": who.name, "sjh": who.phone, "asked_at": draw(moments), "zz": "", "area_code": draw(_of(("", "530624"))), "asks": draw(_of(("买菜", "food,送药", "就医接送", _BAD)))}


CONTENTS: dict[str, Callable[[People], st.SearchStrategy[Fields]]] = {
    "scan-code": scan, "clinic-visit": visit, "lab-result": lab, "household": household, "entry-exit": gate, "clockin": clockin, "travel": travel,
    "border-crossing": crossing, "published": step, "task-report": report, "measure-request": measure,
    "medicine-sale": sale, "gate-temperature": reading, "care-visit": care, "screening": screening, "service-request": request,
}  # fmt: skip
"""By source, what a record about some of these people may say beside its identity and version."""
