"""The HTTP intake: what is taken, what is refused, and how it is answered."""

from __future__ import annotations

import asyncio
import gzip
import json
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from connectors.transports import answers
from tests.connectors.sample import record
from tests.connectors.transports.serving import PATH, Broker, posted, served


@pytest.mark.parametrize(
    ("data", "kind", "count"),
    [
        (record(1), "application/json", 1), ([record(1), record(2)], "application/json", 2), (b"\xef\xbb\xbf" + json.dumps(record(1)).encode(), "application/json; charset=UTF-8", 1),
        (b"\n".join(json.dumps(record(number)).encode() for number in range(3)) + b"\n\n", "application/x-ndjson", 3),
        (b"\r\n".join(json.dumps(record(number)).encode() for number in range(3)), "application/jsonl", 3),
    ],
)  # fmt: skip
def test_takes(data: object, kind: str, count: int) -> None:
    """One record, an array and JSON Lines are taken with 202; the answer gives each record's token."""
    broker = Broker()
    status, answer, _ = posted(data, broker, {"Content-Type": kind})
    assert status == 202
    assert [item["records"] for item in answer["items"]] == [[raw.record] for raw in broker.held]
    assert len(broker.held) == count
    assert broker.closed == 1


def test_the_bytes_are_kept() -> None:
    """What is published is each record byte for byte."""
    broker = Broker()
    bodies = [json.dumps(record(1), ensure_ascii=False, indent=1), json.dumps(record(2), ensure_ascii=True)]
    posted(f"[ {bodies[0]},\n{bodies[1]} ]".encode(), broker)
    assert [raw.body.decode() for raw in broker.held] == bodies


def test_same_again_is_the_same() -> None:
    """The same request again gives the same answer and publishes the same, but for the moment at which it was read."""
    broker = Broker()
    first, again = (posted([record(1), record(2)], broker) for _ in range(2))
    assert first[:2] == again[:2]
    one, two = ([raw.model_dump(exclude={"received_at"}) for raw in batch] for batch in broker.batches if batch)
    assert one == two


def test_names_every_bad_field_of_every_bad_item() -> None:
    """422 names each bad field of each bad item and repeats no value; the good ones are published, and the bad ones too, for `reject`."""
    broker = Broker()
    bad = [
        record(2, time="gestern", gate="东门", way="sideways", phone="12"),
        record(3, no="", area="", revision="x"),
        record(4, name="", phone=""),
        record(5, state="gone", time=""),
    ]
    status, answer, _ = posted([record(1), *bad, record(6)], broker)
    assert status == 422
    assert [item["accepted"] for item in answer["items"]] == [True, False, False, False, False, True]
    fields = [sorted(problem["field"] for problem in item["problems"]) for item in answer["items"]]
    assert fields == [[], ["gate", "phone", "time", "way"], ["area", "no", "revision"], [""], ["state", "time"], []]
    assert len(broker.held) == 6
    assert not [value for value in ("gestern", "东门", "sideways", "gone", "李样本") if value in json.dumps(answer, ensure_ascii=False)]


@pytest.mark.parametrize(
    ("body", "accepted"),
    [
        (b'[{"no": }, %s]', [False, True]), (b'[1, %s, "x"]', [False, True, False]), (b"[%s", [True, False]), (b"[%s %s]", [False, True]), (b"{'no': 1}\n%s", [False, True]),
        (b'{"no": "\xff"}\n%s', [False, True]), (b'[{"a": 1, "a": 2}, %s]', [False, True]), (b"no,revision\n", [False]), (b'{"a":' * 5000, [False]),
    ],
)  # fmt: skip
def test_what_is_no_json(body: bytes, accepted: list[bool]) -> None:
    """What cannot be decoded is refused item by item, with a reason, and goes to `reject`; what can be is taken."""
    broker = Broker()
    good = json.dumps(record(1)).encode()
    status, answer, _ = posted(body.replace(b"%s", good), broker)
    assert status == 422
    assert [item["accepted"] for item in answer["items"]] == accepted
    assert [raw.fault is None for raw in broker.held] == accepted
    assert all(item["problems"][0]["problem"] for item in answer["items"] if not item["accepted"])


def test_retraction_needs_no_content() -> None:
    """A record that takes itself back is taken without the fields of a whole one, but not without identity."""
    broker = Broker()
    status, answer, _ = posted([{"no": "N-1", "revision": "2", "state": "void"}, {"revision": "2", "state": "void"}], broker)
    assert status == 422
    assert [item["accepted"] for item in answer["items"]] == [True, False]
    assert "no" in [problem["field"] for problem in answer["items"][1]["problems"]]


def test_checks_what_is_published() -> None:
    """Of a source with a function of its own, each record that the function makes is checked, and the item is bad when one is."""
    broker = Broker()
    items = [record(1, guests=["李样本", "杨测试"]), record(2, guests=["李样本", " "], phone=""), record(3, guests="")]
    status, answer, _ = posted(items, broker, split="tests.connectors.sample:split_guests")
    assert status == 422
    assert [(item["accepted"], len(item["records"])) for item in answer["items"]] == [(True, 2), (False, 2), (False, 1)]
    assert answer["items"][2]["problems"] == [{"field": "", "problem": "the source's own function found no record in it"}]


@pytest.mark.parametrize("body", [b"", b" \n ", b"[]", b"[ ]\n"])
def test_no_record(body: bytes) -> None:
    """A body that holds no record is answered 400, and nothing is published."""
    broker = Broker()
    assert posted(body, broker)[0] == 400
    assert not broker.held


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 401), ({"Authorization": "Bearer wrong"}, 401), ({"Authorization": "right"}, 401), ({"Authorization": "Basic right"}, 401), ({"Authorization": "Bearer 右"}, 401),
     ({"Authorization": "Bearer right"}, 202), ({"Authorization": "bearer  right"}, 202)],
)  # fmt: skip
def test_token(headers: dict[str, str], status: int) -> None:
    """Where a token is set, only a request that carries it comes in."""
    broker = Broker()
    found, answer, got = posted(record(1), broker, headers, token="right")
    assert found == status
    assert bool(broker.held) == (status == 202)
    assert status == 202 or (got["WWW-Authenticate"] == "Bearer" and "right" not in json.dumps(answer))


@pytest.mark.parametrize(("token", "status"), [("of-register", 202), ("of-other", 401)])
def test_a_token_opens_its_own_source_alone(token: str, status: int) -> None:
    """With a token for each source, that of another source is as wrong as none; a source without one is shut."""
    broker = Broker()
    assert posted(record(1), broker, {"Authorization": f"Bearer {token}"}, token={"register": "of-register", "other": "of-other"})[0] == status
    assert posted(record(1), broker, {"Authorization": f"Bearer {token}"}, token={"other": "of-other"})[0] == 401


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/v1/sources/nowhere/records", {}, 404), ("/v1/elsewhere", {}, 404), (PATH, {"Content-Type": "text/csv"}, 415), (PATH, {"Content-Type": ""}, 415),
        (PATH, {"Content-Type": "application/json; charset=gb18030"}, 415), (PATH, {"Content-Encoding": "br"}, 415), (PATH, {"Content-Encoding": "gzip"}, 400), ("/healthz", {}, 405),
    ],
)  # fmt: skip
def test_refused_requests(path: str, headers: dict[str, str], status: int) -> None:
    """An unknown source, another content type or encoding, a body that is no gzip, a wrong method: each has its status, and the problem as JSON."""
    broker = Broker()
    found, answer, _ = posted(record(1), broker, headers, path)
    assert found == status
    assert set(answer) == {"problem"}
    assert not broker.held


def test_gzip() -> None:
    """A compressed body is taken, of several members too; one that ends early is refused whole."""
    broker = Broker()
    lines = [json.dumps(record(number)).encode() + b"\n" for number in range(4)]
    packed = gzip.compress(lines[0] + lines[1]) + gzip.compress(lines[2] + lines[3])
    assert posted(packed, broker, {"Content-Encoding": "gzip"})[0] == 202
    assert len(broker.held) == 4
    for cut in (packed[:-1], packed[:-9], packed[: len(packed) // 2 + 3]):
        assert posted(cut, broker, {"Content-Encoding": "gzip"})[0] == 400
    assert len(broker.held) == 4


def test_too_large() -> None:
    """A body over the limit is answered 413, and so is a small one that is over it once unpacked, which is not unpacked further."""
    broker = Broker()
    assert posted(record(1, remark="x" * 3000), broker, max_bytes=2000)[0] == 413
    bomb = gzip.compress(b" " * 50_000_000)
    assert len(bomb) < 60_000
    assert posted(bomb, broker, {"Content-Encoding": "gzip"}, max_bytes=60_000)[0] == 413
    assert posted(gzip.compress(json.dumps(record(1)).encode() + b" " * 500), broker, {"Content-Encoding": "gzip"}, max_bytes=2000)[0] == 202


def test_body_that_does_not_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that does not send its body is answered 408 and holds no place for ever."""
    monkeypatch.setattr(answers, "_BODY_SECONDS", 0.1)

    async def slow() -> Any:
        yield b'{"no": '
        await asyncio.sleep(1)
        yield b"1}"

    async def talk(client: TestClient[Any, Any]) -> None:
        async with client.post(PATH, data=slow(), headers={"Content-Type": "application/json"}) as response:
            assert response.status == 408

    assert not served(talk).held


def test_catalogue() -> None:
    """The sources are listed with what they say, how a record is identified, and an example."""

    async def talk(client: TestClient[Any, Any]) -> None:
        async with client.get("/v1/sources") as response:
            (one,) = await response.json()
        assert (one["source"], one["says_zh"], one["id"]) == ("register", "有人通过。", ["no"])
        assert (await client.post(PATH, json=one["example"])).status == 202

    served(talk)
