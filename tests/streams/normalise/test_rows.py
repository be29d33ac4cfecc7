"""What is kept of a record comes back word for word."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.avro import pack
from schemas.models.identity import Handle, Mention
from schemas.models.record import Record, Scan
from schemas.source import KINDS
from streams.normalise.rows import Due, Said, Seen, Version, due, held, hold, keep, kept, whose, wider
from streams.stage import Emit
from tests.schemas.strategies import values
from tests.streams.trial import token

TOKENS = st.binary(min_size=16, max_size=16).map(bytes.hex)
LONG = st.integers(-(2**63), 2**63 - 1)
TEXT = st.text(st.characters(codec="utf-8"), max_size=40)
VERSIONS = st.builds(
    Version, version=LONG, retracts=st.booleans(), digest=TOKENS | TEXT | TOKENS.map(str.upper), valid=st.booleans(), topic=TEXT,
    replay=st.integers(0, 2**32 - 1), reject=TOKENS | st.just(""),
    partition=st.integers(0, 2**31 - 1), offset=st.integers(0, 2**63 - 1), at=LONG,
)  # fmt: skip


def finite(fact: Record) -> bool:
    """Whether all its numbers are such as `values.number` makes."""
    return all(abs(value) < 10_000 for value in fact.__dict__.values() if isinstance(value, float))


def facts(kind: str) -> st.SearchStrategy[list[Emit]]:
    """Some record facts of a kind, of one source and record, some with a mention."""
    record = st.builds(_record, values(KINDS[kind]).filter(finite), TOKENS, TOKENS, TOKENS, st.none() | TOKENS)
    mention = st.tuples(TOKENS, TEXT, st.lists(st.builds(Handle, alias=TOKENS, reason=TEXT), max_size=6))
    return st.lists(st.tuples(record, st.none() | mention), max_size=3).map(lambda groups: [emit for one, said in groups for emit in _emits(kind, one, said)])


def _record(fact: Record, key: str, cause: str, alias: str, companion_of: str | None) -> Record:
    return fact.model_copy(
        update={"id": key, "retracted": False, "causes": [cause], "alias": alias, "companion_of": companion_of, "source": "door", "record": token("r")}
    )


def _emits(kind: str, fact: Record, said: tuple[str, str, list[Handle]] | None) -> list[Emit]:
    emits = [Emit(f"record.{kind}", fact.alias, fact)]
    if said:
        key, only, handles = said
        mention = Mention(
            id=key, causes=[fact.id], at=fact.at, alias=fact.alias, source=fact.source, handles=handles, only=only, sealed=fact.sealed,
        )  # fmt: skip
        emits.append(Emit("identity.mention", fact.alias, mention))
    return emits


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=40)
@given(st.data())
def test_facts_of_every_kind_come_back(kind: str, data: st.DataObject) -> None:
    """Any record of any kind with any mention: topic, key and every field are as they were, and of the same types."""
    given_ = data.draw(facts(kind))
    found = kept(keep(given_, {}), "door", token("r"))
    assert found == given_
    assert [_typed(emit) for emit in found] == [_typed(emit) for emit in given_]


@pytest.mark.parametrize(("kind", "field"), [("crossing", "known_by"), ("visit", "age_band"), ("lab", "age_band")])
@settings(deadline=None, max_examples=40)
@given(st.data(), st.lists(VERSIONS, min_size=1, max_size=2))
def test_rows_of_before_a_field_was_told_of(kind: str, field: str, data: st.DataObject, versions: list[Version]) -> None:
    """A row whose body ended before a field came is read as one that says nothing of it; every other row stays as it is."""
    given_ = data.draw(facts(kind).filter(bool))
    fact = given_[0].value
    assert isinstance(fact, Record)
    silent = given_[0]._replace(value=fact.model_copy(update={field: None}))
    one = [silent, *(emit for emit in given_[1:2] if isinstance(emit.value, Mention))]
    now = hold(Seen(tuple(versions), keep(one, {})), "door", token("r"))
    at = now.index(kind.encode(), now.index(b"r" + bytes.fromhex(fact.id))) + len(kind)
    long = int.from_bytes(now[at : at + 4], "big")
    assert now[at + 4 + long - 1 : at + 4 + long] == b"\0"
    before = now[:at] + (long - 1).to_bytes(4, "big") + now[at + 4 : at + 4 + long - 1] + now[at + 4 + long :]
    assert list(wider(kind)(b"k", before)) == [(b"k", now)]
    other = hold(Seen(tuple(versions)), "door", token("r"))
    assert list(wider(kind)(b"k", other)) == [(b"k", other)]


def _typed(emit: Emit) -> dict[str, Any]:
    return {name: type(value) for name, value in emit.value.__dict__.items()}


SAID = (Said(b"facts", "scan", 5), Said(b"x", "step", -5), Said(at=5), Said())


def test_the_number_of_a_kind_never_changes() -> None:
    """Rows name kinds by their places in this list, so it only grows at its end."""
    assert list(KINDS) == ["scan", "gate", "visit", "lab", "household", "clockin", "travel", "crossing", "step", "report", "measure", "sale", "stock", "dispatch", "care", "need", "provider", "offer", "screening", "absence", "complaint", "answer", "closure"]


@settings(deadline=None, max_examples=200)
@given(st.lists(VERSIONS, min_size=1, max_size=5), st.sampled_from(SAID), st.sampled_from((token("r"), "no token")))
def test_versions_come_back(versions: list[Version], said: Said, record: str) -> None:
    """Any number of versions, also with digests that are no hexadecimal digits and topics of another source; and whose they are."""
    seen = Seen(tuple(versions), said)
    assert whose(hold(seen, "door", record)) == ("door", record, seen)


def test_a_row_begins_with_what_it_waits_for() -> None:
    """With the kind and the time of what stands; with the time alone where that has expired, or when the last version came."""
    versions = (Version(1, False, token("d"), True, "", 0, 0, 7), Version(2, True, token("e"), True, "", 0, 1, 6))
    rows = [hold(Seen(versions, said), "door", "r") for said in SAID]
    assert [due(row) for row in rows] == [Due("scan", 5), Due("step", -5), Due("", 5), Due("", 7)]


def test_more_versions_than_two_bytes_count() -> None:
    """A source that numbers without end does not stop the stage."""
    seen = Seen(tuple(Version(number, False, token("d"), True, "", 0, number, 0) for number in range(70_000)))
    assert held(hold(seen, "door", "r")) == seen


def test_the_form_is_what_it_was() -> None:
    """The bytes of a row, pinned: whoever changes them gives the stage another version and says how old rows become new ones."""
    scan = Scan(id="1" * 32, causes=["2" * 32], at=5, source="door", record=token("r"), alias="3" * 32, region="5306", sealed=b"s", place="D-1", direction="in")
    handles = [Handle(alias="5" * 32, reason="same account")]
    mention = Mention(id="4" * 32, causes=[scan.id], at=5, alias=scan.alias, source="door", handles=handles, only="resident", sealed=b"s")
    said = keep([Emit("record.scan", scan.alias, scan), Emit("identity.mention", scan.alias, mention)], {scan.alias: 7})
    row = hold(Seen((Version(1, False, "6" * 32, True, "", 2, 3, 4),), said), "door", "7" * 32)
    head = b"\1\0" + bytes([*[0] * 7, 5]) + b"\0\4door\1" + b"\x77" * 16
    version = b"\0\0\0\1" + b"\6" + bytes([*[0] * 7, 1, 0, 0, 0, 2, *[0] * 7, 3, *[0] * 7, 4]) + b"\x66" * 16 + b"\0\0"
    more = pack(scan.model_copy(update={"id": "", "causes": [], "source": "", "record": "", "alias": "", "sealed": b""}))
    fact = b"r" + b"\x11" * 16 + b"\x22" * 16 + b"\x33" * 16 + b"\7" + b"\0\4scan" + len(more).to_bytes(4, "big") + more + b"\0\0\0\1s"
    assert row == head + version + fact + b"m" + b"\x44" * 16 + b"\0\x08resident\1" + b"\x55" * 16 + b"\0\x0csame account"
