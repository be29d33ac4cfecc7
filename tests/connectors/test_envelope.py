"""What is put around a record on its way in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connectors.envelope import LONGEST, Item, envelopes
from schemas.avro import pack
from schemas.document import load
from schemas.models.raw import Raw
from tests.connectors.sample import KEYS, record, source


def enveloped(body: bytes | dict[str, Any], fields: dict[str, str] | None = None, fault: str | None = None, **more: Any) -> list[Raw]:
    """The raw messages of an item of the register."""
    found = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    return list(envelopes(source(**more), Item(found, fields, fault), KEYS))


def test_keeps_the_bytes() -> None:
    """The body is what arrived, byte for byte; token and version come from the record."""
    body = json.dumps(record(7, revision=3), ensure_ascii=False, indent=1).encode()
    (raw,) = enveloped(body)
    assert (raw.body, raw.digest, raw.version, raw.retracts, raw.fault) == (body, KEYS.digest(body), 3, False, None)
    assert raw.record == KEYS.token("record", "register", "N-7")


def test_same_again_is_the_same() -> None:
    """The same bytes give the same message, but for the moment at which they were read."""
    first, again = (enveloped(record(1))[0].model_dump(exclude={"received_at"}) for _ in range(2))
    assert first == again


def test_columns_travel_with_a_row() -> None:
    """A CSV row keeps its columns beside its bytes, for these say nothing without their header."""
    fields = {name: str(value) for name, value in record(1).items()}
    (raw,) = enveloped(b"N-1,1,...", fields)
    assert (raw.body, raw.fields) == (b"N-1,1,...", fields)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"no": ""}, "no: missing"),
        ({"no": None}, "no: missing"),
        ({"no": [1]}, "no: missing"),
        ({"revision": ""}, "revision: expected a whole number"),
        ({"revision": "-1"}, "revision: expected a whole number"),
        ({"revision": "1.0"}, "revision: expected a whole number"),
        ({"revision": "٣"}, "revision: expected a whole number"),
        ({"revision": 10**30}, "at most 18 digits"),
        ({"state": "gone"}, "state: expected one of void, 作废, valid"),
        ({"no": "", "revision": "x", "state": "gone"}, "no: missing; it identifies the record; revision: expected"),
    ],
)
def test_without_identity(change: dict[str, Any], said: str) -> None:
    """A record without usable identity, version or state goes on under its digest, with every reason."""
    (raw,) = enveloped(record(1) | change)
    assert raw.fault is not None
    assert said in raw.fault
    assert (raw.record, raw.version) == (KEYS.token("record", "register", "digest", raw.digest), 1)


@pytest.mark.parametrize(("state", "retracts"), [("void", True), (" VOID ", True), ("作废", True), ("ｖｏｉｄ", True), ("valid", False), ("", False), (None, False)])
def test_retracts(state: str | None, retracts: bool) -> None:
    """A retraction is known however its word is written; an empty state is none."""
    (raw,) = enveloped(record(1, state=state))
    assert (raw.retracts, raw.fault) == (retracts, None)


def test_true_is_a_word() -> None:
    """JSON's true and false are words as JSON writes them."""
    (raw,) = enveloped(record(1, cancelled=True), retracts={"path": "cancelled", "words": ["true"], "stands": ["false"]})
    assert raw.retracts


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ("2020-01-25T10:00:00+08:00", 1579917600000), ("2020/1/25 10:00", 1579917600000), ("2020-01-25", 1579881600000), ("1579917600", 1579917600000),
        ("1579917600000", 1579917600000), ("2020-01-25T10:00:00.005+08:00", 1579917600005), ("2020-01-25 2:00:00Z", 1579917600000),
    ],
)  # fmt: skip
def test_time_as_version(said: str, version: int) -> None:
    """A time as a version is its moment in milliseconds, in whichever of the usual ways it is written."""
    (raw,) = enveloped(record(1, updated=said), version={"path": "updated", "as": "time"})
    assert (raw.version, raw.fault) == (version, None)


@pytest.mark.parametrize("said", ["", "tomorrow", "2020-W01-1", "20200125", "2020-13-01", "2020-01-25T25:00", "１２"])
def test_no_time_as_version(said: str) -> None:
    """What is no time is refused as a version."""
    (raw,) = enveloped(record(1, updated=said), version={"path": "updated", "as": "time"})
    assert raw.fault is not None
    assert "updated: expected a time" in raw.fault


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "not JSON"), (b"[1]", "not a JSON object"), (b'"x"', "not a JSON object"), (b'{"a": NaN}', "NaN is no number"), (b'{"a": 1, "a": 2}', "stands twice"),
        (b'{"a": "\\ud800"}', "lone surrogate"), (b'{"a": "\xff"}', "not UTF-8"), (b"\xef\xbb\xbf{}", "not JSON"), (b'{"a":' * 40 + b"1" + b"}" * 40, "nested"),
        (b'{"a":' * 100_000, "nested"),
    ],
)  # fmt: skip
def test_undecodable(body: bytes, said: str) -> None:
    """What is no JSON object goes on with its bytes and the reason, which repeats nothing of them."""
    found = enveloped(body)
    assert b"".join(raw.body for raw in found) == body
    assert all(said in (raw.fault or "") for raw in found)


def test_too_long_for_a_message() -> None:
    """What is longer than a message may be goes on in parts that hold all of it, each small enough for a broker as it is set by default."""
    body = json.dumps(record(1, remark="长" * LONGEST), ensure_ascii=False).encode()
    found = enveloped(body)
    assert b"".join(raw.body for raw in found) == body
    assert {raw.record for raw in found} == {KEYS.token("record", "register", "digest", raw.digest) for raw in found}
    assert [raw.fault for raw in found][-1] == f"longer than {LONGEST} bytes (part {len(found)} of {len(found)})"
    assert max(len(pack(raw)) for raw in found) < 2**20 - 1024


def test_own_function() -> None:
    """The function of a source makes several records of one item, each with an identity and bytes of its own, which normalise can read."""
    found = enveloped(record(1, guests=["李样本", "杨测试"]), split="tests.connectors.sample:split_guests")
    assert [load(raw.body)["name"] for raw in found] == ["李样本", "杨测试"]
    assert [raw.record for raw in found] == [KEYS.token("record", "register", f"N-1-{number}") for number in (1, 2)]
    assert [raw.digest for raw in found] == [KEYS.digest(raw.body) for raw in found]


def test_own_function_that_keeps_the_item() -> None:
    """What a function passes on unchanged keeps its bytes and columns."""
    fields = {name: str(value) for name, value in record(1).items()}
    (raw,) = enveloped(b"the row", fields, split="tests.connectors.sample:keeps_all")
    assert (raw.body, raw.fields) == (b"the row", fields)


@pytest.mark.parametrize(
    ("split", "change", "said"),
    [
        ("split_guests", {}, "the source's own function failed on it (KeyError)"),
        ("split_guests", {"guests": None}, "the source's own function failed on it (TypeError)"),
        ("makes_numbers", {}, "the source's own function failed on it (ValueError)"),
        ("split_guests", {"guests": []}, "the source's own function found no record in it"),
    ],
)
def test_own_function_that_fails(split: str, change: dict[str, Any], said: str) -> None:
    """An item with which a source's function cannot do anything is refused whole; it neither stops the others nor disappears."""
    (raw,) = enveloped(record(1) | change, split=f"tests.connectors.sample:{split}")
    assert raw.fault == said
    assert raw.body == json.dumps(record(1) | change, ensure_ascii=False).encode()


def test_fault_goes_on() -> None:
    """What the transport could not decode goes on with its reason, even where the bytes alone would pass."""
    (raw,) = enveloped(record(1), fault="no comma after it")
    assert raw.fault == "no comma after it"
