"""What a linked case counts as: its cells, and the regions in which it counts.

People count where they live (the present address, by which 传染病信息报告管理规范 counts too), else where they were found. An onset, a report or a
result counts by its day in China while the person is a case. A case counts in the band of ages that its records told: birth dates are sealed, and no seal is
opened for a count (037).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from schemas.models.case import Entry, LinkedCase, Role, Status, What
from schemas.models.fact import Millis
from schemas.models.statistic import Cell, Counted, Measure
from streams.cases.status import FINDS
from streams.rows import Table

UNKNOWN = "unknown"
LEVELS = (2, 4, 6, 9, 12)
"""How long the codes of province, prefecture, county, township and community are (GB/T 2260, GB/T 10114)."""
_CHINA = ZoneInfo("Asia/Shanghai")


def day(at: Millis) -> str:
    """The day of a moment in China."""
    return datetime.fromtimestamp(at // 1000, _CHINA).date().isoformat()


def matters(case: LinkedCase) -> bool:
    """Whether the person counts at all: who only needs something is in no statistic of the disease."""
    return not case.retracted and case.roles != [Role.NEED]


def counts_once(table: Table) -> Callable[[bytes, bytes], Iterable[tuple[bytes, bytes]]]:
    """The migration of rows that did not say yet how many count: each of these was one."""
    return lambda key, value: [(key, value + b"\x02" if key[0] == table.number else value)]


def counted(case: LinkedCase) -> Counted:
    """What a case counts as in the smallest region."""
    found = _found(case)
    positive = next((entry for entry in found if entry.what is What.POSITIVE), None)
    symptoms = _first_symptoms(case)
    home = _home(case, found)
    aged = _aged(case)
    lived = [entry for entry in case.timeline if entry.what is What.RESIDENCE and entry.region == case.community][-1:]
    shown = [*found[:1], *([positive] if positive else []), *symptoms.values(), *(lived or [home] if home else lived), *([aged] if aged else [])]
    moments = [entry.at for entry in (*found[:1], *([positive] if positive else []), *symptoms.values())]
    moments += [at for at in (case.since, case.onset if case.classification else None) if at is not None]
    first = case.timeline[0]
    return Counted.of(
        causes=sorted({entry.evidence for entry in shown} or {first.evidence}),
        at=max(moments, default=first.at), person=case.person, region=(case.community or (home and home.region) or UNKNOWN)[:LEVELS[-1]],
        cells=sorted(set(_cells(case, found, positive, symptoms, aged)), key=lambda cell: (cell.measure, cell.value, cell.day)),
    )  # fmt: skip


def in_regions(one: Counted) -> list[Counted]:
    """What a person counts as in each region from the province down to the smallest one."""
    codes = [one.region] if one.region == UNKNOWN else sorted({one.region[:digits] for digits in LEVELS})
    return [Counted.of(causes=one.causes, at=one.at, person=one.person, region=code, cells=one.cells, count=one.count) for code in codes]


def _found(case: LinkedCase) -> list[Entry]:
    """What makes the person a case in the present illness: the findings after the last ruling-out that another finding followed."""
    found = [entry for entry in case.timeline if entry.what in FINDS] if case.classification else []
    ruled_out = [entry.at for entry in case.timeline if found and entry.what is What.RULED_OUT and entry.at < found[-1].at]
    return [entry for entry in found if not ruled_out or entry.at > ruled_out[-1]]


def _first_symptoms(case: LinkedCase) -> dict[str, Entry]:
    first: dict[str, Entry] = {}
    for entry in case.timeline:
        if entry.what is What.SYMPTOM:
            first.setdefault(entry.note or UNKNOWN, entry)
    return first


def _aged(case: LinkedCase) -> Entry | None:
    """The first line that tells the band of ages of a case: of several bands that which most lines tell, then that which was told last, then by its word.

    None of who is no case. People grow older and clinics mistype: the rule asks the set of lines alone, so no order of arrival shows.
    """
    lines = [entry for entry in case.timeline if entry.what is What.AGED] if case.classification else []
    told = Counter(entry.note for entry in lines)
    last = {entry.note: entry.at for entry in lines}
    chosen = max(told, key=lambda word: (told[word], last[word], word), default=None)
    return next((entry for entry in lines if entry.note == chosen), None)


def _home(case: LinkedCase, found: list[Entry]) -> Entry | None:
    """What says where a person counts who is registered nowhere."""
    return None if case.community else next((entry for entry in (*found[:1], *case.timeline) if entry.region), None)


def _cells(case: LinkedCase, found: list[Entry], positive: Entry | None, symptoms: dict[str, Entry], aged: Entry | None) -> Iterator[Cell]:
    days = ((Measure.ONSET, case.onset), (Measure.REPORT, found[0].at if found else None), (Measure.RESULT, positive.at if positive else None))
    if case.classification:
        yield Cell(measure=Measure.CLASSIFICATION, value=case.classification.value)
        yield Cell(measure=Measure.AGE, value=aged.note if aged else UNKNOWN)
        yield from (Cell(measure=measure, value=case.classification.value, day=day(at)) for measure, at in days if at is not None)
    if case.status:
        yield Cell(measure=Measure.STATUS, value=case.status.value)
    yield from (Cell(measure=Measure.ROLE, value=role.value) for role in case.roles if role is not Role.NEED)
    yield from (Cell(measure=Measure.SYMPTOM, value=word, day=day(entry.at)) for word, entry in symptoms.items())
    if Role.CONTACT in case.roles:
        yield Cell(measure=Measure.CONTACT, value=_outcome(case))


def _outcome(case: LinkedCase) -> str:
    """What became of a contact; a negative result counts when its specimen was taken after the first contact."""
    if case.classification:
        return "case"
    if case.status is Status.RULED_OUT:
        return "ruled_out"
    met = _first(case.timeline, What.CONTACT)
    return "negative" if any(entry.what is What.NEGATIVE and entry.at >= met for entry in case.timeline) else "open"


def _first(timeline: Iterable[Entry], what: What) -> Millis:
    return min((entry.at for entry in timeline if entry.what is what), default=0)
