"""Publishing files: the exact record after a crash, files that grow or are replaced, folders that are watched."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.publish import CannotPublish
from connectors.transports import files
from connectors.transports.files import Published, arrivals, publish
from schemas.models.raw import Raw
from tests.connectors.sample import KEYS, record, source

EVERY = 7


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cursor is written every few records, so that small files try it."""
    monkeypatch.setattr(files, "_EVERY", EVERY)


class Broker:
    """What a broker holds after everything; a publisher of it dies where it is told to."""

    def __init__(self, name: str = "one") -> None:
        self.name = name
        self.held: list[Raw] = []

    def publisher(self, sends: int | None = None, settles: int | None = None) -> Dying:
        """A publisher that dies after so many records or so many times that it waited for acknowledgements."""
        return Dying(self, sends, settles)


class Dying:
    """A publisher of a broker: what is sent is there at once, but known to be there only when it settles."""

    def __init__(self, broker: Broker, sends: int | None, settles: int | None) -> None:
        self.broker, self.sends, self.settles = broker, sends, settles

    def bus(self) -> str:
        """Which broker it is."""
        return self.broker.name

    def send(self, topic: str, key: str, value: Any) -> None:
        """The broker has it, or the publisher dies."""
        if self.sends == 0:
            raise CannotPublish("dead")
        assert (topic, key) == ("raw.register", value.record)
        self.sends = None if self.sends is None else self.sends - 1
        self.broker.held.append(value)

    def settle(self) -> None:
        """All is known to be there, or the publisher dies."""
        if self.settles == 0:
            raise CannotPublish("dead")
        self.settles = None if self.settles is None else self.settles - 1


def lines(*numbers: int, **more: Any) -> bytes:
    """Records as JSON Lines."""
    return "".join(json.dumps(record(number, **more), ensure_ascii=False) + "\n" for number in numbers).encode()


def array(*numbers: int) -> bytes:
    """Records as a JSON array."""
    return json.dumps([record(number) for number in numbers], ensure_ascii=False).encode()


def table(*numbers: int) -> bytes:
    """Records as CSV in GB18030."""
    names = list(record(1))
    rows = [names, *([str(record(number)[name]) for name in names] for number in numbers)]
    return "\r\n".join(",".join(row) for row in rows).encode("gb18030")


def packed(*numbers: int) -> bytes:
    """Records as JSON Lines, compressed."""
    return gzip.compress(lines(*numbers))


def run(path: Path, publisher: Dying, *, again: bool = False) -> Published:
    """Publish a file as the register."""
    return publish(path, source(), KEYS, publisher, path.parent / "home", lambda _: None, again=again)


def tokens(*numbers: int) -> list[str]:
    """The tokens of records."""
    return [KEYS.token("record", "register", f"N-{number}") for number in numbers]


@pytest.mark.parametrize("form", [lines, array, table, packed])
def test_goes_on_at_the_exact_record(tmp_path: Path, form: Callable[..., bytes]) -> None:
    """Wherever a publisher dies, a second one makes it whole: every record is there, and only what was not yet known to be there came twice."""
    numbers = range(1, 3 * EVERY + 3)
    for dies in range(len(numbers) + 1):
        folder = tmp_path / f"{dies}"
        folder.mkdir()
        path, broker = folder / "file", Broker()
        path.write_bytes(form(*numbers))
        with pytest.raises(CannotPublish):
            run(path, broker.publisher(sends=dies, settles=None if dies < len(numbers) else dies // EVERY))
        done = run(path, broker.publisher())
        known = dies // EVERY * EVERY
        assert (done.records, done.resumed_at, done.sent) == (len(numbers), known, len(numbers) - known)
        count = Counter(raw.record for raw in broker.held)
        assert list(count) == tokens(*numbers)
        assert [token for token, times in count.items() if times > 1] == tokens(*numbers[known:dies])
        assert run(path, broker.publisher(sends=0)).sent == 0


def test_many_deaths(tmp_path: Path) -> None:
    """A publisher that dies again and again gets on each time, as long as it settles once."""
    path, broker, numbers = tmp_path / "file", Broker(), range(1, 40)
    path.write_bytes(lines(*numbers))
    for _ in range(5):
        with pytest.raises(CannotPublish):
            run(path, broker.publisher(sends=EVERY))
    run(path, broker.publisher())
    assert {raw.record for raw in broker.held} == set(tokens(*numbers))
    assert len(broker.held) == len(numbers)


@pytest.mark.parametrize("form", [lines, array, packed, table])
def test_file_that_has_grown(tmp_path: Path, form: Callable[..., bytes]) -> None:
    """Of a file that has grown only the new records are sent, also when its bytes before them have changed as an array's or a compressed file's do."""
    path, broker = tmp_path / "file", Broker()
    path.write_bytes(form(1, 2, 3))
    run(path, broker.publisher())
    path.write_bytes(form(1, 2, 3, 4, 5))
    done = run(path, broker.publisher())
    assert (done.records, done.sent, done.resumed_at) == (5, 2, 3)
    assert [raw.record for raw in broker.held] == tokens(1, 2, 3, 4, 5)


def test_last_line_without_its_end(tmp_path: Path) -> None:
    """A last line that gets its line end when the file grows is no other record."""
    path, broker = tmp_path / "file", Broker()
    for written in (table(1, 2), table(1, 2) + b"\r\n", table(1, 2, 3)):
        path.write_bytes(written)
        run(path, broker.publisher())
    assert [raw.record for raw in broker.held] == tokens(1, 2, 3)


@pytest.mark.parametrize(
    "other", [lines(4, 5, 6), lines(1, 2, 4), lines(1, 2), lines(1, 2, 3, way="out"), lines(2, 1, 3), b"", lines(1, 2, 4, 5, 6, 7)], ids=range(7)
)
def test_file_that_is_replaced(tmp_path: Path, other: bytes) -> None:
    """Another file at the same path is published from its first record, whatever it has in common with the one before."""
    path, broker = tmp_path / "file", Broker()
    path.write_bytes(lines(1, 2, 3))
    run(path, broker.publisher())
    path.write_bytes(other)
    done = run(path, broker.publisher())
    assert (done.resumed_at, done.sent) == (0, len(other.splitlines()))
    assert [raw.body for raw in broker.held[3:]] == other.splitlines()


def test_long_file_that_is_corrected_late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A correction far behind the beginning of a file is not overlooked when the file is published again."""
    path, broker = tmp_path / "file", Broker()
    monkeypatch.setattr(files, "_EVERY", 1000)
    path.write_bytes(lines(*range(1000)))
    run(path, broker.publisher())
    path.write_bytes(lines(*range(900)) + lines(900, revision=2) + lines(*range(901, 1000)))
    run(path, broker.publisher())
    assert len(broker.held) == 2000
    assert [raw.version for raw in broker.held if raw.record == tokens(900)[0]] == [1, 2]


def test_cursor_is_of_one_bus(tmp_path: Path) -> None:
    """A file that one bus has is new to another."""
    path, one, two = tmp_path / "file", Broker("one"), Broker("two")
    path.write_bytes(lines(1, 2, 3))
    for broker in (one, two, one):
        run(path, broker.publisher())
    assert (len(one.held), len(two.held)) == (3, 3)


def test_asks_for_room(tmp_path: Path) -> None:
    """Room is asked for when some more are acknowledged and the cursor is written; a publisher that is ended while it waits goes on exactly there."""
    path, broker = tmp_path / "file", Broker()
    path.write_bytes(lines(*range(3 * EVERY)))
    asked: list[int] = []

    def full(sent: int) -> None:
        asked.append(sent)
        if len(asked) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish(path, source(), KEYS, broker.publisher(), tmp_path / "home", lambda _: None, room=full)
    assert asked == [EVERY, EVERY]
    assert run(path, broker.publisher()).resumed_at == 2 * EVERY
    assert len(broker.held) == 3 * EVERY


def test_again(tmp_path: Path) -> None:
    """With `again` everything is sent once more, and it is the same."""
    path, broker = tmp_path / "file", Broker()
    path.write_bytes(lines(1, 2, 3))
    run(path, broker.publisher())
    assert run(path, broker.publisher(), again=True).sent == 3
    first, second = ([raw.model_dump(exclude={"received_at"}) for raw in broker.held[start : start + 3]] for start in (0, 3))
    assert first == second


@pytest.mark.parametrize("content", ["", "{", "[]", '{"records": 2}', '{"records": 2, "digest": "0", "more": 1}', '{"records": "2", "digest": "0"}', "\0"])
def test_broken_cursor(tmp_path: Path, content: str) -> None:
    """A cursor that cannot be read counts as none: everything is sent again, nothing is skipped."""
    path, broker = tmp_path / "file", Broker()
    path.write_bytes(lines(1, 2, 3))
    run(path, broker.publisher())
    (cursor,) = (tmp_path / "home" / "cursors" / "register").iterdir()
    cursor.write_text(content)
    assert run(path, broker.publisher()).sent == 3


def test_cursor_names_nobody(tmp_path: Path) -> None:
    """Neither the name nor the content of a cursor holds anything of the file's name or records."""
    path = tmp_path / "杨测试.jsonl"
    path.write_bytes(lines(1))
    run(path, Broker().publisher())
    (cursor,) = (tmp_path / "home" / "cursors" / "register").iterdir()
    assert cursor.name.removesuffix(".json").isalnum()
    assert cursor.name.isascii()
    assert set(json.loads(cursor.read_text())) == {"records", "digest"}


def test_faults_go_on(tmp_path: Path) -> None:
    """What cannot be decoded is published too, and counted."""
    path, broker = tmp_path / "file", Broker()
    path.write_bytes(lines(1) + b'{"no": \n' + lines(2))
    done = run(path, broker.publisher())
    assert (done.records, done.sent, done.faults) == (3, 3, 1)
    assert [raw.fault is None for raw in broker.held] == [True, False, True]


def test_damaged_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a compressed file that ends early, what can be read is published, and the damage is told in a record of its own."""
    path, broker = tmp_path / "file.jsonl.gz", Broker()
    monkeypatch.setattr(files, "_EVERY", 1000)
    path.write_bytes(packed(*range(2000))[:-400])
    run(path, broker.publisher())
    good = [raw.record for raw in broker.held if not raw.fault]
    assert len(good) > 100
    assert good == tokens(*range(len(good)))
    assert broker.held[-1].fault == "the compressed file ends early; these are its first bytes"
    assert path.read_bytes().startswith(broker.held[-1].body)


@pytest.mark.parametrize(
    ("name", "content", "faults", "good"),
    [
        ("file.json", b"nothing of the kind", 1, 0), ("file.ndjson.gz", gzip.compress(b"no,revision\n", mtime=0), 1, 0), ("file.json", b"", 0, 0), ("file", b" \n\n  " + array(1), 0, 1),
        ("file.csv", table(1), 0, 1), ("file.txt", lines(1), 0, 1), ("file", b"\xef\xbb\xbf" + lines(1), 0, 1), ("file", b" " * 9000 + lines(1), 0, 1),
    ],
)  # fmt: skip
def test_form_is_known(tmp_path: Path, name: str, content: bytes, faults: int, good: int) -> None:
    """A file is JSON when it is called so or begins so, and CSV otherwise."""
    path, broker = tmp_path / name, Broker()
    path.write_bytes(content)
    run(path, broker.publisher())
    assert ([raw.fault is not None for raw in broker.held].count(True), len(broker.held)) == (faults, faults + good)


def test_tells_of_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long run says how far it is, in numbers and nothing else."""
    monkeypatch.setattr(files, "_QUIET", -1.0)
    path = tmp_path / "file"
    path.write_bytes(lines(1, 2))
    told: list[str] = []
    publish(path, source(), KEYS, Broker().publisher(), tmp_path / "home", told.append)
    assert [text.split(",")[0] for text in told] == ["register: 1 records", "register: 2 records"]


class Folder:
    """A watched folder in which something happens between one look and the next; nobody waits for real."""

    def __init__(self, folder: Path, *steps: Callable[[], object]) -> None:
        self.folder, self.steps, self.looks, self.slept = folder, list(steps), 0, [0.0]

    def sleep(self, seconds: float) -> None:
        """What happens next."""
        self.slept.append(seconds)
        if self.looks < len(self.steps):
            self.steps[self.looks]()
        self.looks += 1

    def names(self) -> Iterator[str]:
        """The files that arrive, by name, until some looks after the last happening."""
        for path in arrivals(self.folder, lambda: self.looks > len(self.steps) + 3, 0.5, self.sleep):
            yield path.name


def test_half_written_files_are_left_alone(tmp_path: Path) -> None:
    """A file comes when it has stood still between two looks, not before, and once."""
    path = tmp_path / "a.csv"

    def grow() -> None:
        path.write_bytes((path.read_bytes() if path.exists() else b"") + b"more\n")
        seen.append("grew")

    seen: list[str] = []
    folder = Folder(tmp_path, grow, grow, grow)
    seen.extend(folder.names())
    assert seen == ["grew", "grew", "grew", "a.csv"]
    assert set(folder.slept) == {0.0, 0.5}


def test_file_that_changes_comes_again(tmp_path: Path) -> None:
    """A file that changes after it came comes again; one that goes away and returns does, too; one that stays does not."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"one\n")
    nothing: Callable[[], None] = lambda: None  # noqa: E731
    folder = Folder(tmp_path, nothing, nothing, lambda: path.write_bytes(b"one\ntwo\n"), nothing, nothing, path.unlink, nothing, lambda: path.write_bytes(b"one\ntwo\n"))
    assert list(folder.names()) == ["a.csv"] * 3


def test_what_is_no_file_for_it(tmp_path: Path) -> None:
    """Hidden files, parts, folders and links to nowhere are left alone; the others come in order of their names."""
    for name in (".hidden.csv", "b.csv.part", "c.csv.tmp", "z.csv", "a.jsonl"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "folder").mkdir()
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    assert list(Folder(tmp_path).names()) == ["a.jsonl", "z.csv"]
