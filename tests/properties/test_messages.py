"""Reports by text message, in any order, again and again, in parts or whole, are the same records."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.messages.write import retracted, written
from tests.connectors.messages.sample import CLINIC, KEYS, SENT, VISIT, report, taker

_FIELDS = {word[0]: word[1:] for word in VISIT.split()} | {"证": "530602199102030025", "址": "虚构村第三村民小组老学校旁边"}
_REPORTS = st.builds(
    lambda number, revision, temperature: written(CLINIC, number, "诊", _FIELDS | {"温": temperature}, revision),
    st.integers(1, 3), st.integers(1, 2), st.sampled_from(["38.2", "37.9"]),
)  # fmt: skip
_OTHERS = st.sampled_from([
    [f"711 {report(4, VISIT.replace('判疑', '判好'))}"], [f"711 {report(5, VISIT)};{report(6, VISIT)}"], [retracted(CLINIC, 1, "诊", 3)], ["711 15Q 诊"],
    [f"711 {report(4, '时2.1-8:00 品口 存20 用4', '物')}"],
])  # fmt: skip


def _records(texts: list[str], late: list[int]) -> set[tuple[object, ...]]:
    """What is on the bus after these messages, each some days late."""
    with TemporaryDirectory() as folder:
        mine = taker(Path(folder))
        raws = [raw for text, days in zip(texts, late, strict=True) for raw in mine.take(CLINIC, text, SENT + timedelta(days=days)).raws]
    return {(raw.source, raw.record, raw.version, raw.retracts, raw.digest, raw.fault) for raw in raws}


@settings(max_examples=40, deadline=None)
@given(st.lists(_REPORTS | _OTHERS, min_size=1, max_size=6), st.data())
def test_any_order_and_any_repetition_give_the_same_records(reports: list[list[str]], data: st.DataObject) -> None:
    """The set of raw messages is that of the set of messages, whenever each comes and how often; two texts of one part give both versions."""
    texts = [text for one in reports for text in one]
    shuffled = data.draw(st.permutations(texts + data.draw(st.lists(st.sampled_from(texts), max_size=4))))
    late = data.draw(st.lists(st.integers(0, 100), min_size=len(shuffled), max_size=len(shuffled)))
    assert _records(shuffled, late) == _records(texts, [0] * len(texts))


@settings(max_examples=30, deadline=None)
@given(st.permutations(list(_FIELDS)), st.data())
def test_whole_or_in_parts_is_one_record(keys: list[str], data: st.DataObject) -> None:
    """However the fields are spread over parts, and by hand or by a program, the record is the same."""
    parts = data.draw(st.integers(1, 4))
    groups: list[list[str]] = [[keys[at] for at in range(len(keys)) if at % parts == number] for number in range(parts)]
    texts = [f"711 {report(7, f'{number}/{parts} ' + ' '.join(key + _FIELDS[key] for key in group))}" for number, group in enumerate(groups, 1)]
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        whole = [raw for text in written(CLINIC, 7, "诊", _FIELDS) for raw in taker(Path(one)).take(CLINIC, text, SENT).raws]
        split = [raw for text in data.draw(st.permutations(texts)) for raw in taker(Path(other)).take(CLINIC, text, SENT).raws]
    assert [json.loads(raw.body) for raw in whole] == [json.loads(raw.body) for raw in split]
    assert {(raw.record, raw.version, raw.digest) for raw in whole} == {(raw.record, raw.version, raw.digest) for raw in split}
    assert len(split) == 1
    assert KEYS.token("record", "outpost-visit", CLINIC.code, "7") == split[0].record
