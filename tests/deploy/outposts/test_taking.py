"""Small files are taken once, and what came of each record is told."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.packs import pack, pieces
from connectors.publish import CannotPublish
from deploy.outposts.taking import Taken, Taking
from schemas.models.raw import Raw
from streams.normalise.interpret import check
from tests.connectors.messages.sample import CLINIC, FORM, KEYS, REGISTER, SENT, SOURCES, VISIT, report, taker


class Broker:
    """Keeps what is published, unless it is away."""

    def __init__(self) -> None:
        self.held: list[Raw] = []
        self.away = False

    def publish(self, raws: Iterable[Raw]) -> None:
        """Take them."""
        if self.away:
            raise CannotPublish("away")
        self.held += raws


def visit(number: int, **more: str) -> dict[str, str]:
    """A visit as it stands in a file."""
    return {"机构": CLINIC.code, "序号": str(number), "版次": "1", "地区": CLINIC.region, "姓名": "李样本", "电话": "13800000002", "就诊时间": "2020-02-01 09:30", "发病日期": "2020-01-30",
            "症状": "发热，咳嗽", "体温": "38.2", "处置": "疑似", "转诊": "HOSP-530624-01"} | more  # fmt: skip


def taking(folder: Path, broker: Broker, data: bytes, bus: str = "one") -> list[Taken]:
    """What comes of a file."""
    takes = Taking(SOURCES, KEYS, FORM, REGISTER, lambda source, fields: check(source, fields, KEYS), folder, bus)
    return takes.take(pieces(data, {}), lambda _: broker)


def packed(*records: dict[str, str], size: int = 10_000, clinic: str = CLINIC.code) -> list[bytes]:
    """Open pieces."""
    return pack(clinic, "outpost-visit", records, size, None)


def test_each_record_is_told(tmp_path: Path) -> None:
    """In = taken + rejected + duplicates; a refused one by its number with the fields to correct, and no value; all are on the bus."""
    broker = Broker()
    records = [visit(1), visit(2, 处置="好"), visit(1), visit(3, 姓名="王虚构", 电话="12"), visit(4, 机构="CLIN-533102-07"), visit(5, 状态="作废")]
    (told,) = taking(tmp_path, broker, b"".join(packed(*records)))
    assert (told.records, told.taken, told.rejected, told.duplicates) == (6, 2, 3, 1)
    assert [(one.number, one.fields) for one in told.refused] == [("2", ["处置"]), ("3", ["电话"]), ("4", ["机构"])]
    assert (told.pieces, told.broken, told.missing) == ([1], {}, [])
    assert len(broker.held) == 6
    assert not [value for value in ("李样本", "王虚构", "13800000002") if value in told.model_dump_json()]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=12), st.lists(st.integers(1, 12), min_size=1, max_size=14))
def test_pieces_that_come_anyhow_are_each_taken_once(files: list[int], numbers: list[int]) -> None:
    """However often pieces come and in which order, all records are on the bus once they all came, and the counts add up over all files."""
    with TemporaryDirectory() as folder:
        broker, parts = Broker(), packed(*(visit(number) for number in numbers), size=250)
        found = [one for number in [*files, *range(len(parts))] for one in taking(Path(folder), broker, parts[number % len(parts)])]
        assert {raw.record for raw in broker.held} == {KEYS.token("record", "outpost-visit", CLINIC.code, str(number)) for number in numbers}
        assert all(one.records == one.taken + one.rejected + one.duplicates for one in found)
        assert (sum(one.records for one in found), sum(one.taken for one in found)) == (len(numbers), len(set(numbers)))
        assert found[-1].missing == []


def test_half_a_file_is_taken_and_the_rest_is_named(tmp_path: Path) -> None:
    """The whole pieces of a file that was cut are taken; when it comes again whole, only the others are."""
    broker, parts = Broker(), packed(*(visit(number) for number in range(1, 9)), size=250)
    (half,) = taking(tmp_path, broker, b"".join(parts)[:-50])
    assert half.broken == {len(parts): "cut off or changed: copy it again"}
    assert half.missing == [len(parts)]
    (rest,) = taking(tmp_path, broker, b"".join(parts))
    assert (rest.again, rest.pieces, rest.missing) == ([*range(1, len(parts))], [len(parts)], [])
    assert half.records + rest.records == len(broker.held) == 8


def test_the_broker_is_away(tmp_path: Path) -> None:
    """A piece that the broker did not take is not in the ledger, and is taken when the file comes again."""
    broker = Broker()
    broker.away = True
    with pytest.raises(CannotPublish):
        taking(tmp_path, broker, b"".join(packed(visit(1))))
    broker.away = False
    assert taking(tmp_path, broker, b"".join(packed(visit(1))))[0].taken == 1


def test_another_bus_has_nothing_yet(tmp_path: Path) -> None:
    """Ledgers are of one bus: on another the same file is taken."""
    data = b"".join(packed(visit(1)))
    assert [taking(tmp_path, Broker(), data, bus)[0].taken for bus in ("one", "other", "one")] == [1, 1, 0]


@pytest.mark.parametrize(("clinic", "source", "why"), [("CLIN-1", "outpost-visit", "of no clinic in the register"), (CLINIC.code, "scan-code", "of no source that clinics send")])
def test_only_what_clinics_send(tmp_path: Path, clinic: str, source: str, why: str) -> None:
    """Of a clinic that nobody knows, or a source that clinics do not send, nothing is taken."""
    broker = Broker()
    (told,) = taking(tmp_path, broker, b"".join(pack(clinic, source, [visit(1)], 1000, None)))
    assert (told.broken, broker.held) == ({1: why}, [])


def test_by_message_and_by_file_it_is_one_record(tmp_path: Path) -> None:
    """The same report by text message and in a small file is the same record, byte for byte."""
    broker = Broker()
    taking(tmp_path, broker, b"".join(packed(visit(15))))
    (by_message,) = taker(tmp_path).take(CLINIC, f"711 {report(15, VISIT)}", SENT).raws
    (by_file,) = broker.held
    same: dict[str, Any] = {"received_at": 0}
    assert by_message.model_copy(update=same) == by_file.model_copy(update=same)
