"""Inputs made to cost time or memory: both stay within what their size explains, and everything in them is accounted for."""

from __future__ import annotations

import asyncio
import gzip
import json
import threading
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connectors.envelope import LONGEST, Item, envelopes
from connectors.transports import files, tabular, text
from connectors.transports.http import Intake
from streams.normalise.interpret import Interpreter
from tests.connectors.sample import record
from tests.connectors.transports.serving import PATH, Broker, posted, served
from tests.fuzz.path import through
from tests.fuzz.run import good
from tests.properties import bus

SCAN: dict[str, Any] = next(document for name, document in good() if name == "scan-code")
SECONDS = 5.0
"""Of computing, for an input of a megabyte or so: ten times what is needed, and far less than the square of it would take."""
HOSTILE: dict[str, Callable[[], tuple[str, bytes]]] = {
    "opened arrays": lambda: ("jsonl", b"[" * 300_000),
    "opened objects": lambda: ("jsonl", b'{"a":' * 200_000),
    "nested": lambda: ("jsonl", b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "many keys": lambda: ("jsonl", b"{" + b",".join(b'"k%d":1' % number for number in range(100_000)) + b"}"),
    "one key many times": lambda: ("jsonl", b"{" + b",".join([b'"k":1'] * 100_000) + b"}"),
    "a long string": lambda: ("jsonl", json.dumps(SCAN | {"name": "a" * 3_000_000}).encode()),
    "an open string": lambda: ("jsonl", b'{"a": "' + b"a" * 3_000_000),
    "a long number": lambda: ("jsonl", b'{"a": ' + b"9" * 1_000_000 + b"}"),
    "quotes": lambda: ("jsonl", b'{"' * 300_000),
    "escapes": lambda: ("jsonl", b'{"a": "' + b"\\u0000" * 200_000 + b'"}'),
    "half characters": lambda: ("jsonl", b'{"a": "' + b"\\ud800" * 40_000 + b'"}'),
    "brackets": lambda: ("json", b"[{]}" * 100_000),
    "elements without an end": lambda: ("json", b"[" + b'{"a":1},' * 10_000),
    "many columns": lambda: ("csv", b",".join(b"c%d" % number for number in range(100_000)) + b"\n" + b",".join([b"1"] * 100_000)),
    "one column many times": lambda: ("csv", b",".join([b"c"] * 50_000) + b"\n" + b",".join([b"1"] * 50_000)),
    "a long cell": lambda: ("csv", b"a,b\n1," + b"x" * 5_000_000 + b"\n2,3\n"),
    "an open quote": lambda: ("csv", b'a,b\n"' + b"x,y\n" * 10_000),
    "quotes that open and close across lines": lambda: ("csv", b'a,b\nx,"' + b'\n","' * 30_000),
    "open quotes": lambda: ("csv", b"a,b\n" + b'"\n' * 10_000),
}


def _sent(folder: Path, ending: str, data: bytes) -> tuple[list[Any], float, int]:
    """The raw messages of a file, the seconds of computing, and the most memory in bytes while it was read (measured apart, since that takes time)."""
    path = folder / f"file.{ending}"
    path.write_bytes(data)
    source = bus.sources()["scan-code"]
    began = time.process_time()
    raws = [raw for item in files.items(path, source) for raw in envelopes(source, item, bus.KEYS)]
    seconds = time.process_time() - began
    tracemalloc.start()
    for item in files.items(path, source):
        for _ in envelopes(source, item, bus.KEYS):
            pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return raws, seconds, peak


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files(name: str, tmp_path: Path) -> None:
    """Time and memory stay within bounds, every raw message fits into a message, and normalise refuses each."""
    ending, data = HOSTILE[name]()
    raws, seconds, peak = _sent(tmp_path, ending, data)
    assert seconds < SECONDS
    assert peak < 40 * len(data) + 20_000_000
    assert raws
    assert all(len(raw.body) <= LONGEST for raw in raws)
    some = raws[:300]
    assert len(through(some).refused) == len(some)


def test_a_file_that_is_unpacked_to_far_more(tmp_path: Path) -> None:
    """A small file that is unpacked to far more than its size ends with a fault that says so, and the memory it takes does not grow with what is in it."""
    bomb = gzip.compress(b" " * 200_000_000, 6)
    raws, _, peak = _sent(tmp_path, "jsonl.gz", bomb)
    assert [raw.fault for raw in raws] == ["the compressed file is unpacked to more than 200 times its size; these are its first bytes"]
    assert peak < 30_000_000


def test_records_that_compress_well_are_no_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same scans of one place a thousand times over, which compress to a fiftieth, are read to the end, however many there are."""
    monkeypatch.setattr(text, "_SMALL", 0)
    lines = b"".join(json.dumps(SCAN | {"scan_no": f"S-{number}"}).encode() + b"\n" for number in range(3_000))
    packed = gzip.compress(lines)
    assert len(lines) > 20 * len(packed)
    raws, _, _ = _sent(tmp_path, "jsonl.gz", packed)
    assert [raw.fault for raw in raws] == [None] * 3_000


def test_an_end_of_a_line_that_is_too_long_is_no_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that is read in pieces gives no good row, although a piece of it may look like one; the rows before and behind it are good."""
    monkeypatch.setattr(tabular, "_FAR", 50)
    path = tmp_path / "file.csv"
    path.write_text("a,b\n1,2\n" + "x" * 99 + ",y\n3,4\n", "utf-8")
    found = [(item.fields, item.fault) for item in tabular.rows(path)]
    assert found[0] == ({"a": "1", "b": "2"}, None)
    assert found[-1] == ({"a": "3", "b": "4"}, None)
    assert [fault for fields, fault in found[1:-1] if fields is None or fault] == [fault for _, fault in found[1:-1]] != []


def test_columns_that_fill_a_message(tmp_path: Path) -> None:
    """A row under a header of long names is refused before it makes a message that no broker takes; as long as it fits it is taken."""
    for length, fits in ((1_000, False), (400, True)):
        names = [f"{number:0{length}d}" for number in range(1_000)]
        path = tmp_path / f"{length}.csv"
        path.write_text(",".join(names) + "\n" + ",".join(["x"] * 1_000) + "\n", "utf-8")
        source = bus.sources()["scan-code"].model_copy(update={"id": [names[0]], "version": None})
        (raw,) = [raw for item in files.items(path, source) for raw in envelopes(source, item, bus.KEYS)]
        assert (raw.fault is None) == fits
        through([raw])


@pytest.mark.parametrize("source", bus.sources())
def test_long_texts_in_any_field(source: str) -> None:
    """A text of fifty thousand signs in any field of any source is understood or refused in a moment, whatever repeats in it."""
    interpreter = Interpreter(bus.sources()[source], bus.KEYS)
    document = next(document for name, document in good() if name == source)
    for field in document:
        for piece in (" ", "1", "北", "x ", "2020-01-20 ", "1月1日, 10时许到虚构卫生院就诊", "·", "ﷺ"):
            said = document | {field: f"2020-01-20 {piece * (50_000 // len(piece))}x"}
            began = time.process_time()
            list(envelopes(bus.sources()[source], Item(json.dumps(said, ensure_ascii=False).encode()), bus.KEYS))
            interpreter(said, "r" * 32, 1)
            assert time.process_time() - began < 1.0, (field, piece)


def test_a_coach_fits_and_a_crowd_does_not() -> None:
    """Two hundred companions are taken in one record, and what stands written of it fits into a message; more are refused with a reason."""
    for count, taken in ((200, True), (201, False), (5_000, False)):
        said = SCAN | {"companions": [{"name": f"杨样本{number}", "phone": f"138{number:08d}"} for number in range(count)]}
        raws = list(envelopes(bus.sources()["scan-code"], Item(json.dumps(said, ensure_ascii=False).encode()), bus.KEYS))
        assert (not through(raws).refused) == taken


@pytest.mark.parametrize(("packed", "status"), [(gzip.compress(b"0" * 50_000_000, mtime=0), 413), (gzip.compress(b"[" * 99_000, mtime=0), 422), (gzip.compress(b"{}", mtime=0)[:-4], 400)])
def test_packed_bodies(packed: bytes, status: int) -> None:
    """A body that is unpacked to more than is allowed is refused without being unpacked whole; one that is not gzip to its end too."""
    broker = Broker()
    tracemalloc.start()
    found, answer, _ = posted(packed, broker, {"Content-Encoding": "gzip"})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (found, bool(answer)) == (status, True)
    assert peak < 10_000_000


def test_many_large_bodies_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many requests of a source come at once, one body of it is taken apart at a time (of all sources two: tests/connectors/transports/test_places.py)."""
    at_once, most, lock = [0], [0], threading.Lock()
    understood = Intake._understood

    def watched(self: Intake, source: Any, found: bytes) -> Any:
        with lock:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
        time.sleep(0.02)
        try:
            return understood(self, source, found)
        finally:
            with lock:
                at_once[0] -= 1

    monkeypatch.setattr(Intake, "_understood", watched)

    async def talk(client: Any) -> None:
        async def one(number: int) -> int:
            async with client.post(PATH, json=record(number)) as response:
                return int(response.status)

        assert set(await asyncio.gather(*map(one, range(8)))) == {202}

    served(talk)
    assert most[0] == 1
