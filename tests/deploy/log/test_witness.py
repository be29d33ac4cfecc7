"""Witnesses: each answer of tlog-witness, and a log that shows two agencies two histories."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from aiohttp import web

from deploy.log.bundle import bundle, written
from deploy.log.checkpoint import Head, read
from deploy.log.cosign import Cosigners
from deploy.log.edge import Edge
from deploy.log.keys import Private
from deploy.log.merkle import leaf
from deploy.log.note import Note, Signature, encoded, signature
from deploy.log.policy import Witness as Known
from deploy.log.run import Log
from deploy.log.store import Store
from deploy.log.tiles import Tiles
from deploy.log.verify import NotProved, verify
from deploy.log.witness import SIZE, Refusal, Witness, evidence, request
from deploy.log.witness_http import app
from deploy.log.writer import Writer
from tests.deploy.log.pieces import LOG, ORIGIN, WITNESSES, FakeBus, audit, entries, policy, private, signed, stored

ORIGIN_HASH = sha256(ORIGIN.encode()).hexdigest()


def made(folder: Path, name: str = "county") -> Witness:
    """A witness that knows the log."""
    return Witness(WITNESSES[name], {ORIGIN: LOG.public}, folder)


def body(tiles: Tiles, old: int, size: int, note: Note | None = None) -> str:
    """A request for a tree's checkpoint."""
    return request(old, [encoded(one) for one in tiles.consistency(old, size)], (note or signed(tiles, size=size)).whole)


@pytest.fixture
def tiles(tmp_path: Path) -> Tiles:
    """An honest log."""
    return Tiles(stored(tmp_path / "log", entries(300)).folder, 300)


@pytest.fixture
def forged(tmp_path: Path) -> Tiles:
    """Another history of the same length under the same key."""
    return Tiles(stored(tmp_path / "forged", [*entries(100), *entries(300, "forged")[100:]]).folder, 300)


def refused(witness: Witness, text: str) -> Refusal:
    """The refusal of a request."""
    with pytest.raises(Refusal) as found:
        witness.add(text, 1_800_000_000)
    return found.value


def test_it_signs_what_grew(tiles: Tiles, tmp_path: Path) -> None:
    """The first checkpoint is taken as it is, and each that is proved to follow; the line holds, and the last checkpoint is given to whoever asks, also by
    another process on the same folder."""  # noqa: D205, D209
    witness = made(tmp_path / "w")
    for old, size in ((0, 10), (10, 10), (10, 257), (257, 300)):
        note = signed(tiles, size=size)
        one = signature(witness.add(body(tiles, old, size), 1_800_000_000)[:-1])
        assert WITNESSES["county"].public.verify(note.text, one) == 1_800_000_000
    kept = made(tmp_path / "w").checkpoint(ORIGIN_HASH)
    assert kept == note.signed(one).whole
    assert made(tmp_path / "w").checkpoint(ORIGIN_HASH[::-1]) is None
    assert made(tmp_path / "other").checkpoint(ORIGIN_HASH) is None
    assert witness.forks() == []


@pytest.mark.parametrize("text", ["", "old 1\n", "old 01\n\nx", "old -1\n\nx", "new 1\n\nx", "old 1\nAAAA\n\nx", "old 1\n\nno note"])
def test_what_is_no_request(text: str, tmp_path: Path) -> None:
    """What is not in the form of tlog-witness is answered 400."""
    assert refused(made(tmp_path), text).status == 400


def test_statuses(tiles: Tiles, tmp_path: Path) -> None:
    """Each refusal has the status of tlog-witness: 400, 403, 404, 409 with the size that was seen, 422; and nothing is kept of what was refused."""
    witness = made(tmp_path / "w")
    good = signed(tiles, size=10)
    assert refused(witness, body(tiles, 10, 10).replace("old 10", "old 11")).status == 400
    stranger = private("stranger", LOG.kind)
    assert refused(witness, request(0, [], signed(tiles, size=10, log=stranger).whole)).status == 404
    named = Private(LOG.name, LOG.kind, stranger.seed)
    assert refused(witness, request(0, [], signed(tiles, size=10, log=named).whole)).status == 403
    broken = Signature(LOG.name, LOG.public.number, bytes(64))
    assert refused(witness, request(0, [], Note(good.text, (*good.signatures, broken)).whole)).status == 403
    assert refused(witness, request(0, [encoded(leaf(b"x"))], good.whole)).status == 422
    wrong = Head(ORIGIN, 0, leaf(b"x")).note
    assert refused(witness, request(0, [], wrong.signed(LOG.sign(wrong)).whole)).status == 422
    witness.add(body(tiles, 0, 100), 1)
    again = refused(witness, body(tiles, 0, 200))
    assert (again.status, again.says, again.kind) == (409, "100\n", SIZE)
    assert read(witness.checkpoint(ORIGIN_HASH) or "")[0].size == 100


@pytest.mark.parametrize("size", [200, 300])
def test_a_fork_is_refused_with_evidence(size: int, tiles: Tiles, forged: Tiles, tmp_path: Path) -> None:
    """Another history is refused, of the same size or a later one; the evidence is both checkpoints, each with the log's own signature."""
    witness = made(tmp_path / "w")
    witness.add(body(tiles, 0, 200), 1)
    before = witness.checkpoint(ORIGIN_HASH)
    for text in (body(forged, 200, size), body(forged, 200, size)):
        assert refused(witness, text).status == 422
    (one,) = evidence(tmp_path / "w")
    assert (one["seen"], one["shown"]) == (signed(tiles, size=200).whole, signed(forged, size=size).whole)
    for whole in (one["seen"], one["shown"]):
        LOG.public.verify(read(whole)[1].text, read(whole)[1].signatures[0])
    assert witness.checkpoint(ORIGIN_HASH) == before
    asked_wrong = refused(witness, body(forged, 100, 200))
    assert asked_wrong.status == 409
    assert len(witness.forks()) == (1 if size == 200 else 2), "two roots for one size are evidence, whatever old size the log names"


def test_it_keeps_only_what_it_signed_when_many_ask(tiles: Tiles, tmp_path: Path) -> None:
    """Of requests at once only those that follow one another are signed: what is kept never goes back."""
    witness = made(tmp_path / "w")
    witness.add(body(tiles, 0, 50), 1)
    texts = [body(tiles, 50, size) for size in range(60, 140, 5)]
    results: list[int] = []

    def ask(text: str) -> None:
        try:
            witness.add(text, 2)
            results.append(200)
        except Refusal as refusal:
            results.append(refusal.status)

    threads = [threading.Thread(target=ask, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [200, *[409] * (len(texts) - 1)]


@contextmanager
def served(witness: Witness) -> Iterator[tuple[str, list[str]]]:
    """The witness behind HTTP, at an address of this machine; and what it told its operator."""
    told: list[str] = []
    loop, ready, address = asyncio.new_event_loop(), threading.Event(), [""]

    async def main() -> None:
        runner = web.AppRunner(app(witness, told.append, lambda: 1_800_000_000))
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        address[0] = f"http://127.0.0.1:{runner.addresses[0][1]}"
        stop = asyncio.Event()
        stops.append(lambda: loop.call_soon_threadsafe(stop.set))
        ready.set()
        await stop.wait()
        await runner.cleanup()

    stops: list[object] = []
    thread = threading.Thread(target=loop.run_until_complete, args=(main(),))
    thread.start()
    ready.wait(20)
    try:
        yield address[0], told
    finally:
        stops[0]()  # type: ignore[operator]
        thread.join()
        loop.close()


def test_over_http(tiles: Tiles, forged: Tiles, tmp_path: Path) -> None:
    """The door answers as tlog-witness says, tells its operator of a fork, and shows the evidence."""
    with served(made(tmp_path / "w")) as (url, told), httpx.Client(base_url=url) as client:
        assert client.get(f"/{ORIGIN_HASH}/checkpoint").status_code == 404
        first = client.post("/add-checkpoint", content=body(tiles, 0, 200).encode())
        assert (first.status_code, first.text[0]) == (200, "—")
        conflict = client.post("/add-checkpoint", content=body(tiles, 0, 200).encode())
        assert (conflict.status_code, conflict.text, conflict.headers["content-type"]) == (409, "200\n", SIZE)
        assert client.post("/add-checkpoint", content=b"\xff").status_code == 400
        assert client.post("/add-checkpoint", content=b"x" * 70_000).status_code == 413
        assert client.get("/add-checkpoint").status_code == 405
        assert client.post("/add-checkpoint", content=body(forged, 200, 200).encode()).status_code == 422
        assert client.get(f"/{ORIGIN_HASH}/checkpoint").text == signed(tiles, size=200).signed(signature(first.text[:-1])).whole
        assert [one["problem"] for one in client.get("/forks").json()] == ["two roots for one size"]
        assert "two roots for one size" in told[0]


def running(bus: FakeBus, folder: Path, urls: dict[str, str], told: list[str]) -> Log:
    """A log with witnesses at these addresses."""
    store = Store(folder)
    writer = Writer(bus, bus, store)
    writer.catch_up()
    known = [Known(name, WITNESSES[name].public, url) for name, url in urls.items()]
    return Log(writer, store, LOG, Cosigners(known, told.append), bus, pause=0)


def test_a_log_with_witnesses(tmp_path: Path) -> None:
    """Checkpoints come signed by the log and all witnesses who answer; one who is away signs when it is back, and the log that starts anew asks only whom it lacks."""
    bus, told = FakeBus(most=100), list[str]()
    bus.say("audit", 0, audit(1))
    with served(made(tmp_path / "a")) as (one, _), served(made(tmp_path / "b", "port")) as (two, _):
        log = running(bus, tmp_path / "log", {"county": one, "port": "http://127.0.0.1:9", "township": "no address"}, told)
        assert log.once() == 1
        assert policy(1).trust(bus.published[-1].note).witnesses.keys() == {"county"}
        assert {line.split(":")[0] for line in told} == {"witness port", "witness township"}
        back = running(bus, tmp_path / "log", {"county": one, "port": two}, told)
        back.checkpoint()
        assert policy(2).trust(bus.published[-1].note).witnesses.keys() == {"county", "port"}
        bus.say("audit", 1, audit(2))
        assert back.once() == 1
        count = len(bus.published)
        assert (back.once(), len(bus.published)) == (0, count)
        trusted = policy(2).trust(bus.published[-1].note)
        assert (trusted.head.size, trusted.head.root) == (2, back.writer.state.edge.root)
        assert Store(tmp_path / "log").checkpoint() == bus.published[-1].note


def test_an_empty_log_signs_nothing(tmp_path: Path) -> None:
    """There is no checkpoint of nothing."""
    bus = FakeBus()
    assert running(bus, tmp_path, {}, []).checkpoint() is None
    assert bus.published == []


def test_a_log_that_went_back_is_told(tiles: Tiles, tmp_path: Path) -> None:
    """A log that shows less than a witness saw gets no signature, and is told why."""
    witness, told = made(tmp_path / "w"), list[str]()
    witness.add(body(tiles, 0, 300), 1)
    with served(witness) as (url, _):
        cosigners = Cosigners([Known("county", WITNESSES["county"].public, url)], told.append)
        assert cosigners.ask(signed(tiles, size=200), tiles, ["county"]) == {}
    assert "has seen 300 entries and not 200" in told[0]


def test_a_witness_with_another_key_is_told(tiles: Tiles, tmp_path: Path) -> None:
    """A witness that signs with another key than the policy names gives nothing."""
    told = list[str]()
    with served(made(tmp_path / "w", "port")) as (url, _):
        assert Cosigners([Known("county", WITNESSES["county"].public, url)], told.append).ask(signed(tiles), tiles, ["county"]) == {}
    assert "without a signature of the key that the policy names" in told[0]


def test_a_fork_shown_to_two_agencies_is_caught(tmp_path: Path) -> None:
    """The log's owner shows the county one history and the port another, both signed. Neither gets both witnesses, so nobody who asks for both is deceived; and
    as soon as the county's checkpoint comes before the port's witness it is refused, with both checkpoints as evidence of the owner's own hand."""  # noqa: D205, D209
    true, false = (stored(tmp_path / name, entries(50, name)) for name in ("true", "false"))
    county, port = made(tmp_path / "county"), made(tmp_path / "port", "port")
    shown = {}
    for store, witness, name in ((true, county, "county"), (false, port, "port")):
        tiles = Tiles(store.folder, 50)
        line = signature(witness.add(body(tiles, 0, 50), 1_800_000_000)[:-1])
        shown[name] = signed(tiles).signed(line)
    for name, store in (("county", true), ("port", false)):
        data = written(bundle(Tiles(store.folder, 50), [7], shown[name].whole))
        with pytest.raises(NotProved, match=f"only {name} signed"):
            verify(data, policy(2, ["county", "port"]))
        assert verify(data, policy(1, ["county", "port"])).entries.keys() == {7}, "one witness alone would be deceived"
    assert refused(port, body(Tiles(true.folder, 50), 50, 50)).status == 422
    (one,) = port.forks()
    heads = [read(one[which])[0] for which in ("seen", "shown")]
    assert [head.size for head in heads] == [50, 50]
    assert heads[0].root != heads[1].root
    assert json.loads(json.dumps(one))["problem"] == "two roots for one size"
    assert Edge().root != heads[0].root
