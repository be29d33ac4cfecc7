"""The one writer: each message once whatever crashes, the same tree from the bus alone, and a bus that was changed is found out."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from deploy.log.entry import read
from deploy.log.store import State, Store
from deploy.log.tiles import Tiles, write
from deploy.log.writer import Tampered, Writer
from tests.deploy.log import reference
from tests.deploy.log.pieces import FakeBus, audit, receipt


class Crash(Exception):
    """The power went."""


def logged(store: Store) -> list[dict[str, Any]]:
    """What the entries of a folder say."""
    tiles = Tiles(store.folder, store.load().edge.size)
    return [read(tiles.entry(number)) for number in range(tiles.size)]


def started(bus: FakeBus, folder: Path) -> Writer:
    """A writer that has caught up."""
    writer = Writer(bus, bus, Store(folder))
    writer.catch_up()
    return writer


def drain(writer: Writer) -> None:
    """Take everything that is there."""
    while writer.take():
        pass


def places(entries: list[dict[str, Any]]) -> list[tuple[str, int, int]]:
    """Where the messages of entries are."""
    return [(one["topic"], one["partition"], one["offset"]) for one in entries]


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_each_message_once(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Whatever befalls the log while messages come, in the end each is in the tree once, in the order of its partition, and the bus alone gives the same tree."""
    bus, folder = FakeBus(most=data.draw(st.integers(1, 6))), tmp_path_factory.mktemp("log") / "a"
    for number in range(data.draw(st.integers(1, 10))):
        for _ in range(data.draw(st.integers(0, 4))):
            choices: list[tuple[str, BaseModel | bytes]] = [("audit", audit(number)), ("receipt", receipt(number)), ("audit", b"garbage")]
            topic, value = data.draw(st.sampled_from(choices))
            bus.say(topic, data.draw(st.integers(0, 1)), value, data.draw(st.integers(0, 2)))
        MISHAPS[data.draw(st.sampled_from(sorted(MISHAPS)))](started(bus, folder), bus, folder)
    writer = started(bus, folder)
    drain(writer)
    entries = logged(Store(folder))
    assert sorted(places(entries)) == sorted((said.topic, said.partition, said.offset) for said in bus.messages)
    for part in {(said.topic, said.partition) for said in bus.messages}:
        offsets = [offset for topic, partition, offset in places(entries) if (topic, partition) == part]
        assert offsets == sorted(offsets)
    tiles = Tiles(folder, len(entries))
    assert writer.state.edge.root == tiles.root() == reference.root([tiles.entry(number) for number in range(tiles.size)])
    assert started(bus, folder.with_name("elsewhere")).state == writer.state
    assert logged(Store(folder.with_name("elsewhere"))) == entries


def before_the_order(writer: Writer, bus: FakeBus, _: Path) -> None:
    """Killed when the order is not on the bus yet."""
    bus.fails = Crash()
    if bus.new(writer.state.positions):
        with pytest.raises(Crash):
            writer.take()
    bus.fails = None


class Dying(Store):
    """A folder of which half the files are written when the power goes."""

    def save(self, before: State, after: State, entries: Sequence[bytes], files: Mapping[str, bytes]) -> None:
        """Write the first half."""
        write(self.folder, dict(list(files.items())[: len(files) // 2]))
        raise Crash


def after_the_order(_: Writer, bus: FakeBus, folder: Path) -> None:
    """Killed when the order is on the bus, and in the folder only half of the files."""
    writer = Writer(bus, bus, Dying(folder))
    writer.catch_up()
    if bus.new(writer.state.positions):
        with pytest.raises(Crash):
            writer.take()


def keep(_: Writer, __: FakeBus, folder: Path) -> None:
    """A copy of the folder is put away."""
    shutil.rmtree(folder.with_name("old"), ignore_errors=True)
    if folder.exists():
        shutil.copytree(folder, folder.with_name("old"))


def give_back(_: Writer, __: FakeBus, folder: Path) -> None:
    """The folder is replaced by the copy that was put away, if there is one."""
    if folder.with_name("old").exists():
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(folder.with_name("old"), folder)


MISHAPS: dict[str, Callable[[Writer, FakeBus, Path], object]] = {
    "none": lambda writer, _, __: writer.take(), "before the order": before_the_order, "after the order": after_the_order,
    "lost": lambda _, __, folder: shutil.rmtree(folder, ignore_errors=True), "kept": keep, "given back": give_back,
}  # fmt: skip


def filled(folder: Path) -> FakeBus:
    """A bus of which everything is in a log."""
    bus = FakeBus(most=3)
    for number in range(10):
        bus.say("audit", number % 2, audit(number))
        bus.say("receipt", 0, receipt(number))
    drain(started(bus, folder))
    return bus


@pytest.mark.parametrize("what", ["changed", "removed", "added", "moved", "unreadable", "readable"])
def test_a_changed_bus_is_found_out(what: str, tmp_path: Path) -> None:
    """A message that was changed, removed, slipped in or moved after it was taken in is found when the tree is made anew; so is one that means something else."""
    bus = filled(tmp_path / "log")
    at = 7
    said = bus.messages[at]
    if what == "changed":
        bus.messages[at] = type(said)(said.topic, said.partition, said.offset, b"x")
    elif what == "removed":
        del bus.messages[at]
    elif what == "added":
        bus.messages.append(type(said)("receipt", 1, 0, b"x"))
        bus.orders[-1] = bus.orders[-1].model_copy(update={"reads": [*bus.orders[-1].reads, bus.orders[-1].reads[0].model_copy(update={"topic": "receipt", "partition": 1, "next": 1})]})
    elif what == "moved":
        other = next(one for one in bus.messages if one.topic == said.topic and one.partition == said.partition and one != said)
        bus.messages[at] = type(said)(said.topic, said.partition, said.offset, other.value)
    elif what == "unreadable":
        bus.models.pop(said.value)
    else:
        bus.orders[2] = bus.orders[2].model_copy(update={"bare": [bus.orders[1].size]})
    with pytest.raises(Tampered, match="the bus no longer gives what the log took in"):
        started(bus, tmp_path / "anew")
    if what != "readable":
        assert started(bus, tmp_path / "log").state.edge.size == 20, "the folder itself is still whole"


def test_a_form_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    """Orders of a newer version of the program are not guessed at."""
    bus = filled(tmp_path / "log")
    bus.orders[-1] = bus.orders[-1].model_copy(update={"form": 2})
    with pytest.raises(Tampered, match="a newer one wrote it"):
        started(bus, tmp_path / "anew")


def test_a_folder_that_is_not_the_log_of_the_bus_is_made_anew(tmp_path: Path) -> None:
    """A folder of another history, or a damaged one, is only a cache: it is emptied, and filled from the bus."""
    bus, other = filled(tmp_path / "log"), FakeBus()
    other.say("audit", 0, audit(99))
    drain(started(other, tmp_path / "other"))
    right = Store(tmp_path / "log").load()
    assert started(bus, tmp_path / "other").state == right
    (tmp_path / "log" / "position").write_text("{}")
    writer = Writer(bus, bus, Store(tmp_path / "log"))
    assert writer.catch_up() == 20
    assert writer.state == right
