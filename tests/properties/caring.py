"""What happens while somebody isolates at home: care visits and calls, absences, services that are asked for, and what becomes of them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.properties.records import Draw, Fields, People, care, household, later, moments, report, request, screening, travel, visit


def _of(values: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


@st.composite
def cared(draw: Draw, people: People) -> list[tuple[str, Fields]]:
    """Somebody returns, is told to stay apart, and is visited and called: asks for services, twice too, gets them or not, is not there, falls ill, leaves or ends."""
    one, at = st.just(draw(people)), draw(moments)
    told = [("travel", draw(travel(one)) | {"from": "420100", "departed": "", "arrived": at})]
    told += [("task-report", draw(report(one)) | {"at": later(draw, at, 0, 1, 24), "task": "visit", "outcome": "done"})] * draw(_of((1, 1, 0)))
    told += [("household", draw(household(one)) | {"registered": later(draw, at, -24, 2, 25)})] * draw(_of((1, 0)))
    for _ in range(draw(_of((2, 3, 4)))):
        when = later(draw, at, 12, 24, 25, 36, 48, 72, 13 * 24, 14 * 24)
        said = draw(_of(({"reached": "无人"}, {"reached": "在家"}, {"reached": "在家", "asks": "food"}, {"reached": "电话", "asks": "food,送药"})))
        told.append(("care-visit", draw(care(one)) | {"at": when} | said))
    told += [("service-request", draw(request(one)) | {"asked_at": later(draw, at, 24, 36), "asks": draw(_of(("food", "透析")))})] * draw(_of((1, 0)))
    for _ in range(draw(_of((1, 2, 0)))):
        when, what = later(draw, at, 24, 36, 48, 72), draw(_of(("accepted", "done", "done", "refused", "不适用")))
        told.append(("task-report", draw(report(one)) | {"at": when, "task": draw(_of(("food", "送药", "breach"))), "outcome": what}))
    for _ in range(draw(_of((0, 1, 2)))):
        told.append(("screening", draw(screening(one)) | {"at": later(draw, at, 0, 24, 48, 7 * 24, 8 * 24, 14 * 24)}))
    told += [("household", draw(household(one)) | {"registered": later(draw, at, -24), "grid": "533102001001"})] * draw(_of((1, 0)))
    told += [("task-report", draw(report(one)) | {"at": later(draw, at, 24, 48, 7 * 24), "task": draw(_of(("support", "screening"))), "outcome": draw(_of(("done", "accepted")))})] * draw(_of((1, 0)))
    return told + [("clinic-visit", draw(visit(one)) | {"seen_at": later(draw, at, 24, 48), "disposition": "住院"})] * draw(_of((0, 0, 1)))
