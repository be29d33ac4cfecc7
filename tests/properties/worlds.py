"""Small worlds: what the sources have sent, with corrections, retractions, contradictions and records that cannot be understood, and how it arrives."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from streams.path import STAGES
from tests.oracle.facts import Sent
from tests.properties.caring import cared
from tests.properties.needing import NEEDS, NEEDS_CONTENTS, OFFERS, needing
from tests.properties.people import circles
from tests.properties.records import CONTENTS as OTHERS
from tests.properties.records import Draw, Fields, People, apart, chain, feverish, handover, illness, outbreak, overreach, trajectory, work
from tests.properties.things import CONTENTS as THINGS

CONTENTS = OTHERS | NEEDS_CONTENTS | THINGS
"""By source, what a record about some people may say."""
IDENTITIES: dict[str, tuple[str, ...]] = {
    "scan-code": ("scan_no",), "clinic-visit": ("facility", "visit_no"), "lab-result": ("lab", "specimen_no"), "household": ("household_no", "member_no"),
    "entry-exit": ("gate", "entry_no"), "clockin": ("uid", "date"), "travel": ("declaration_no",), "border-crossing": ("port", "crossing_no"),
    "published": ("case", "step"), "task-report": ("by", "report_no"), "measure-request": ("request_no",),
    "medicine-sale": ("pharmacy", "sale_no"), "gate-temperature": ("device", "reading_no"),
    "stock-report": ("place", "report_no"), "dispatch-report": ("number", "step"), "absence": ("place", "date"), "complaint": ("number",), "complaint-answer": ("number", "answer_no"), "closure-report": ("area", "report_no"), "care-visit": ("by", "visit_no"), "screening": ("service", "screening_no"), "service-request": ("uid", "request_no"),
    "resident-need": ("need_no",), "provider-report": ("provider", "need"), "offer-answer": ("offer", "provider", "answer"),
}  # fmt: skip
"""By source, the fields that identify a record."""
_NAMES = {
    "facility": ("CLIN-1", "HOSP-530624-01"), "lab": ("LAB-1",), "household_no": ("H-1",), "gate": ("GATE-1",), "uid": ("ox-1", "c-2"), "port": ("PORT-RUILI", "PORT-RUILI", "PATH-533102-14", "PORT-NOWHERE"),
    "case": ("c1", "c2"), "date": ("2020-01-20", "2020-01-22"), "by": ("GW-1", "HOSP-1"), "pharmacy": ("PHAR-1",), "service": ("PSY-1",), "device": ("GATE-2",),
    "area": ("530624100001", "530602", "5301"), "place": ("DEPOT-1", "CLIN-1", "CLIN-1"), "number": ("D-1", "D-2"), "need_no": NEEDS, "provider": ("SHOP-1", "SHOP-1", "SHOP-2"), "need": ("食品", "food", "买药"), "offer": OFFERS, "answer": ("接单", "谢绝", "declined", "办结"),
    "step": ("proposed", "接受", "发出", "received", "received", "拒绝"),
}  # fmt: skip
"""Values of fields of an identity; all other fields are numbers that are given once."""
_VERSIONS = {"clinic-visit": ("updated", "2020-02-0{}"), "household": ("updated", "2020-02-0{}"), "clockin": ("created", "{}")}
"""By source, the field of the version and how it is written; of all others `revision`."""
_RETRACTS = {
    "scan-code": "撤销", "clinic-visit": "撤回", "lab-result": "撤回", "household": "迁出", "entry-exit": "作废", "travel": "取消", "border-crossing": "作废",
    "published": "void", "task-report": "撤回", "measure-request": "撤回", "medicine-sale": "退货", "gate-temperature": "作废", "stock-report": "撤回", "dispatch-report": "撤回", "care-visit": "撤回", "screening": "撤回", "service-request": "撤回",
    "resident-need": "撤回", "provider-report": "撤回", "offer-answer": "撤回", "absence": "撤回", "complaint": "撤回", "complaint-answer": "撤回", "closure-report": "撤回",
}  # fmt: skip
"""By source, the state of a record that takes itself back; a clock-in cannot."""
_STORIES = {"outbreak": outbreak, "chain": chain, "illness": illness, "trajectory": trajectory, "work": work, "overreach": overreach, "handover": handover, "apart": apart, "feverish": feverish, "cared": cared, "needing": needing}
_KINDS = (
    ("outbreak",) * 8 + ("chain",) * 3 + ("illness",) * 6 + ("trajectory",) * 2 + ("work",) * 6 + ("overreach",) * 3 + ("apart",) * 2 + ("cared",) * 2 + ("feverish",) * 3 + ("needing",) * 2 + ("scan-code",) * 3 + ("clinic-visit", "lab-result", "household", *CONTENTS)
)
"""What a part of a history is, as often as it is listed: records that belong together, or one of a source."""


EVERY = range(len(STAGES))
"""The places of all stages, in the order of the path."""


@dataclass(frozen=True)
class World:
    """What was sent as it arrives, in portions after each of which everything is worked through, and how.

    Sizes of batches, one after another; the order in which the stages take their turns; and whether each reads its last input first.
    """

    portions: list[list[Sent]]
    batches: list[int]
    stages: list[int]
    backwards: bool = False

    @property
    def sent(self) -> list[Sent]:
        """Everything, in the order of arrival."""
        return [one for portion in self.portions for one in portion]


@st.composite
def firsts(draw: Draw, people: People, kinds: tuple[str, ...]) -> list[tuple[str, Fields]]:
    """The first contents of some records by source: one of any, or those of an outbreak, a chain of contacts, an illness, a trajectory, or work."""
    kind = draw(st.sampled_from(kinds))
    return draw(_STORIES[kind](people)) if kind in _STORIES else [(kind, draw(CONTENTS[kind](people)))]


@st.composite
def versions(draw: Draw, source: str, first: Fields, people: People, number: int) -> list[Sent]:
    """All versions of one record, of which `number` is the last part of the identity where it is free."""
    identity = {name: draw(st.sampled_from(_NAMES.get(name, (str(number),)))) for name in IDENTITIES[source]}
    path, form = _VERSIONS.get(source, ("revision", "{}"))
    sent: list[Sent] = []
    for version in draw(st.sampled_from(([1], [1], [1], [1], [1], [1], [1], [1], [1, 2], [1, 2, 3], [2, 2]))):
        content = draw(CONTENTS[source](people)) if sent else first
        retracts = {"state": _RETRACTS[source]} if source in _RETRACTS and draw(st.integers(0, 7)) == 7 else {}
        sent.append((source, content | identity | {path: form.format(version)} | retracts))
    return sent


@st.composite
def histories(draw: Draw, most: int = 6, kinds: tuple[str, ...] = _KINDS) -> list[Sent]:
    """What all sources have sent about a few things of some kinds, in no particular order."""
    people = draw(circles())
    contents = [one for _ in range(draw(st.integers(1, most))) for one in draw(firsts(people, kinds))]
    return [one for number, (source, first) in enumerate(contents) for one in draw(versions(source, first, people, number))]


@st.composite
def worlds(draw: Draw, most: int = 6, kinds: tuple[str, ...] = _KINDS) -> World:
    """A history as it arrives: in any order, some of it twice, in portions and batches of any size."""
    sent = draw(histories(most, kinds))
    again = draw(st.lists(st.sampled_from(sent), max_size=3))
    arrival = draw(st.permutations(sent + again))
    cuts = sorted(draw(st.lists(st.integers(0, len(arrival)), max_size=3)))
    portions = [arrival[start:end] for start, end in zip([0, *cuts], [*cuts, len(arrival)], strict=True) if start < end]
    return World(portions, draw(st.lists(st.sampled_from((1, 2, 5, 50)), min_size=1, max_size=4)), draw(st.permutations(EVERY)), draw(st.booleans()))
