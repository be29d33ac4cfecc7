"""What may not be collected is not brought onto the bus, by HTTP or as a file; its sender is told, and may send it again."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

from connectors.reader import CannotRead
from connectors.transports import files
from schemas.models.raw import Raw
from tests.connectors.sample import KEYS, record, source
from tests.connectors.transports.serving import Broker, posted
from tests.connectors.transports.test_files import Broker as Files
from tests.connectors.transports.test_files import Dying, lines


class Door:
    """Lets in what does not come from one place; or does not know the levels."""

    def __init__(self, *, known: bool = True) -> None:
        self.peace, self.known = "G2", known

    def concerns(self, source: str) -> bool:
        """Whether the level matters for it."""
        return source == "register"

    def fresh(self) -> Future[None]:
        """At once."""
        done: Future[None] = Future()
        if self.known:
            done.set_result(None)
        else:
            done.set_exception(CannotRead("away"))
        return done

    def refused(self, raw: Raw) -> str:
        """By the gate that the body names."""
        return "not collected: peace" if self.peace.encode() in raw.body else ""


def test_of_a_request_the_allowed_is_taken_and_the_other_named() -> None:
    """422: the item that may not be collected is not on the bus and says so; the good one is taken, and the bad one goes on to its reject."""
    broker = Broker()
    status, answer, _ = posted([record(1), record(2, gate="G2"), record(3, time="tomorrow", gate="G3")], broker, gate=Door())
    assert (status, [item["accepted"] for item in answer["items"]]) == (422, [True, False, False])
    assert [item.get("refused") for item in answer["items"]] == [None, "not_collected", None]
    assert answer["items"][1]["problems"] == [{"field": "", "problem": "not collected: peace"}]
    assert [raw.record for raw in broker.held] == [answer["items"][number]["records"][0] for number in (0, 2)]


def test_of_a_request_of_nothing_else_nothing_is_published() -> None:
    """It is answered, and the same is taken when a level has been declared."""
    broker, door = Broker(), Door()
    assert (posted([record(2, gate="G2")], broker, gate=door)[0], broker.held) == (422, [])
    door.peace = "none"
    assert (posted([record(2, gate="G2")], broker, gate=door)[0], len(broker.held)) == (202, 1)


def test_nothing_is_taken_while_the_levels_cannot_be_read() -> None:
    """503 with Retry-After; an intake never guesses."""
    broker = Broker()
    status, answer, headers = posted([record(1)], broker, gate=Door(known=False))
    assert (status, headers["Retry-After"], broker.held) == (503, "5", [])
    assert answer == {"problem": "the levels in force cannot be read: send the same again later"}


def test_a_file_published_again_sends_what_was_refused(tmp_path: Path) -> None:
    """What goes in is sent or refused; the cursor stays before the refused, and passes them once they were sent."""
    path, broker, door, told = tmp_path / "a.jsonl", Files("one"), Door(), list[str]()
    path.write_bytes(lines(1) + lines(2, 3, gate="G2") + lines(4))

    def published() -> files.Published:
        return files.publish(path, source(), KEYS, Dying(broker, None, None), tmp_path, told.append, gate=door)

    first = published()
    assert (first.records, first.sent, first.refused, first.resumed_at) == (4, 2, 2, 0)
    assert told == ["register: record 2 is not sent, nor are others like it: not collected: peace"]
    door.peace = "none"
    again, last = published(), published()
    assert (again.records, again.sent + again.resumed_at, again.refused) == (4, 4, 0)
    assert len({raw.record for raw in broker.held}) == 4
    assert (last.sent, last.resumed_at) == (0, 4)
